"""Leaving the board: what is kept needs no question; what would end with the program does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.state import ConnectionState
from fdtui.tui.toolkit.item import Item

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen

LAST_MOMENT = 2.0
"""Seconds that changes which are being sent have to arrive."""


class Quitting:
    """Ends the program on the user's wish."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._is_leaving = self._is_asking = False

    def quit(self) -> None:
        """Leave; asks first while something would be lost by it."""
        board, count = self._board, self._board.session.unsent
        if not count:
            self._leave()
        elif board.is_small:
            board.gate.quit_unasked(count)
        elif not self._is_asking:
            board.host.run(self._ask(count))

    def _leave(self) -> None:
        """Leave; what is on its way just now has a moment to arrive, the rest is sent another time."""
        board, waiting = self._board, len(self._board.session.waiting)
        is_live = board.state.connection is ConnectionState.LIVE
        if self._is_leaving or not waiting or not is_live:
            board.app.exit()
            return

        async def leave() -> None:
            await board.session.waiting.drain(LAST_MOMENT)
            board.app.exit()

        self._is_leaving = True
        board.show_notice(f"Sending {waiting} change{'' if waiting == 1 else 's'}…")
        board.host.run(leave())

    async def _ask(self, count: int) -> None:
        from fdtui.tui.toolkit.question import Question  # noqa: PLC0415 - few ends need it

        host = self._board.host
        items = [
            Item("stay", "Stay", note=f"s {host.key_of('question.close')}".strip(), letter="s"),
            Item("wait", "Wait until all is done, then quit", note="w", letter="w"),
            Item("quit", "Quit anyway", note="q", letter="q"),
        ]
        files = sum(not each.is_over for each in host.state.transfers)
        told = [f"{files} {'file' if files == 1 else 'files'} on the way"] if files else []
        if changes := max(0, count - files):
            told.insert(0, f"{changes} change{'' if changes == 1 else 's'} not sent yet")
        self._is_asking = True
        try:
            choice = await host.ask(Question(f"{', '.join(told)}. Quit?", items, host.look.glyphs))
        finally:
            self._is_asking = False
        if choice == "quit":
            host.app.exit()
        elif choice == "wait":
            host.notify("Quitting as soon as everything is sent.")
            await host.session.idle()
            host.app.exit()
