"""One line for each change that the user made: the task, where it is now, the key that takes it back.

What was changed last can be followed: the cursor goes where it is now.
"""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.frozen import frozen
from fdtui.core.intents import (
    EDITS,
    AddChecklistItem,
    AddComment,
    AssignTask,
    CreateTask,
    DeleteTask,
    Intent,
    LinkTask,
    MoveTask,
    RemoveFile,
    RemoveItem,
    SetFields,
    TickItem,
    inverse,
)
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import STAGE
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.changes import made_of
from fdtui.tui.board.model import BoardModel
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan, person_of, title_of
from fdtui.tui.presentation.runs import since
from fdtui.tui.toolkit.cells import cut, width_of

NAME_CELLS = 40
"""Cells for the title of the task at most."""
READABLE_CELLS = 8
"""Cells of the title that no key is named at the expense of."""
PLACE_CELLS = 30
"""Cells for the name of a stage, a person or a field at most."""
FRAME_CELLS = 4
"""Cells of the message line beside what is said, and its sign."""

_REMARKED: dict[type, str] = {
    AddComment: ": comment added",
    AddChecklistItem: ": checklist item added",
    TickItem: ": checklist item changed",
    RemoveItem: ": checklist item deleted",
}
"""What has become of a task to which something was added, behind its name."""


@frozen
class _Due:
    ticket: int
    intent: Intent


class ChangeAnswers:
    """Waits until nothing lies over the board, so that a form's change is answered where it is seen.

    Only changes behind the ticket ``known`` are answered.
    ``is_quiet`` says whether nothing has been said since the last key, ``is_clear`` whether the board
    is uncovered.
    """

    def __init__(
        self,
        host: Host,
        model: BoardModel,
        *,
        known: int,
        is_quiet: Callable[[], bool],
        is_clear: Callable[[], bool],
    ) -> None:
        self._host, self._model = host, model
        self._is_quiet, self._is_clear = is_quiet, is_clear
        self._due: _Due | None = None
        self._last = known
        """The ticket that was answered last, or need not be."""
        self._changed = ""
        """The key of the task that was changed last; empty for none of this workflow."""

    def on_state(self, before: State, state: State) -> None:
        """See what the user has changed, and answer it."""
        if before.workflow != state.workflow:
            self._changed = ""
        self._changed = made_of(self._changed, before, state) or self._changed
        if ended := since(before.runs, state.runs):
            self._changed = ended[-1].key
        pending = state.pending[-1] if state.pending else None
        if pending is not None and not pending.is_foreign and pending.ticket > self._last:
            self._last = pending.ticket
            batch = state.batch
            of_many = batch is not None and any(each.ticket == pending.ticket for each in batch.items)
            # A deletion says itself what becomes of it.
            is_answered = not isinstance(pending.intent, DeleteTask) and not of_many
            self._due = _Due(pending.ticket, pending.intent) if is_answered else None
            self._changed = pending.key
            if is_answered and not pending.undoes:
                self._take_along(pending.intent, state)
        due = self._due
        if due is None or not self._is_clear():
            return
        self._due = None
        if state.refusal(due.ticket) is None and self._is_quiet():
            self._answer(due.intent, state)

    def _take_along(self, intent: Intent, state: State) -> None:
        """Put the cursor on a task that was made, or moved where the user wants to follow."""
        is_followed = self._host.look.follow and isinstance(intent, MoveTask)
        if isinstance(intent, CreateTask) and state.workflow is not None:
            self._model.expect(state.workflow.id, intent.key)
        if is_followed or isinstance(intent, CreateTask):
            self._host.go_to(intent.key)

    # Following what was changed last

    def why_not_follow(self) -> str:
        """Why the cursor cannot go to the task that was changed last; empty if it can."""
        if not self._changed:
            return "You have not changed a task of this workflow yet."
        task = self._host.state.shown.get(self._changed)
        if task is None:
            return "The task that you changed last is no longer on the board."
        hidden = why_hidden(task, self._model)
        return f"{self._host.label(task, NAME_CELLS)} is {hidden}." if hidden else ""

    def follow(self) -> None:
        """Put the cursor on the task that was changed last."""
        self._host.go_to(self._changed)

    # What is said

    def _answer(self, intent: Intent, state: State) -> None:
        host, task = self._host, state.shown.get(intent.key)
        can_undo = isinstance(intent, (*EDITS, CreateTask)) or inverse(intent, {}) is not None
        key = host.key_of("board.undo") if can_undo else ""
        way = host.key_of("cursor.follow")
        is_away = task is not None and not self._is_under_cursor(intent.key)
        words = answer_words(
            intent,
            state,
            self._model.plan,
            width=host.app.size.width,
            hints=(
                f"{key} undo" if key else "",
                f"{way} follow" if way and is_away and self._can_follow() else "",
            ),
            hidden=why_hidden(task, self._model) if task is not None and is_away else "",
        )
        if words:
            host.notify(words)

    def _is_under_cursor(self, key: str) -> bool:
        current = self._model.current
        return current is not None and current.key == key

    def _can_follow(self) -> bool:
        """Whether the key that follows would do so now."""
        given = self._host.focus.command("cursor.follow")
        return given is not None and not given.layer.refuses(given.command)


def why_hidden(task: Task, model: BoardModel) -> str:
    """What hides a task, as a word behind its name; empty where it stands in a column."""
    column = next((each for each in model.columns if each.stage.name == task.stage), None)
    if column is None:
        return f"hidden with the end stage {quoted(task.stage)}"
    return "" if column.tasks.row_of(task.key) is not None else "hidden by the filter"


def answer_words(
    intent: Intent,
    state: State,
    plan: CardPlan,
    *,
    width: int,
    hints: tuple[str, ...] = (),
    hidden: str = "",
    prefix: str = "",
) -> str:
    """A change in one line of a screen of ``width`` cells; empty where its task or words are unknown.

    The title is cut first, then ``hints``, the keys that may follow, are left out from the last.
    """
    task = state.shown.get(intent.key)
    if isinstance(intent, CreateTask) and task is None:  # it is there, under its unique id
        task = Task(intent.key, None, dict(intent.values))
    glyphs = plan.glyphs
    outcome = _outcome(intent, task, state, plan) if task is not None else ""
    if task is None or not outcome:
        return ""
    outcome += f", {hidden}" if hidden else ""
    shown = [each for each in hints if each]
    while True:
        behind = "".join(f" {glyphs.middot} {each}" for each in shown)
        room = width - FRAME_CELLS - width_of(prefix) - width_of(outcome) - width_of(behind)
        if room >= READABLE_CELLS or not shown:
            break
        shown.pop()
    name = cut(title_of(task, plan), min(NAME_CELLS, max(READABLE_CELLS, room)), glyphs.cut)
    return f"{prefix}{name}{outcome}{behind}"


def _outcome(intent: Intent, task: Task, state: State, plan: CardPlan) -> str:
    """What has become of the task, behind its name; empty where that is said elsewhere."""
    arrow = f" {plan.glyphs.arrow} "
    match intent:
        case MoveTask():
            return arrow + _short(intent.stage, plan)
        case AssignTask(email=None):
            return ": unassigned"
        case AssignTask():
            return arrow + _short(person_of(intent.email or "", state.schema).name, plan)
        case SetFields(values=((name, _),)):
            return f": {_short(name, plan)} changed"
        case SetFields():
            return f": {len(intent.values)} fields changed"
        case CreateTask():
            stage = str(task.row.get(STAGE) or "")
            return arrow + _short(stage, plan) if stage else ": made"
        case LinkTask():
            return f": {'linked to' if intent.linked else 'unlinked from'} {_short(intent.uid, plan)}"
        case RemoveFile():
            return f": {_short(intent.filename or 'file', plan)} removed"
        case _:
            return _REMARKED.get(type(intent), "")


def _short(text: str, plan: CardPlan) -> str:
    return cut(safe(text[:200]), PLACE_CELLS, plan.glyphs.cut)
