"""All cards of a board put in order, a few at a time, and kept in order while they change."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from heapq import merge
from math import fsum

from fdtui.core.grouping import CardGroup, GroupOrder, GroupSection
from fdtui.core.ordering import RowOrder
from fdtui.core.search_pass import Where
from fdtui.core.task import Task
from fdtui.core.task_list import BLOCK
from fdtui.core.task_map import TaskMap

RUN = 1024
"""Cards that are sorted at once; the runs of a long column are merged a few cards at a time."""
_PLACE_BYTES = 4
"""Bytes of a place, which a card's key ends with: equal cards stay as they are listed."""
_NO_PLACES = array("I")


class SortPass:
    """One order of the cards of each column.

    A card's key is a few bytes, so the order of a column is a list of those; a change of one task
    is two searches in it.
    """

    def __init__(self, tasks: TaskMap, order: RowOrder) -> None:
        self.order = order
        self._tasks = tasks
        self._keys: dict[str, list[bytes]] = {}
        """The keys of each stage's cards, in order as soon as it is over."""
        self._lanes: dict[str, array[int]] = {}
        """The places in the same order; an array that is here is changed no more."""
        self._late: dict[int, str | None] = {}
        """Places that changed before it was over, with the stage of the task that is there now."""
        self._groups = order if isinstance(order, GroupOrder) else None
        self._spans: dict[str, tuple[tuple[CardGroup, int, int], ...]] = {}
        """Of each stage whose cards were asked for, which of them are in which group."""
        self._numbers = array("d")
        """By place, what a card adds to the sum of its group."""
        self._left: Iterator[int] | None = self._in_turn(tasks)

    @property
    def is_over(self) -> bool:
        """Whether all cards are in order."""
        return self._left is None

    def go_on(self, most: int | None) -> int:
        """Look at this many of the cards that are left, or a few more; answers how many it were."""
        count = 0
        for looked_at in self._left or ():
            count += looked_at
            if most is not None and count >= most:
                return count
        self._left = None
        return count

    def lane(self, stage: str) -> array[int]:
        """The places of the tasks in a stage, in order."""
        return self._lanes.get(stage, _NO_PLACES)

    def shown(self, stage: str, places: array[int]) -> tuple[array[int], tuple[GroupSection, ...]]:
        """Those of a stage that are among ``places``, in order, and the groups that they are in."""
        ordered = self.lane(stage)
        wanted = None if len(places) == len(ordered) else set(places)
        if self._groups is None:
            return (ordered if wanted is None else _among(ordered, wanted)), ()
        if stage not in self._spans:
            self._spans[stage] = tuple(self._groups.spans(self._keys.get(stage, ())))
        made, sections = array("I"), list[GroupSection]()
        for group, start, end in self._spans[stage]:
            part = ordered[start:end] if wanted is None else _among(ordered[start:end], wanted)
            if part:
                summed = self._groups.summed
                total = self._sum(part) if summed is not None else 0.0
                sections.append(GroupSection(group, len(made), len(made) + len(part), total, summed))
                made.extend(part)
        return made, tuple(sections)

    def _sum(self, places: Iterable[int]) -> float:
        return fsum(map(self._numbers.__getitem__, places))

    def follow(self, tasks: TaskMap, left: Iterable[Where], come: Iterable[Where]) -> None:
        """Take another version of the tasks: who left a place in a stage, and who came to one."""
        before, self._tasks = self._tasks, tasks
        if not self.is_over:
            self._late.update((place, None) for place, _ in left)
            self._late.update(come)
            return
        for place, stage in left:
            self._drop(stage, self._key(before.at(place), place))
        for place, stage in come:
            self._put(stage, self._key(tasks.at(place), place))

    def _key(self, task: Task, place: int) -> bytes:
        if self._groups is not None and self._groups.summed is not None:
            if place >= len(self._numbers):
                self._numbers.extend([0.0] * (place + 1 - len(self._numbers)))
            self._numbers[place] = self._groups.number(task.row)
        return self.order.of(task.row) + place.to_bytes(_PLACE_BYTES, "big")

    def _drop(self, stage: str, key: bytes) -> None:
        self._spans.pop(stage, None)
        keys = self._keys.get(stage, [])
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            lane = self._lanes[stage] = self._lanes[stage][:]
            del keys[at], lane[at]

    def _put(self, stage: str, key: bytes) -> None:
        self._spans.pop(stage, None)
        keys = self._keys.setdefault(stage, [])
        at = bisect_left(keys, key)
        lane = self._lanes[stage] = self._lanes.get(stage, _NO_PLACES)[:]
        keys.insert(at, key)
        lane.insert(at, _place_of(key))

    def _in_turn(self, tasks: TaskMap) -> Iterator[int]:
        """Sort; answers again and again how many cards were looked at."""
        runs: dict[str, list[list[bytes]]] = {}
        for few in _blocks(tasks):
            for place, task in few:
                if place not in self._late:
                    of_stage = runs.setdefault(task.stage, [[]])
                    if len(of_stage[-1]) >= RUN:
                        of_stage.append([])
                    of_stage[-1].append(self._key(task, place))
            yield len(few)
        for stage, of_stage in runs.items():
            for run in of_stage:
                run.sort()
                yield RUN // 4
            yield from self._merge(stage, of_stage)
        for place, now in self._late.items():
            self._correct(place, now)

    def _merge(self, stage: str, runs: list[list[bytes]]) -> Iterator[int]:
        keys, lane = list[bytes](), array("I")
        for key in merge(*runs):
            keys.append(key)
            lane.append(_place_of(key))
            if not len(keys) % BLOCK:
                yield BLOCK // 4
        self._keys[stage], self._lanes[stage] = keys, lane

    def _correct(self, place: int, now: str | None) -> None:
        """Put a card where it belongs by now that has changed meanwhile."""
        for stage, lane in self._lanes.items():
            if place in lane:
                at = lane.index(place)
                self._drop(stage, self._keys[stage][at])
        if now is not None:
            self._put(now, self._key(self._tasks.at(place), place))


def _among(places: array[int], wanted: set[int]) -> array[int]:
    return array("I", (place for place in places if place in wanted))


def _place_of(key: bytes) -> int:
    return int.from_bytes(key[-_PLACE_BYTES:], "big")


def _blocks(tasks: TaskMap) -> Iterator[list[tuple[int, Task]]]:
    """The tasks with their places, a block at a time; those that differ from the listing at last."""
    shared, apart = tasks.shared, tasks.apart
    hidden = set(tasks.gone.values()) | apart.keys()
    for number in range(-(-len(shared) // BLOCK)):
        block = enumerate(shared.block(number), number * BLOCK)
        yield [(place, task) for place, task in block if place not in hidden]
    yield list(apart.items())
