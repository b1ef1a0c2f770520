"""Undo and redo on one board."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.intents import CreateTask
from fdtui.tui.board.model import BoardModel
from fdtui.tui.host import Host


class UndoCommands:
    """Takes back what was done, and does it again."""

    def __init__(self, host: Host, model: BoardModel) -> None:
        self._host, self._model = host, model

    def _go_to_made(self, known: set[int]) -> None:
        """Put the cursor on a task that comes back, and leave it there once it has its unique id."""
        host = self._host
        workflow, pending = host.state.workflow, host.session.state.pending
        made = [
            each for each in pending if each.ticket not in known and isinstance(each.intent, CreateTask)
        ]
        if made and workflow is not None:
            self._model.goal = (workflow.id, made[-1].key)

    def undo(self, count: int) -> None:
        """Take back what was done last, ``count`` times."""
        session = self._host.session
        self._go(count, lambda: session.can_undo, session.undo, "undo", "Undone")

    def redo(self, count: int) -> None:
        """Do again what was undone last, ``count`` times."""
        session = self._host.session
        self._go(count, lambda: session.can_redo, session.redo, "redo", "Redone")

    def _go(
        self, count: int, can: Callable[[], str], go: Callable[[], str], verb: str, done: str
    ) -> None:
        if not can():
            self._host.notify(f"There is nothing to {verb}.")
            return
        told: list[str] = []
        known = {pending.ticket for pending in self._host.session.state.pending}
        while len(told) < count and can() and (each := go()):
            told.append(each)
        self._go_to_made(known)
        if told:
            more = f" {len(told)} of {count}: that was all." if len(told) < count else ""
            back = self._host.key_of("board.redo" if verb == "undo" else "board.undo")
            way = f" {back} to {'redo' if verb == 'undo' else 'undo'}." if back and not more else ""
            self._host.notify(f"{done}: {'; '.join(told[-3:])}.{more}{way}")
