"""Tasks by key and in order, as a value: a new version shares with the old one what is the same.

A board of a hundred thousand tasks changes one by one. A version is a listing, which many versions
share, and the few tasks that differ from it, so that a change and the comparison of two versions cost
what has changed and not what there is.

Each task has a *place*: that in the listing, or for one that came later one behind all others. Places
rise in the order of the tasks, and a task keeps its own from version to version.
"""

from __future__ import annotations

from array import array
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Set, ValuesView
from itertools import chain
from typing import TypeVar, overload
from weakref import ReferenceType, ref

from fdtui.core.task import Task
from fdtui.core.task_list import BLOCK, PackedTasks, PlainTasks, TaskList, packed

T = TypeVar("T")

MOST_APART = 1000
"""Tasks that may differ from the shared ones before all are put together again."""
PART_APART = 16
"""And in a large board: the part of all tasks that may differ."""
LONGEST_WAY = 64
"""Versions between two whose differences are looked for one after the other."""


class TaskMap(Mapping[str, Task]):
    """Never changed; `with_changes` makes the next version."""

    __slots__ = ("__weakref__", "_apart", "_count", "_gone", "_next", "_placed", "_since", "shared")

    def __init__(self, shared: dict[str, Task] | TaskList | None = None) -> None:
        """``shared`` is not copied: whoever gives it away changes it no more."""
        self.shared: TaskList = PlainTasks(shared or {}) if isinstance(shared, dict | None) else shared
        self._apart: dict[int, Task] = {}
        """Tasks that are not as in the shared ones, by place; those that came later in their order."""
        self._placed: dict[str, int] = {}
        """The places of these."""
        self._gone: dict[str, int] = {}
        """The places of shared tasks that are gone, or have come again at another place."""
        self._next = self._count = len(self.shared)
        self._since: tuple[ReferenceType[TaskMap], tuple[str, ...]] | None = None
        """An earlier version, and the keys in which this one may differ from it."""

    @classmethod
    def of(cls, tasks: Mapping[str, Task]) -> TaskMap:
        """``tasks`` itself where it is one already, else a copy."""
        return tasks if isinstance(tasks, TaskMap) else cls(dict(tasks))

    @classmethod
    def packed(cls, tasks: Mapping[str, Task]) -> TaskMap:
        """``tasks`` in little memory; takes a while for many."""
        listed, left = packed(tasks.values())
        return cls.restored(listed, left, {})

    @classmethod
    def restored(cls, shared: TaskList, apart: Mapping[int, Task], gone: Mapping[str, int]) -> TaskMap:
        """A version of ``shared`` as it is told by `apart` and `gone`."""
        made = cls(shared)
        made._apart, made._gone = dict(sorted(apart.items())), dict(gone)
        made._placed = {task.key: place for place, task in made._apart.items()}
        hidden = set(gone.values())
        made._count += sum(place >= len(shared) or place in hidden for place in apart) - len(hidden)
        made._next = max(made._next, max(made._apart, default=-1) + 1)
        return made

    def repacked(self) -> TaskMap:
        """The same tasks, of which none differs from the listing; takes a while for many."""
        made = TaskMap.packed(self)
        made.hold(self.held())
        return made.since(self, ())

    @property
    def apart(self) -> Mapping[int, Task]:
        """The tasks by place that are not as in the shared listing."""
        return self._apart

    @property
    def gone(self) -> Mapping[str, int]:
        """The keys of the listing that are gone or have come again elsewhere, and their places."""
        return self._gone

    @property
    def is_far_apart(self) -> bool:
        """Whether more tasks differ from the listing than a version should hold."""
        return len(self._apart) + len(self._gone) > max(MOST_APART, len(self.shared) // PART_APART)

    @property
    def is_packed(self) -> bool:
        """Whether the listing is kept in little memory, so that each task has to be read."""
        return isinstance(self.shared, PackedTasks)

    def glanced(self) -> Iterator[Task]:
        """The tasks in order for one reading: not the objects that the mapping holds."""
        hidden, size = set(self._gone.values()), len(self.shared)
        for number in range(-(-size // BLOCK)):
            for place, task in enumerate(self.shared.block(number), number * BLOCK):
                if place in self._apart:
                    yield self._apart[place]
                elif place not in hidden:
                    yield task
        yield from (task for place, task in self._apart.items() if place >= size)

    def held(self) -> Iterator[Task]:
        """The tasks that somebody may hold."""
        yield from (task for task in self.shared.held() if self.place(task.key) not in self._apart)
        yield from self._apart.values()

    def hold(self, tasks: Iterable[Task]) -> None:
        """Let each of ``tasks`` be the object that stands for its equal."""
        for task in tasks:
            place = self.place(task.key)
            if place is not None and place not in self._apart and isinstance(self.shared, PackedTasks):
                self.shared.hold(task, place)

    def shares_with(self, other: Mapping[str, Task]) -> bool:
        """Whether ``other`` is a version of the same listing."""
        return isinstance(other, TaskMap) and other.shared is self.shared

    def since(self, before: TaskMap, keys: tuple[str, ...]) -> TaskMap:
        """This version, told apart: it differs from ``before`` in no more than these keys."""
        self._since = ref(before), keys
        return self

    def follows(self, before: Mapping[str, Task]) -> bool:
        """Whether this version is of the same listing, or told how it differs from one that is."""
        earlier = self._since[0]() if self._since is not None else None
        return self.shares_with(before) or (earlier is not None and earlier.shares_with(before))

    def with_changes(
        self,
        fresh: Mapping[str, Task],
        gone: Set[str] = frozenset(),
        renamed: Mapping[str, str] | None = None,
    ) -> TaskMap:
        """Without ``gone``, and with ``fresh``: in place where the key is there, else at the end.

        A key that is in both goes to the end. ``renamed`` names for some of ``fresh`` the task of
        ``gone`` whose place they take.
        """
        made = TaskMap(self.shared)
        made._apart, made._placed, made._gone = dict(self._apart), dict(self._placed), dict(self._gone)
        made._next, made._count = self._next, self._count
        freed = {key: place for key in gone if (place := made._take(key)) is not None}
        for key, task in fresh.items():
            if renamed is not None and key in renamed and renamed[key] in freed:
                place = made._placed[key] = freed[renamed[key]]
                made._apart[place] = task
                made._count += 1
                if made._gone.get(key) == place:
                    del made._gone[key]
            else:
                made._put(key, task)
        if renamed:
            made._apart = dict(sorted(made._apart.items()))
        if made.is_far_apart and isinstance(self.shared, PlainTasks):
            made = TaskMap(dict(made._pairs()))
        return made.since(self, tuple(dict.fromkeys(chain(gone, fresh))))

    def _take(self, key: str) -> int | None:
        place = self.place(key)
        if place is None:
            return None
        self._count -= 1
        if self._placed.pop(key, None) is not None:
            del self._apart[place]
        if place < len(self.shared) and self.shared.key_at(place) == key:
            self._gone[key] = place
        return place

    def _put(self, key: str, task: Task) -> None:
        place = self.place(key)
        if place is None:
            place, self._next = self._next, self._next + 1
            self._count += 1
        self._placed[key] = place
        self._apart[place] = task

    # By place

    def place(self, key: str) -> int | None:
        """The place of the task of that key."""
        place = self._placed.get(key)
        if place is None and key not in self._gone:
            return self.shared.place(key)
        return place

    def at(self, place: int) -> Task:
        """The task at a place."""
        task = self._apart.get(place)
        return self.shared.at(place) if task is None else task

    def key_at(self, place: int) -> str:
        """The key of the task at a place."""
        task = self._apart.get(place)
        return self.shared.key_at(place) if task is None else task.key

    def _all_places(self) -> Iterator[int]:
        size, apart = len(self.shared), self._apart
        hidden = {place for place in self._gone.values() if place not in apart}
        listed = range(size)
        yield from (place for place in listed if place not in hidden) if hidden else listed
        yield from (place for place in apart if place >= size)

    def lanes(self) -> dict[str, array[int]]:
        """The places of each stage's tasks, in order."""
        changed = set(self._gone.values()) | self._apart.keys()
        if not changed:
            return dict(self.shared.lanes)
        come: dict[str, list[int]] = {}
        for place, task in self._apart.items():
            come.setdefault(task.stage, []).append(place)
        lanes = {stage: array("I", sorted(places)) for stage, places in come.items()}
        for stage, lane in self.shared.lanes.items():
            left = [place for place in lane if place not in changed]
            lanes[stage] = array("I", sorted([*left, *come.get(stage, ())]))
        return lanes

    # As a mapping

    def _pairs(self) -> Iterator[tuple[str, Task]]:
        at = self.at
        for place in self._all_places():
            task = at(place)
            yield task.key, task

    def __getitem__(self, key: str) -> Task:
        place = self.place(key)
        if place is None:
            raise KeyError(key)
        return self.at(place)

    @overload
    def get(self, key: str, /) -> Task | None: ...
    @overload
    def get(self, key: str, /, default: Task | T) -> Task | T: ...
    def get(self, key: str, /, default: object = None) -> object:
        """The task of that key."""
        place = self.place(key)
        return default if place is None else self.at(place)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.place(key) is not None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return map(self.key_at, self._all_places())

    def values(self) -> ValuesView[Task]:
        """The tasks in order."""
        return _Values(self)

    def items(self) -> ItemsView[str, Task]:
        """Keys and tasks in order."""
        return _Items(self)

    def __repr__(self) -> str:
        return f"TaskMap({dict(self.items())!r})"


class _Values(ValuesView[Task]):
    def __init__(self, tasks: TaskMap) -> None:
        super().__init__(tasks)
        self._tasks = tasks

    def __iter__(self) -> Iterator[Task]:
        return (task for _, task in self._tasks._pairs())


class _Items(ItemsView[str, Task]):
    def __init__(self, tasks: TaskMap) -> None:
        super().__init__(tasks)
        self._tasks = tasks

    def __iter__(self) -> Iterator[tuple[str, Task]]:
        return self._tasks._pairs()


def differing(old: Mapping[str, Task], new: Mapping[str, Task]) -> list[str]:
    """The keys whose tasks are not the same object in both: changed, come (in order) or gone."""
    if old is new:
        return []
    if not old:
        return list(new)
    known = old.get
    touched = _touched(old, new) if isinstance(old, TaskMap) and isinstance(new, TaskMap) else None
    if touched is not None:
        return [key for key in touched if known(key) is not new.get(key)]
    found = [key for key, task in new.items() if known(key) is not task]
    return [*found, *(key for key in old if key not in new)]


def _touched(old: TaskMap, new: TaskMap) -> dict[str, None] | None:
    """The keys in which two versions may differ; ``None`` where that is not known."""
    touched: dict[str, None] = {}
    version = new
    for _ in range(LONGEST_WAY):
        if version._since is None:
            break
        earlier, keys = version._since[0](), version._since[1]
        if earlier is None:
            break
        touched |= dict.fromkeys(keys)
        if earlier is old:
            return touched
        version = earlier
    if version is not new and not new.shares_with(old) and version.shares_with(old):
        return touched | dict.fromkeys(_all_apart(old, version))
    return dict.fromkeys(_all_apart(old, new)) if new.shares_with(old) else None


def _all_apart(old: TaskMap, new: TaskMap) -> Iterator[str]:
    return chain(old._placed, old._gone, new._placed, new._gone)


class TaskChanges:
    """Tasks while several changes are made to them: what a mapping that is changed offers of itself."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._tasks = TaskMap.of(tasks)
        self._fresh: dict[str, Task] = {}
        self._gone: set[str] = set()

    def get(self, key: str) -> Task | None:
        """The task as it is by now."""
        if key in self._fresh:
            return self._fresh[key]
        return None if key in self._gone else self._tasks.get(key)

    def put(self, task: Task) -> None:
        """Let it be there, in place or at the end."""
        self._fresh[task.key] = task

    def drop(self, key: str) -> None:
        """Let it not be there."""
        self._fresh.pop(key, None)
        if key in self._tasks:
            self._gone.add(key)

    @property
    def result(self) -> TaskMap:
        """What has become of them."""
        return self._tasks.with_changes(self._fresh, self._gone)
