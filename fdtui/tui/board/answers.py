"""One line for each change that the user made: the task, where it is now, the key that takes it back."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.frozen import frozen
from fdtui.core.intents import AssignTask, CreateTask, Intent, MoveTask, SetFields
from fdtui.core.safetext import safe
from fdtui.core.schema import STAGE
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan, person_of, title_of
from fdtui.tui.toolkit.cells import cut

NAME_CELLS = 40
"""Cells for the title of the task."""
ANSWERED = (MoveTask, AssignTask, SetFields, CreateTask)
"""What is answered here; whatever else changes a task says so itself."""


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
        plan: Callable[[], CardPlan],
        *,
        known: int,
        is_quiet: Callable[[], bool],
        is_clear: Callable[[], bool],
    ) -> None:
        self._host, self._plan = host, plan
        self._is_quiet, self._is_clear = is_quiet, is_clear
        self._due: _Due | None = None
        self._last = known
        """The ticket that was answered last, or need not be."""

    def on_state(self, state: State) -> None:
        """See what the user has changed, and answer it."""
        pending = state.pending[-1] if state.pending else None
        if pending is not None and not pending.is_foreign and pending.ticket > self._last:
            self._last = pending.ticket
            batch = state.batch
            of_many = batch is not None and any(each.ticket == pending.ticket for each in batch.items)
            is_answered = isinstance(pending.intent, ANSWERED) and not of_many
            self._due = _Due(pending.ticket, pending.intent) if is_answered else None
        due = self._due
        if due is None or not self._is_clear():
            return
        self._due = None
        if state.refusal(due.ticket) is None and self._is_quiet():
            self._answer(due.intent, state)

    def _answer(self, intent: Intent, state: State) -> None:
        task = state.shown.get(intent.key)
        if isinstance(intent, CreateTask) and task is None:  # it is there, under its unique id
            task = Task(intent.key, None, dict(intent.values))
        if task is None:
            return
        glyphs = self._host.look.glyphs
        name = cut(title_of(task, self._plan()), NAME_CELLS, glyphs.cut)
        key = self._host.key_of("board.undo")
        undo = f" {glyphs.middot} {key} undo" if key else ""
        self._host.notify(f"{name}{self._outcome(intent, task, state)}{undo}")

    def _outcome(self, intent: Intent, task: Task, state: State) -> str:
        """What has become of the task, behind its name."""
        arrow = f" {self._host.look.glyphs.arrow} "
        match intent:
            case MoveTask():
                return f"{arrow}{safe(intent.stage)}"
            case AssignTask(email=None):
                return ": unassigned"
            case AssignTask():
                return f"{arrow}{safe(person_of(intent.email or '', state.schema).name)}"
            case SetFields(values=((name, _),)):
                return f": {safe(name[:40])} changed"
            case SetFields():
                return f": {len(intent.values)} fields changed"
            case _:
                stage = str(task.row.get(STAGE) or "")
                return f"{arrow}{safe(stage)}" if stage else ": made"
