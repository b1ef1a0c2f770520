"""Does the last change again, to another card or to all selected ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from fdtui.core.intents import AddChecklistItem, AssignTask, Intent, MoveTask, SetFields
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.confirm import confirm

if TYPE_CHECKING:
    from fdtui.tui.board.host import BoardHost
    from fdtui.tui.board.model import BoardModel

REPEATABLE = (MoveTask, AssignTask, SetFields, AddChecklistItem)
"""Changes that mean the same on any card; links, files and comments belong to one."""


def aimed(intent: Intent, task: Task) -> Intent:
    """The same change of ``task``."""
    if isinstance(intent, SetFields):
        return replace(intent, key=task.key, seen=())
    if isinstance(intent, AddChecklistItem):
        return replace(intent, key=task.key, stage=task.stage)
    return replace(intent, key=task.key)


def _is_so(intent: Intent, task: Task) -> bool:
    """Whether the change would change nothing."""
    if not isinstance(intent, MoveTask | AssignTask | SetFields):
        return False
    return all(task.row.get(name) == value for name, value in intent.changes(task).items())


class Repeat:
    """Remembers the last change of one board."""

    def __init__(
        self, host: BoardHost, model: BoardModel, known: int, is_single: Callable[[], bool]
    ) -> None:
        """Changes up to the ticket ``known`` were made before the board was opened.

        ``is_single`` says whether commands are for one task, whatever is selected.
        """
        self._is_single = is_single
        self._host, self._model = host, model
        self._last_ticket = known
        self._last: Intent | None = None

    def on_state(self, before: State, state: State) -> None:
        """See what the user has changed; a change of another workflow's fields means nothing here."""
        if before.workflow != state.workflow:
            self._last = None
        for pending in reversed(state.pending):
            if pending.ticket <= self._last_ticket:
                return
            if not pending.is_foreign and not pending.undoes and isinstance(pending.intent, REPEATABLE):
                self._last, self._last_ticket = pending.intent, pending.ticket
                return

    def give(self) -> None:
        """Do it again."""
        host, selection = self._host, self._model.selection
        if self._last is None:
            host.notify("Nothing to repeat yet: change a card first.")
        elif selection and not self._is_single():
            shown = host.state.shown
            host.run(self._to_many(self._last, [shown[key] for key in selection if key in shown]))
        elif (task := host.current) is not None:
            if _is_so(self._last, task):
                host.notify(f"{host.label(task)} is so already: {safe(self._last.sentence())}.")
            else:
                host.session.perform(aimed(self._last, task), seen=host.state)

    async def _to_many(self, intent: Intent, tasks: list[Task]) -> None:
        host, words = self._host, safe(intent.sentence())
        count = f"{len(tasks)} task{'' if len(tasks) == 1 else 's'}"
        listed = [host.label(task) for task in tasks]
        question = f"Repeat on {count}: {words}?"
        if await confirm(host, question, yes="Repeat it", no="Keep them", listed=listed):
            host.session.perform_all((aimed(intent, task) for task in tasks), seen=host.state)
            self._model.selection.clear()
            host.draw()
