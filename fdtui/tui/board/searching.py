"""Filters and sorts a large board in slices, so that no key waits for all of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen

SLICE = 0.004
"""Seconds of searching between two looks whether a key has come."""
PAUSE = 0.001
"""Seconds in which a key can come."""
DRAW_EVERY = 0.1
"""Seconds between two frames that show what has been found by then."""


class Searching:
    """Goes on with the search of one board until it is through."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._timer: asyncio.TimerHandle | None = None
        self._drawn = 0.0

    def go_on(self) -> None:
        """The board was drawn: look through what is left, a little later."""
        deck = self._board.deck
        if (deck.is_searching or deck.is_sorting) and self._timer is None:
            loop = asyncio.get_running_loop()
            self._drawn = loop.time()
            self._timer = loop.call_later(PAUSE, self._look)

    def _look(self) -> None:
        loop, deck = asyncio.get_running_loop(), self._board.deck
        self._timer = None
        if not deck.is_searching:
            self._put_in_order()
            return
        is_due = loop.time() - self._drawn >= DRAW_EVERY
        deck.search(SLICE, is_shown=is_due)
        if deck.is_searching and not is_due:
            self._timer = loop.call_later(PAUSE, self._look)
            return
        self._tell()
        self._board.draw()

    def _put_in_order(self) -> None:
        """Nobody waits for an order: until it is through, keys are for the cards as they stand."""
        self._board.deck.put_in_order(SLICE)
        if self._board.deck.is_sorting:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._look)
        else:
            self._board.draw()

    def finish(self) -> None:
        """Find all there is now: what comes next is for all cards that the filter leaves."""
        if self._board.deck.is_searching:
            self.end()
            self._board.deck.search()
            self._tell()
            self._board.draw()

    def _tell(self) -> None:
        from fdtui.tui.board.filter import FilterBar  # noqa: PLC0415  # not before the first filter

        if not self._board.deck.is_searching and isinstance(self._board.overlay, FilterBar):
            self._board.overlay.found(self._board.deck.counts[0])

    def end(self) -> None:
        """Search no further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
