"""Tasks by key and in order, as a value: a new version shares with the old one what is the same.

A board of a hundred thousand tasks changes one by one. A version is the tasks of a listing, which
many versions share, and the few that differ from it, so that a change and the comparison of two
versions cost what has changed and not what there is.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Set, ValuesView
from typing import TypeVar, overload

from fdtui.core.task import Task

T = TypeVar("T")

MOST_APART = 1000
"""Tasks that may differ from the shared ones before all are put together again."""
PART_APART = 16
"""And in a large board: the part of all tasks that may differ."""


class TaskMap(Mapping[str, Task]):
    """Never changed; `with_changes` makes the next version."""

    __slots__ = ("_apart", "_come", "_gone", "_shared")

    def __init__(self, shared: dict[str, Task] | None = None) -> None:
        """``shared`` is not copied: whoever gives it away changes it no more."""
        self._shared: dict[str, Task] = {} if shared is None else shared
        self._apart: dict[str, Task] = {}
        """Tasks that are not as in the shared ones."""
        self._come: tuple[str, ...] = ()
        """Those of them that are not among the shared ones at all: they come last, in this order."""
        self._gone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tasks: Mapping[str, Task]) -> TaskMap:
        """``tasks`` itself where it is one already, else a copy."""
        return tasks if isinstance(tasks, TaskMap) else cls(dict(tasks))

    @property
    def come(self) -> tuple[str, ...]:
        """The keys that came after the shared ones, in order."""
        return self._come

    def shares_with(self, other: Mapping[str, Task]) -> bool:
        """Whether ``other`` is a version of the same tasks."""
        return isinstance(other, TaskMap) and other._shared is self._shared

    def with_changes(self, fresh: Mapping[str, Task], gone: Set[str] = frozenset()) -> TaskMap:
        """Without ``gone``, and with ``fresh``: in place where the key is there, else at the end.

        A key that is in both goes to the end.
        """
        shared = self._shared
        apart = {key: task for key, task in self._apart.items() if key not in gone}
        left = self._gone | {key for key in gone if key in shared}
        come = tuple(key for key in self._come if key not in gone) if gone else self._come
        if left & fresh.keys():
            return self._put_together(fresh, gone)  # one that was gone is there again, and comes last
        come += tuple(key for key in fresh if key not in shared and key not in apart)
        apart.update(fresh)
        if len(apart) + len(left) > max(MOST_APART, len(shared) // PART_APART):
            return self._put_together(fresh, gone)
        made = TaskMap(shared)
        made._apart, made._come, made._gone = apart, come, left
        return made

    def _put_together(self, fresh: Mapping[str, Task], gone: Set[str]) -> TaskMap:
        tasks = (
            {key: task for key, task in self.items() if key not in gone} if gone else dict(self.items())
        )
        tasks.update(fresh)
        return TaskMap(tasks)

    def _pairs(self) -> Iterator[tuple[str, Task]]:
        apart, gone = self._apart, self._gone
        for key, task in self._shared.items():
            if key in apart:
                yield key, apart[key]
            elif key not in gone:
                yield key, task
        for key in self._come:
            yield key, apart[key]

    @property
    def _is_whole(self) -> bool:
        return not self._apart and not self._gone

    def __getitem__(self, key: str) -> Task:
        if key in self._apart:
            return self._apart[key]
        if key in self._gone:
            raise KeyError(key)
        return self._shared[key]

    @overload
    def get(self, key: str, /) -> Task | None: ...
    @overload
    def get(self, key: str, /, default: Task | T) -> Task | T: ...
    def get(self, key: str, /, default: object = None) -> object:
        """The task of that key."""
        if self._apart and key in self._apart:
            return self._apart[key]
        return default if key in self._gone else self._shared.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._apart or (key in self._shared and key not in self._gone)

    def __len__(self) -> int:
        return len(self._shared) - len(self._gone) + len(self._come)

    def __iter__(self) -> Iterator[str]:
        return iter(self._shared) if self._is_whole else (key for key, _ in self._pairs())

    def values(self) -> ValuesView[Task]:
        """The tasks in order."""
        return self._shared.values() if self._is_whole else _Values(self)

    def items(self) -> ItemsView[str, Task]:
        """Keys and tasks in order."""
        return self._shared.items() if self._is_whole else _Items(self)

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
    if isinstance(old, TaskMap) and isinstance(new, TaskMap) and old.shares_with(new):
        touched = dict.fromkeys((*old._apart, *old._gone, *new._apart, *new._gone))
        return [key for key in touched if old.get(key) is not new.get(key)]
    known = old.get
    found = [key for key, task in new.items() if known(key) is not task]
    return [*found, *(key for key in old if key not in new)]


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
