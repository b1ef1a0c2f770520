"""The board's columns kept from one state to the next, so that a change costs what has changed.

A filter that is new is looked through in slices: whoever draws says how many cards at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from fdtui.core.board import Column, View
from fdtui.core.schema import Schema, Stage
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap, differing

MOST_ONE_BY_ONE = 16
"""Tasks up to which a change is put in one by one; more of them, and all are sorted again."""


class _Cards:
    """Some tasks in the order of the board, each with its place in that order."""

    __slots__ = ("_drawn", "places", "tasks")

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.places: list[int] = []
        self._drawn: tuple[Task, ...] | None = ()

    def add(self, task: Task, place: int) -> None:
        """Put it behind all others."""
        self.tasks.append(task)
        self.places.append(place)
        self._drawn = None

    def put(self, task: Task, place: int) -> None:
        """Put it where its place is."""
        at = bisect_left(self.places, place)
        self.tasks.insert(at, task)
        self.places.insert(at, place)
        self._drawn = None

    def take(self, task: Task) -> int | None:
        """Take it out; answers its place, or ``None`` where it is not among them."""
        try:
            at = list(map(id, self.tasks)).index(id(task))  # not by `==`, which looks into each
        except ValueError:
            return None
        self._drawn = None
        del self.tasks[at]
        return self.places.pop(at)

    @property
    def drawn(self) -> tuple[Task, ...]:
        """The tasks as a column holds them: the same object until they change."""
        if self._drawn is None:
            self._drawn = tuple(self.tasks)
        return self._drawn


class BoardSorter:
    """Makes the columns of a state and a view."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._shown: TaskMap | None = None
        self._come: tuple[str, ...] = ()
        self._last = -1
        self._all: dict[str, _Cards] = {}
        self._found: dict[str, _Cards] = {}
        self._passes: Callable[[Task], bool] | None = None
        self._left: Iterator[tuple[str, Task, int]] | None = None

    @property
    def is_searching(self) -> bool:
        """Whether there are cards that the filter has not been held against yet."""
        return self._left is not None

    def search(self, most: int | None = None) -> None:
        """Hold the filter against this many of the cards that are left, or against all of them."""
        if self._left is None or self._passes is None:
            return
        passes, count = self._passes, 0
        for stage, task, place in islice(self._left, most):
            count += 1
            if passes(task):
                self._found[stage].add(task, place)
        if most is None or count < most:
            self._left = None

    def columns(self, state: State, view: View) -> tuple[Column, ...]:
        """The columns in workflow order, then those of stages that only the tasks know."""
        has_changed = self._follow(state.shown)
        if view.passes is not self._passes:
            self._passes = view.passes
            self._begin()
        elif has_changed and self._left is not None:
            self._begin()  # what it goes through has changed
        return tuple(self._made(state.schema, view))

    def _begin(self) -> None:
        """Begin to hold the filter against all cards."""
        is_on = self._passes is not None
        self._found = {stage: _Cards() for stage in self._all} if is_on else {}
        self._left = self._in_order() if is_on else None

    def _in_order(self) -> Iterator[tuple[str, Task, int]]:
        """All cards, those at the top of each column first."""
        rows = {stage: zip(cards.tasks, cards.places, strict=True) for stage, cards in self._all.items()}
        while rows:
            for stage, row in list(rows.items()):
                few = list(islice(row, 16))
                if not few:
                    del rows[stage]
                for task, place in few:
                    yield stage, task, place

    # The state's tasks

    def _follow(self, shown: Mapping[str, Task]) -> bool:
        """Sort what differs in ``shown``; whether anything does."""
        tasks, known = TaskMap.of(shown), self._shown
        self._shown = tasks
        if known is tasks:
            return False
        touched = differing(known, tasks) if known is not None and tasks.shares_with(known) else None
        if (
            known is None
            or touched is None
            or len(touched) > MOST_ONE_BY_ONE
            or not self._is_behind(tasks)
        ):
            self._sort(tasks)
            return True
        self._come = tasks.come
        for key in touched:
            self._replace(known.get(key), tasks.get(key))
        return bool(touched)

    def _is_behind(self, tasks: TaskMap) -> bool:
        """Whether what is new in ``tasks`` comes behind all that is known."""
        left = tuple(key for key in self._come if key in tasks)
        return tasks.come[: len(left)] == left

    def _sort(self, tasks: TaskMap) -> None:
        self._all, self._come = {}, tasks.come
        place = -1
        for place, task in enumerate(tasks.values()):
            stage = task.stage
            cards = self._all.get(stage)
            if cards is None:
                cards = self._all[stage] = _Cards()
            cards.add(task, place)
        self._last = place
        if self._passes is not None:
            self._begin()

    def _replace(self, old: Task | None, new: Task | None) -> None:
        place = self._all[old.stage].take(old) if old is not None else None
        if old is not None and old.stage in self._found:
            self._found[old.stage].take(old)
        if new is None:
            return
        if place is None:
            self._last = place = self._last + 1
        self._all.setdefault(new.stage, _Cards()).put(new, place)
        if self._passes is not None and self._left is None and self._passes(new):
            self._found.setdefault(new.stage, _Cards()).put(new, place)

    # What is drawn

    def _made(self, schema: Schema, view: View) -> Iterable[Column]:
        told = [stage.name for stage in schema.stages]
        known = frozenset(told)
        only = [name for name, cards in self._all.items() if name not in known and cards.tasks]
        only.sort(key=lambda name: self._all[name].places[0])
        nothing = _Cards()
        for name in (*told, *only):
            stage = schema.stage(name)
            cards = self._all.get(name, nothing)
            shown = cards if self._passes is None else self._found.get(name, nothing)
            if not (view.hide_end and stage is not None and stage.end):
                found = Column(stage or Stage(name), shown.drawn, len(cards.tasks), stage is not None)
                yield found


def columns(state: State, view: View) -> tuple[Column, ...]:
    """The columns of one state, for who asks once."""
    sorter = BoardSorter()
    sorter.columns(state, view)
    sorter.search()
    return sorter.columns(state, view)
