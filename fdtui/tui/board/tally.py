"""Counts cards behind several queries in slices, while nothing else is to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from time import thread_time
from typing import TypeAlias

from fdtui.core.query import Predicate
from fdtui.core.task import Task
from fdtui.core.uncollected import uncollected

SLICE, BREAK = 0.004, 0.004
"""Seconds of counting, and those between two slices, in which a key can come."""
AT_FIRST = 0.06
"""Seconds after the last key before the counting begins: who types on needs no numbers."""
_FEW = 50
"""Cards between two looks at the clock."""


Tests: TypeAlias = tuple[Predicate | None, Mapping[str, Predicate]]
"""What every task that counts must pass, and the tests by name."""


class _Counter:
    def __init__(
        self, tasks: Iterator[Task], rest: Predicate | None, tests: Mapping[str, Predicate]
    ) -> None:
        self._tasks, self._rest, self._tests = tasks, rest, tuple(tests.items())
        self.counts = dict.fromkeys(tests, 0)

    def count(self, seconds: float) -> bool:
        """Go on for this long; whether all are counted."""
        until = thread_time() + seconds
        with uncollected():
            while thread_time() < until:
                few = list(islice(self._tasks, _FEW))
                for task in few:
                    self._add(task)
                if len(few) < _FEW:
                    return True
        return False

    def _add(self, task: Task) -> None:
        if self._rest is None or self._rest(task):
            for name, test in self._tests:
                if test(task):
                    self.counts[name] += 1


class Tally:
    """Has one count under way at most; ``is_busy`` says that something else comes first."""

    def __init__(self, is_busy: Callable[[], bool] = lambda: False) -> None:
        self._is_busy = is_busy
        self._timer: asyncio.TimerHandle | None = None

    def begin(
        self,
        tasks: Iterator[Task],
        made: Callable[[], Tests],
        told: Callable[[Mapping[str, int]], None],
        after: float | None = None,
    ) -> None:
        """Count the tasks that pass each of the tests, which are ``made`` when it begins.

        ``told`` gets the numbers by their names. It begins ``after`` some seconds, by default when the
        user has paused.
        """
        self.end()
        counter: _Counter | None = None

        def go_on() -> None:
            nonlocal counter
            self._timer = None
            if not self._is_busy():
                counter = counter or _Counter(tasks, *made())
                if counter.count(SLICE):
                    told(counter.counts)
                    return
            self._timer = asyncio.get_running_loop().call_later(BREAK, go_on)

        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(AT_FIRST if after is None else after, go_on)

    def end(self) -> None:
        """Count no further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
