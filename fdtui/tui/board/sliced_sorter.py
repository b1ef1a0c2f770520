"""The columns of one board, filtered and sorted for a few milliseconds at a time."""

from __future__ import annotations

from math import inf
from time import thread_time

from fdtui.core.sorting import BoardSorter
from fdtui.core.uncollected import uncollected

CARDS_AT_ONCE = 50
"""Cards between two looks at the clock."""


class SlicedSorter(BoardSorter):
    """Goes on for as long as it is given, or until it is through."""

    def search_for(self, seconds: float | None) -> None:
        """Hold the filter against more cards."""
        until = inf if seconds is None else thread_time() + seconds
        with uncollected():
            self.search(CARDS_AT_ONCE)
            while self.is_searching and thread_time() < until:
                self.search(CARDS_AT_ONCE)

    def sort_for(self, seconds: float | None) -> None:
        """Put more cards in order."""
        until = inf if seconds is None else thread_time() + seconds
        with uncollected():
            while self.is_sorting and thread_time() < until:
                self.sort(CARDS_AT_ONCE)
