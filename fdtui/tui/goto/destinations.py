"""What one can go to, and how it stands in the list. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from fdtui.core.frozen import frozen
from fdtui.core.fuzzy import fuzzy
from fdtui.core.names import plain, same_email
from fdtui.core.schema import Person, Schema, WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task, title_of
from fdtui.core.task_search import FoundTask
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import initials_of, person_role
from fdtui.tui.presentation.stages import stage_role
from fdtui.tui.toolkit.cells import Piece, width_of
from fdtui.tui.toolkit.item import Item

OFTEN = 3.0
"""What the rank of something gains that one went to lately."""
MAX_SHOWN = 200
"""Destinations that are listed at most."""


LEAST_FIT = 1.2
"""The rank for each letter typed that letters apart from each other must reach: initials do."""
SIGN_CELLS = 2


class DestinationKind(StrEnum):
    """What a destination is; the word stands beside it."""

    TASK = "task"
    PERSON = "person"
    VIEW = "view"
    WORKFLOW = "workflow"
    FIELD = "field"
    COMMAND = "command"


SIGNS = {"#": DestinationKind.TASK, "@": DestinationKind.PERSON, ">": DestinationKind.COMMAND}
"""What, typed first, leaves one kind only."""


@frozen
class Destination:
    """One thing to go to; two with the same ``where`` are the same."""

    kind: DestinationKind
    id: str
    text: str
    note: str = ""
    words: str = ""
    """What it is found by besides its text and note."""
    workflow: str = ""
    """The id of a task's workflow."""
    sign: Piece = ("", "dim")
    why_not: str = ""

    @property
    def where(self) -> tuple[DestinationKind, str, str]:
        """What tells it from all others."""
        return self.kind, self.workflow, self.id

    @property
    def item(self) -> Item:
        """It as the list has it."""
        name = "\0".join(self.where)
        text, role = self.sign
        sign = (text + " " * (SIGN_CELLS - width_of(text)), role)
        return Item(name, self.text, self.note, words=self.words, why_not=self.why_not, sign=sign)


@frozen
class Ranked:
    """A destination that fits what was typed, and the letters of its text that do."""

    destination: Destination
    rank: float
    places: tuple[int, ...] = ()


def of_task(
    task: Task, schema: Schema, workflow: WorkflowRef, glyphs: Glyphs, *, elsewhere: bool
) -> Destination:
    """A task, with its stage, or the workflow where it is of another one."""
    stages = [each.name for each in schema.stages]
    at = stages.index(task.stage) if task.stage in stages else -1
    role = stage_role(schema.stages[at], at) if at >= 0 else "warn"
    uid = task.uid if schema.title is not None and task.uid else ""
    where = workflow.name if elsewhere else task.stage or "no stage"
    note = f" {glyphs.middot} ".join(part for part in (uid, where) if part)
    title = title_of(task, schema, "(untitled)")[:500]
    return Destination(DestinationKind.TASK, task.key, title, note, "", workflow.id, (glyphs.dot, role))


def people_of(state: State) -> list[Destination]:
    """Each person, the user first."""
    mine = [each for each in state.schema.people if same_email(each.email, state.me)]
    others = sorted(
        (each for each in state.schema.people if each not in mine), key=lambda each: each.name.casefold()
    )
    return [_of_person(each, is_me=each in mine) for each in (*mine, *others)]


def _of_person(person: Person, *, is_me: bool) -> Destination:
    note = "you" if is_me else "person"
    sign = (initials_of(person), person_role(person.email))
    return Destination(DestinationKind.PERSON, person.email, person.name, note, person.email, sign=sign)


def views_of(names: Sequence[str], workflow: str, glyphs: Glyphs) -> list[Destination]:
    """The views of the workflow on the board, each by the place of its tab."""
    sign = (glyphs.hollow, "accent")
    return [
        Destination(DestinationKind.VIEW, str(tab), name, "view", workflow=workflow, sign=sign)
        for tab, name in enumerate(names)
    ]


def workflows_of(state: State, glyphs: Glyphs) -> list[Destination]:
    """Each workflow that is not on the board."""
    return [
        Destination(
            DestinationKind.WORKFLOW, each.id, each.name, "workflow", sign=(glyphs.arrow, "accent")
        )
        for each in state.workflows
        if each.id != state.workflow_id
    ]


def fields_of(state: State, task: Task | None, glyphs: Glyphs) -> list[Destination]:
    """Each field of the card under the cursor."""
    if task is None:
        return []
    return [
        Destination(DestinationKind.FIELD, each.name, each.name, "field", sign=(glyphs.middot, "dim"))
        for each in state.schema.fields
    ]


def commands_of(items: Iterable[Item], glyphs: Glyphs) -> list[Destination]:
    """The commands as the palette has them."""
    return [
        Destination(
            DestinationKind.COMMAND,
            each.id,
            each.text,
            each.note,
            each.words,
            sign=(glyphs.more, "dim"),
            why_not=each.why_not,
        )
        for each in items
    ]


def asked(typed: str) -> tuple[DestinationKind | None, str]:
    """The one kind that is asked for, if any, and the text to look for."""
    text = typed.strip()
    kind = SIGNS.get(text[:1])
    return (kind, text[1:].strip()) if kind is not None else (None, text)


def ranked(
    typed: str,
    standing: Sequence[Destination],
    tasks: Iterable[FoundTask],
    recent: Sequence[Destination],
    *,
    glyphs: Glyphs,
    here: str,
) -> list[Ranked]:
    """What fits, the best first: of ``standing`` what is known at once, and the ``tasks`` found so far.

    Without a text: what one went to lately, then everything that is no task. ``here`` is the workflow
    on the board.
    """
    kind, text = asked(typed)
    lately = {each.where for each in recent}
    if not text:
        rest = (each for each in standing if each.where not in lately)
        every = [Ranked(each, 0.0) for each in (*recent, *rest) if kind in (None, each.kind)]
        return every[:MAX_SHOWN]
    found = [each for destination in standing if (each := _fitting(text, destination, kind)) is not None]
    if kind in (None, DestinationKind.TASK):
        found += [
            Ranked(
                of_task(
                    each.task,
                    each.board.schema,
                    each.board.workflow,
                    glyphs,
                    elsewhere=each.board.workflow.id != here,
                ),
                each.rank,
                each.places,
            )
            for each in tasks
        ]
    found.sort(key=lambda each: -each.rank - (OFTEN if each.destination.where in lately else 0))
    return found[:MAX_SHOWN]


def _fitting(text: str, destination: Destination, kind: DestinationKind | None) -> Ranked | None:
    """How well it fits; of an e-mail or the id of a command a part must be typed as it is."""
    if kind not in (None, destination.kind):
        return None
    by_text = fuzzy(text, destination.text[:500])
    if by_text is not None and by_text[0] >= LEAST_FIT * len(text.replace(" ", "")):
        return Ranked(destination, *by_text)
    has_part = plain(text) in plain(destination.words[:500])
    return Ranked(destination, LEAST_FIT * len(text)) if has_part else None
