"""Looks for tasks while one types, in slices, so that no key waits for a large board."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from time import thread_time

from fdtui.core.task_search import FoundTask, SearchedBoard, TaskSearch
from fdtui.core.uncollected import uncollected

FIRST_FIND = 0.004
"""Seconds of looking before what was found is shown for the first time."""
FIND_SLICE = 0.004
"""Seconds of looking between two chances for a key."""
TYPING_PAUSE = 0.001
"""Seconds in which a key can come."""
LIST_EVERY = 0.1
"""Seconds between two lists of what has been found by then."""
TASKS_AT_ONCE = 64
"""Tasks between two looks at the clock."""


class TaskFinder:
    """The search for one text over the boards that are known by now."""

    def __init__(self, found: Callable[[], object]) -> None:
        """``found`` is called when there is more to show."""
        self._found = found
        self._boards: list[SearchedBoard] = []
        self._search = TaskSearch((), "")
        self._timer: asyncio.TimerHandle | None = None
        self._shown = 0.0

    @property
    def tasks(self) -> list[FoundTask]:
        """What was found by now."""
        return self._search.found

    @property
    def is_over(self) -> bool:
        """Whether all known boards have been looked through."""
        return self._search.is_over

    def know(self, *boards: SearchedBoard) -> None:
        """Search these boards, too, behind those that are known already."""
        self._boards += boards
        for board in boards:
            self._search.add(board)
        self._begin()

    def look_for(self, text: str) -> None:
        """Look for another text; the first moments of it at once."""
        self.end()
        self._search = TaskSearch(self._boards, text)
        self._begin()

    def _begin(self) -> None:
        self._look(FIRST_FIND)
        if not self.is_over and self._timer is None:
            loop = asyncio.get_running_loop()
            self._shown = loop.time()
            self._timer = loop.call_later(TYPING_PAUSE, self._go_on)

    def _look(self, seconds: float) -> None:
        until = thread_time() + seconds
        with uncollected():
            self._search.go_on(TASKS_AT_ONCE)
            while not self.is_over and thread_time() < until:
                self._search.go_on(TASKS_AT_ONCE)

    def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        self._look(FIND_SLICE)
        if not self.is_over:
            self._timer = loop.call_later(TYPING_PAUSE, self._go_on)
        if self.is_over or loop.time() - self._shown >= LIST_EVERY:
            self._shown = loop.time()
            self._found()

    def finish(self) -> None:
        """Find all there is now."""
        if not self.is_over:
            self.end()
            self._look(inf)

    def end(self) -> None:
        """Look no further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
