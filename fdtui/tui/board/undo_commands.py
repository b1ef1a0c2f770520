"""Undo and redo on one board."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fdtui.core.intents import CreateTask, Intent
from fdtui.tui.board.answers import answer_words, why_hidden
from fdtui.tui.board.model import BoardModel
from fdtui.tui.host import Host


class UndoCommands:
    """Takes back what was done, and does it again; the cursor goes to the task that this is about."""

    def __init__(self, host: Host, model: BoardModel) -> None:
        self._host, self._model = host, model

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
        pending = self._host.session.state.pending
        intents = [each.intent for each in pending if each.ticket not in known and not each.is_foreign]
        self._go_to(intents)
        if told:
            self._say(intents, told, count, verb, done)

    def _go_to(self, intents: Sequence[Intent]) -> None:
        """Put the cursor on the task, on one that comes back as soon as it is there.

        Among several that changed as one it stays, if it is on one of them.
        """
        host, workflow = self._host, self._host.state.workflow
        made = [each.key for each in intents if isinstance(each, CreateTask)]
        if made and workflow is not None:
            self._model.expect(workflow.id, made[-1])
        host.catch_up()
        keys = [each.key for each in intents]
        current = self._model.current
        if len(set(keys)) > 1 and current is not None and current.key in keys:
            return
        for key in made[-1:] or reversed(keys):
            if host.go_to(key):
                return

    def _say(
        self, intents: Sequence[Intent], told: Sequence[str], count: int, verb: str, done: str
    ) -> None:
        host = self._host
        more = f" {len(told)} of {count}: that was all." if len(told) < count else ""
        opposite = "redo" if verb == "undo" else "undo"
        key = host.key_of(f"board.{opposite}")
        hint = f"{key} {opposite}" if key and not more else ""
        words = ""
        if len(intents) == len(told) == 1 and not more:
            words = answer_words(
                intents[0],
                host.state,
                self._model.plan,
                width=host.app.size.width,
                hints=(hint,),
                hidden=self._hidden(intents[0]),
                prefix=f"{done}: ",
            )
        behind = f" {host.look.glyphs.middot} {hint}" if hint else ""
        host.notify(words or f"{done}: {'; '.join(told[-3:])}{'.' if more else behind}{more}")

    def _hidden(self, intent: Intent) -> str:
        task = self._host.state.shown.get(intent.key)
        return why_hidden(task, self._model) if task is not None else ""
