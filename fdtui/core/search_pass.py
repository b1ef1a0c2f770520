"""A filter held against all cards of a board, a few at a time, and kept up to date while they change.

What a task is found by is kept as compressed text, many tasks together, so that the next letter costs
a look into each of these and not into each task.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from itertools import islice
from typing import Protocol, TypeAlias

from fdtui.core.schema import Schema
from fdtui.core.search import MARKS, CardReader, is_found
from fdtui.core.task import Task
from fdtui.core.task_list import BLOCK, TaskList
from fdtui.core.task_map import TaskMap

Where: TypeAlias = tuple[int, str]
"""A place, and the stage of the task that is there."""
IN_TURN = 16
"""ColumnCards of a column that are looked at before it is the next one's turn."""
BETWEEN = MARKS[1]
_NONE: frozenset[int] = frozenset()


class Matcher(Protocol):
    """Tells which tasks a filter leaves."""

    def in_block(self, number: int) -> Set[int]:
        """The places of those in a block of the listing."""
        ...

    def is_found(self, place: int, task: Task) -> bool:
        """Whether it leaves ``task``, which is not as in the listing."""
        ...


class CardTexts:
    """What the tasks of one listing are found by, and those that are not as in it."""

    def __init__(self, shared: TaskList, schema: Schema) -> None:
        self.shared, self.schema = shared, schema
        self._reader = CardReader(schema)
        self._blocks: dict[int, bytes] = {}
        self._apart: dict[int, tuple[Task, str]] = {}

    def of_block(self, number: int) -> str:
        """The texts of a block's tasks in one, with `BETWEEN` between them."""
        known = self._blocks.get(number)
        if known is not None:
            return zlib.decompress(known).decode("utf-8", "surrogatepass")
        text = BETWEEN.join(map(self._reader.text_of, self.shared.block(number)))
        self._blocks[number] = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
        return text

    def of_task(self, place: int, task: Task) -> str:
        """The text of a task that is not as in the listing."""
        known = self._apart.get(place)
        if known is None or known[0] is not task:
            known = self._apart[place] = (task, self._reader.text_of(task))
        return known[1]


class WordMatcher:
    """Leaves the tasks that hold all words, wherever they stand, and of these what ``rest`` leaves."""

    def __init__(
        self, texts: CardTexts, words: tuple[str, ...], rest: Callable[[Task], bool] | None = None
    ) -> None:
        self._texts, self._words, self._rest = texts, words, rest

    def in_block(self, number: int) -> Set[int]:
        """See `Matcher.in_block`."""
        text, words, rest = self._texts.of_block(number), self._words, self._rest
        if not all(word in text for word in words):
            return _NONE
        texts = enumerate(text.split(BETWEEN))
        found = [at for at, each in texts if is_found(each, words)]
        if rest is not None and found:
            tasks = self._texts.shared.block(number)
            found = [at for at in found if rest(tasks[at])]
        return {number * BLOCK + at for at in found}

    def is_found(self, place: int, task: Task) -> bool:
        """See `Matcher.is_found`."""
        holds = is_found(self._texts.of_task(place, task), self._words)
        return holds and (self._rest is None or self._rest(task))


class PassMatcher:
    """Leaves the tasks that pass a test, which reads each of them."""

    def __init__(self, shared: TaskList, passes: Callable[[Task], bool]) -> None:
        self._shared, self._passes = shared, passes

    def in_block(self, number: int) -> Set[int]:
        """See `Matcher.in_block`."""
        tasks, passes = enumerate(self._shared.block(number), number * BLOCK), self._passes
        return {place for place, task in tasks if passes(task)}

    def is_found(self, place: int, task: Task) -> bool:
        """See `Matcher.is_found`."""
        return self._passes(task)


class SearchPass:
    """One filter, held against the cards at the top of each column first."""

    def __init__(self, tasks: TaskMap, lanes: Mapping[str, array[int]], matcher: Matcher) -> None:
        self._tasks, self._matcher = tasks, matcher
        self._found = {stage: array("I") for stage in lanes}
        self._searched: dict[int, Set[int]] = {}
        """What was found in a block, until the cards of all columns have been looked at."""
        self._moved: set[int] = set()
        """Places that `follow` has looked at."""
        self._left: Iterator[int] | None = self._in_order(lanes)

    @property
    def is_over(self) -> bool:
        """Whether the filter has been held against all cards."""
        return self._left is None

    def go_on(self, most: int | None) -> None:
        """Hold the filter against this many of the cards that are left, or a few more."""
        if self._left is None:
            return
        count = 0
        for searched in self._left:
            count += searched
            if most is not None and count >= most:
                return
        self._left = None
        self._searched.clear()

    def found(self, stage: str) -> array[int]:
        """The places of the tasks in a stage that are found by now."""
        return self._found.get(stage, _NOTHING)[:]

    def follow(self, tasks: TaskMap, left: Iterable[Where], come: Iterable[Where]) -> None:
        """Take another version of the tasks: who left a place in a stage, and who came to one."""
        self._tasks = tasks
        for place, stage in left:
            self._moved.add(place)
            lane = self._found.get(stage, _NOTHING)
            at = bisect_left(lane, place)
            if at < len(lane) and lane[at] == place:
                del lane[at]
        for place, stage in come:
            self._moved.add(place)
            if self._matcher.is_found(place, tasks.at(place)):
                insort(self._found.setdefault(stage, array("I")), place)

    def _in_order(self, lanes: Mapping[str, array[int]]) -> Iterator[int]:
        """Search; answers again and again how many cards were looked at."""
        rows = [(self._found[stage], iter(lane)) for stage, lane in lanes.items()]
        while rows:
            left: list[tuple[array[int], Iterator[int]]] = []
            for found, row in rows:
                few = list(islice(row, IN_TURN))
                for place in few:
                    yield from self._look(place, found)
                if len(few) == IN_TURN:
                    left.append((found, row))
                yield 1
            rows = left

    def _look(self, place: int, found: array[int]) -> Iterator[int]:
        apart, number = self._tasks.apart.get(place), place // BLOCK
        if place in self._moved:
            return
        if apart is not None:
            is_found = self._matcher.is_found(place, apart)
            yield 1
        else:
            if number not in self._searched:
                self._searched[number] = self._matcher.in_block(number)
                yield BLOCK
            is_found = place in self._searched[number]
        if is_found and place not in self._moved:
            insort(found, place)


_NOTHING = array("I")
