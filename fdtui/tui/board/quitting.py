"""Leaving the board: what is kept needs no question; what would end with the program does."""

from __future__ import annotations

from fdtui.core.state import ConnectionState
from fdtui.tui.board.host import BoardHost
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.placeholder import Placeholder

SEND_AT_END_TIMEOUT = 2.0
"""Seconds that changes which are being sent have to arrive."""


class Quitting:
    """Ends the program on the user's wish."""

    def __init__(self, host: BoardHost, small: Placeholder) -> None:
        """``small`` is all that is seen where there is no room for a question."""
        self._host, self._small = host, small
        self._is_leaving = self._is_asking = False
        self._told = 0
        """How many changes are not sent, as it was said where there is no room to ask."""

    def quit(self) -> None:
        """Leave; asks first while something would be lost by it."""
        host, count = self._host, self._host.session.unsent
        if not count:
            self._leave()
        elif host.is_small:
            self._quit_unasked(count)
        elif not self._is_asking:
            host.run(self._ask(count))

    def _quit_unasked(self, count: int) -> None:
        """Quit where there is no room for a question: the second time, once it was said what waits."""
        if self._told == count:
            self._host.app.exit()
            return
        self._told = count
        self._small.show_text(f"{count} not sent", "once more quits")

    def _leave(self) -> None:
        """Leave; what is on its way just now has a moment to arrive, the rest is sent another time."""
        host, waiting = self._host, len(self._host.session.waiting)
        is_live = host.state.connection is ConnectionState.LIVE
        if self._is_leaving or not waiting or not is_live:
            host.app.exit()
            return

        async def leave() -> None:
            await host.session.waiting.drain(SEND_AT_END_TIMEOUT)
            host.app.exit()

        self._is_leaving = True
        host.notify(f"Sending {waiting} change{'' if waiting == 1 else 's'}…")
        host.run(leave())

    async def _ask(self, count: int) -> None:
        from fdtui.tui.toolkit.question import Question  # noqa: PLC0415 - few ends need it

        host = self._host
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
