"""Filters and sorts a large board in slices, so that no key waits for all of it."""

from __future__ import annotations

import asyncio

from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel

SEARCH_SLICE = 0.004
"""Seconds of searching between two looks whether a key has come."""
KEY_PAUSE = 0.001
"""Seconds in which a key can come."""
DRAW_EVERY = 0.1
"""Seconds between two frames that show what has been found by then."""


class Searching:
    """Goes on with the search of one board until it is through."""

    def __init__(self, host: BoardHost, model: BoardModel) -> None:
        self._host, self._model = host, model
        self._timer: asyncio.TimerHandle | None = None
        self._drawn = 0.0

    def go_on(self) -> None:
        """The board was drawn: look through what is left, a little later."""
        model = self._model
        if (model.is_searching or model.is_sorting) and self._timer is None:
            loop = asyncio.get_running_loop()
            self._drawn = loop.time()
            self._timer = loop.call_later(KEY_PAUSE, self._look)

    def _look(self) -> None:
        loop, model = asyncio.get_running_loop(), self._model
        self._timer = None
        if not model.is_searching:
            self._put_in_order()
            return
        is_due = loop.time() - self._drawn >= DRAW_EVERY
        model.search(SEARCH_SLICE, is_shown=is_due)
        if model.is_searching and not is_due:
            self._timer = loop.call_later(KEY_PAUSE, self._look)
            return
        self._tell()
        self._host.draw()

    def _put_in_order(self) -> None:
        """Nobody waits for an order: until it is through, keys are for the cards as they stand."""
        self._model.put_in_order(SEARCH_SLICE)
        if self._model.is_sorting:
            self._timer = asyncio.get_running_loop().call_later(KEY_PAUSE, self._look)
        else:
            self._host.draw()

    def finish(self) -> None:
        """Find all there is now: what comes next is for all cards that the filter leaves."""
        if self._model.is_searching:
            self.end()
            self._model.search()
            self._tell()
            self._host.draw()

    def _tell(self) -> None:
        from fdtui.tui.board.filter import FilterBar  # noqa: PLC0415  # not before the first filter

        if not self._model.is_searching and isinstance(self._host.overlay, FilterBar):
            self._host.overlay.found(self._model.counts[0])

    def end(self) -> None:
        """Search no further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
