"""What a card shows of a task, and where. Pure: whatever comes from outside is `safe`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

from fdtui.core.fields import check, show
from fdtui.core.moments import day_of
from fdtui.core.names import meaning
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Person, Schema
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.tui.preferences import Glyphs, Look
from fdtui.tui.presentation.density import Density, density_named
from fdtui.tui.toolkit.cells import cut

MAX_LINE = 512
"""Letters of a value that are looked at for one line; no card is wider."""


@dataclass(frozen=True)
class CardPlan:
    """Which fields of a workflow stand where on its cards; made once per schema and look."""

    schema: Schema
    glyphs: Glyphs
    density: Density
    title: Field | None
    priority: Field | None
    """The field whose option stands before the title as a sign."""
    facts: tuple[Field, ...]
    due: Field | None
    files: tuple[str, ...]
    text: Field | None
    """The long text that fills the lines which a short title leaves."""


def plan_card(schema: Schema, look: Look, density: Density | None = None) -> CardPlan:
    """The plan for the cards of a workflow as the user wants to see them.

    Without a ``density`` it is the one that the user chose, or what stands for ``auto``.
    """
    chosen = schema.named(look.title) if look.title else None
    if look.card_fields is None:
        facts = tuple(each for each in schema.card_facts if each.type != FieldType.NUMBER)
    else:
        facts = tuple(each for name in look.card_fields if (each := schema.named(name)))
    return CardPlan(
        schema=schema,
        glyphs=look.glyphs,
        density=density or density_named(look.density),
        title=chosen or schema.title,
        priority=schema.priority,
        facts=facts,
        due=schema.corner_date,
        files=tuple(each.name for each in schema.fields if each.type == FieldType.FILE),
        text=next((each for each in schema.fields if each.type == FieldType.LONG_TEXT), None),
    )


def title_of(task: Task, plan: CardPlan) -> str:
    """The card's title: its field, else the unique id, else a word that says there is none."""
    if plan.title is not None:
        text = line_of(plan.title, task.row.get(plan.title.name)).strip()
        if text:
            return text
    return safe((task.uid or "(untitled)")[:MAX_LINE])


def line_of(field: Field, value: Value) -> str:
    """A value on one line, safe; empty where there is none."""
    if isinstance(value, str) and len(value) > MAX_LINE:
        value = value[:MAX_LINE]
    return safe(show(field, value)[:MAX_LINE])


def due_of(task: Task, plan: CardPlan) -> date | None:
    """The day that stands in the card's corner."""
    return None if plan.due is None else day_of(plan.due, task.row.get(plan.due.name))


def person_of(email: str, schema: Schema) -> Person:
    """The person with that e-mail, known or not."""
    return schema.person(email) or Person(email)


_EMAIL_FIELD = Field("", FieldType.EMAIL)


def person_meant(who: str, schema: Schema) -> Person | None:
    """The person that ``who`` names, by e-mail or by the full name that only one has.

    An e-mail is a person's, known or not; ``None`` for what else acts: a key, a sync.
    """
    found = schema.person(who)
    if found is None and "@" in who and not check(_EMAIL_FIELD, who):
        found = Person(who)
    if found is not None:
        return found
    wanted = meaning(who)
    named = [each for each in schema.people if meaning(each.name) == wanted and each.first_name]
    return named[0] if len(named) == 1 else None


def person_role(email: str) -> str:
    """The role of a person's initials: a hue that stays theirs from run to run."""
    return f"bold person{zlib.crc32(email.lower().encode('utf-8', 'surrogatepass')) % 8}"


def initials_of(person: Person) -> str:
    """Two safe letters at the most, which cover four cells at the most."""
    return cut(safe(person.initials), 4, "")
