"""A listing of tasks that many versions share: each has a place in it, and nothing of it changes.

The tasks of a large one are kept packed: compressed text, of which a few tasks at a time are read when
somebody asks for them. So a hundred thousand take a few megabytes, and nothing that the garbage
collector would have to look through.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import accumulate, islice
from threading import Lock
from typing import Protocol
from weakref import WeakValueDictionary

from fdtui.core.strictjson import dumps
from fdtui.core.task import Task

BLOCK = 64
"""Tasks that are packed together."""
MAX_READ = 24
"""Blocks of which the text is kept once it has been unpacked."""
MAX_PLACES = 1 << 14
"""Keys whose places are kept once they have been looked up."""
UNPACKABLE = (ValueError, TypeError, RecursionError)
"""What writing a value raises that cannot be written."""
_LEVEL = 1
_encode_plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_decoder = json.JSONDecoder(parse_float=Decimal)
_decode = _decoder.decode


class TaskList(Protocol):
    """What `fdtui.core.task_map.TaskMap` asks of a listing. May be used from any thread."""

    def __len__(self) -> int: ...

    def at(self, place: int) -> Task:
        """The task at that place: the same object for as long as somebody holds it."""
        ...

    def key_at(self, place: int) -> str:
        """The key of the task at that place."""
        ...

    def place(self, key: str) -> int | None:
        """The place of the task of that key."""
        ...

    def block(self, number: int) -> list[Task]:
        """The tasks of a block, for one reading: not the objects that `at` answers."""
        ...

    def held(self) -> list[Task]:
        """The tasks that somebody may hold."""
        ...

    @property
    def lanes(self) -> Mapping[str, array[int]]:
        """The places of each stage's tasks in order, the stages by their first task."""
        ...


class PlainTasks:
    """A listing of tasks as objects, for a few of them."""

    def __init__(self, tasks: dict[str, Task]) -> None:
        """``tasks`` is not copied: whoever gives it away changes it no more."""
        self._tasks = tasks
        self._all: list[Task] | None = None
        self._places: dict[str, int] | None = None
        self._lanes: dict[str, array[int]] | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    def _listed(self) -> list[Task]:
        if self._all is None:
            self._all = list(self._tasks.values())
        return self._all

    def at(self, place: int) -> Task:
        """See `TaskList.at`."""
        return self._listed()[place]

    def key_at(self, place: int) -> str:
        """See `TaskList.key_at`."""
        return self._listed()[place].key

    def place(self, key: str) -> int | None:
        """See `TaskList.place`."""
        if self._places is None:
            self._places = {each: place for place, each in enumerate(self._tasks)}
        return self._places.get(key)

    def block(self, number: int) -> list[Task]:
        """See `TaskList.block`."""
        return self._listed()[number * BLOCK : (number + 1) * BLOCK]

    def held(self) -> list[Task]:
        """See `TaskList.held`."""
        return self._listed()

    @property
    def lanes(self) -> Mapping[str, array[int]]:
        """See `TaskList.lanes`."""
        if self._lanes is None:
            self._lanes = _lanes_of(task.stage for task in self._listed())
        return self._lanes


class PackedTasks:
    """A listing of tasks as compressed text, with an index by key and the places of each stage."""

    def __init__(
        self,
        text: bytes,
        ends: array[int],
        index: tuple[array[int], array[int]],
        lanes: Mapping[str, array[int]],
    ) -> None:
        """``text`` is that of all blocks, which end at ``ends``.

        The ``index`` holds the checksums of all keys in order, and the place of each. Raises
        `ValueError` where the parts cannot belong together.
        """
        self.text, self.ends, self.index, self.lanes = text, ends, index, lanes
        sums, places = index
        self._count = len(sums)
        are_whole = len(places) == self._count == sum(map(len, lanes.values()))
        if not are_whole or len(ends) != -(-self._count // BLOCK) or (ends and ends[-1] != len(text)):
            raise ValueError("The parts of the packed tasks do not fit.")
        self._view = memoryview(text)
        self._read: dict[int, list[str]] = {}
        self._held: WeakValueDictionary[int, Task] = WeakValueDictionary()
        self._places: dict[str, int] = {}
        """Those that were asked for lately."""
        self._lock = Lock()

    def __len__(self) -> int:
        return self._count

    def at(self, place: int) -> Task:
        """See `TaskList.at`."""
        with self._lock:
            task = self._held.get(place)
            if task is None:
                task = self._held[place] = task_of(self._line(place))
            return task

    def key_at(self, place: int) -> str:
        """See `TaskList.key_at`."""
        with self._lock:
            line = self._line(place)
        key: str = _decoder.raw_decode(line, 1)[0]
        return key

    def place(self, key: str) -> int | None:
        """See `TaskList.place`."""
        known = self._places.get(key)
        if known is not None:
            return known
        sums, places = self.index
        checksum = _sum_of(key)
        at = bisect_left(sums, checksum)
        while at < self._count and sums[at] == checksum:
            if self.key_at(places[at]) == key:
                if len(self._places) >= MAX_PLACES:
                    self._places = {}
                self._places[key] = places[at]
                return places[at]
            at += 1
        return None

    def block(self, number: int) -> list[Task]:
        """See `TaskList.block`."""
        return [task_of(line) for line in self._unpacked(number)]

    def hold(self, task: Task, place: int) -> None:
        """Let ``task``, which is equal to the one at that place, be the one."""
        with self._lock:
            self._held[place] = task

    def held(self) -> list[Task]:
        """See `TaskList.held`."""
        with self._lock:
            return list(self._held.values())

    def _line(self, place: int) -> str:
        number, at = divmod(place, BLOCK)
        lines = self._read.get(number)
        if lines is None:
            if len(self._read) >= MAX_READ:
                del self._read[next(iter(self._read))]
            lines = self._read[number] = self._unpacked(number)
        return lines[at]

    def _unpacked(self, number: int) -> list[str]:
        begin = self.ends[number - 1] if number else 0
        text = zlib.decompress(self._view[begin : self.ends[number]])
        return text.decode("utf-8", "surrogatepass").split("\n")


def packed(tasks: Iterable[Task]) -> tuple[PackedTasks, dict[int, Task]]:
    """``tasks``, in their order, and those by their places that cannot be packed."""
    left: dict[int, Task] = {}
    stages: list[str] = []
    sums = array("I")
    blocks: list[bytes] = []
    source = enumerate(tasks)
    while few := list(islice(source, BLOCK)):
        lines: list[str] = []
        for place, task in few:
            line = line_of(task)
            if line is None:
                left[place] = task
                line = dumps([task.key, None, "", {}])
            lines.append(line)
            sums.append(_sum_of(task.key))
            stages.append(task.stage)
        blocks.append(zlib.compress("\n".join(lines).encode("utf-8", "surrogatepass"), _LEVEL))
    order = array("I", sorted(range(len(sums)), key=sums.__getitem__))
    index = array("I", map(sums.__getitem__, order)), order
    ends = array("I", accumulate(map(len, blocks)))
    return PackedTasks(b"".join(blocks), ends, index, _lanes_of(stages)), left


def line_of(task: Task) -> str | None:
    """``task`` as a line of text; ``None`` for one that cannot be written."""
    parts = [task.key, task.uid, task.problem, dict(task.row)]
    try:
        return _encode_plain(parts)
    except TypeError:
        try:
            return dumps(parts)  # it holds a fraction
        except UNPACKABLE:
            return None
    except UNPACKABLE:
        return None


def task_of(line: str) -> Task:
    """The task that `line_of` wrote; raises `ValueError`, `TypeError` for any other text."""
    key, uid, problem, row = _decode(line)
    return Task(key, key if uid == key else uid, row, problem)


def _sum_of(key: str) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass"))


def _lanes_of(stages: Iterable[str]) -> dict[str, array[int]]:
    lanes: dict[str, array[int]] = {}
    for place, stage in enumerate(stages):
        lane = lanes.get(stage)
        if lane is None:
            lane = lanes[stage] = array("I")
        lane.append(place)
    return lanes
