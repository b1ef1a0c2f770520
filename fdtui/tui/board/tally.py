"""Counts cards behind several queries in slices, while nothing else is to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from time import thread_time

from fdtui.core.query import Predicate
from fdtui.core.task import Task
from fdtui.core.uncollected import uncollected

SLICE, BREAK = 0.004, 0.004
"""Seconds of counting, and those between two slices, in which a key can come."""
AT_FIRST = 0.06
"""Seconds after the last key before the counting begins: who types on needs no numbers."""
_FEW = 50
"""Cards between two looks at the clock."""


class Tally:
    """Has one count under way at most; ``is_busy`` says that something else comes first."""

    def __init__(self, is_busy: Callable[[], bool] = lambda: False) -> None:
        self._is_busy = is_busy
        self._timer: asyncio.TimerHandle | None = None

    def begin(
        self,
        tasks: Iterator[Task],
        rest: Predicate | None,
        tests: Mapping[str, Predicate],
        told: Callable[[Mapping[str, int]], None],
        after: float = AT_FIRST,
    ) -> None:
        """Count the tasks that pass ``rest`` and each of the tests; ``told`` gets the numbers."""
        self.end()
        counts = dict.fromkeys(tests, 0)
        each_test = tuple(tests.items())

        def count(task: Task) -> None:
            if rest is None or rest(task):
                for name, test in each_test:
                    if test(task):
                        counts[name] += 1

        def go_on() -> None:
            loop, until = asyncio.get_running_loop(), thread_time() + SLICE
            self._timer = None
            is_over = False
            if not self._is_busy():
                with uncollected():
                    while not is_over and thread_time() < until:
                        few = list(islice(tasks, _FEW))
                        is_over = len(few) < _FEW
                        for task in few:
                            count(task)
            if is_over:
                told(counts)
            else:
                self._timer = loop.call_later(BREAK, go_on)

        self._timer = asyncio.get_running_loop().call_later(after, go_on)

    def end(self) -> None:
        """Count no further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
