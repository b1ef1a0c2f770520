"""The board: which card stands in which column, and how many there are."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from fdtui.core.frozen import frozen
from fdtui.core.grouping import GroupSection
from fdtui.core.ordering import RowOrder
from fdtui.core.schema import Stage
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap


@frozen
class View:
    """How the user wants to see the board."""

    filter: str = ""
    hide_end: bool = False
    passes: Callable[[Task], bool] | None = None
    """What decides whether a card is shown; ``None`` for all of them."""
    words: tuple[str, ...] = ()
    """The words that a card must hold in any case: texts are searched sooner than tasks are read."""
    rest: Callable[[Task], bool] | None = None
    """What else decides, where there are such words."""
    sort: str = ""
    order: RowOrder | None = None
    """What the cards of a column are ordered by; ``None`` for the order of the list."""
    group: str = ""
    """The field that the cards of a column are grouped by, as it is named; empty for none."""
    sum: str = ""
    """The field that is summed over each group, as it is named; empty for none."""


class ColumnCards(Sequence[Task]):
    """Some tasks of a version in their order; each is looked up when somebody asks for it."""

    __slots__ = ("_is_rising", "_places", "_tasks", "sections")

    def __init__(
        self,
        tasks: TaskMap,
        places: array[int],
        *,
        is_rising: bool = True,
        sections: tuple[GroupSection, ...] = (),
    ) -> None:
        """``places`` are changed no more; they rise where the cards are not sorted otherwise."""
        self._tasks, self._places, self._is_rising = tasks, places, is_rising
        self.sections = sections
        """The groups that the cards are in, from the top; none where they are not grouped."""

    @classmethod
    def of(cls, tasks: Iterable[Task]) -> ColumnCards:
        """All of ``tasks``."""
        made = TaskMap({task.key: task for task in tasks})
        return cls(made, array("I", range(len(made))))

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Task, ...]: ...
    def __getitem__(self, index: int | slice) -> Task | tuple[Task, ...]:
        """The card at that row, or those of some rows."""
        if isinstance(index, slice):
            return tuple(map(self._tasks.at, self._places[index]))
        return self._tasks.at(self._places[index])

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Task]:
        return map(self._tasks.at, self._places)

    def task_keys(self) -> Iterator[str]:
        """The keys alone, which cost less than the tasks."""
        return map(self._tasks.key_at, self._places)

    def row_of(self, key: str) -> int | None:
        """The row of the task of that key."""
        place = self._tasks.place(key)
        if place is None:
            return None
        if not self._is_rising:
            return self._places.index(place) if place in self._places else None
        row = bisect_left(self._places, place)
        return row if row < len(self) and self._places[row] == place else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return self is other or (len(self) == len(other) and all(map(Task.__eq__, self, other)))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"ColumnCards({list(self.task_keys())!r})"


NO_CARDS = ColumnCards(TaskMap(), array("I"))


@frozen
class Column:
    """One stage and its cards. ``total`` counts those that the filter hides, too."""

    stage: Stage
    tasks: ColumnCards
    total: int
    known: bool = True
    """False for a stage that tasks are in but the workflow does not list."""


def counts(shown: tuple[Column, ...]) -> tuple[int, int]:
    """How many cards these columns show, and how many tasks they hold."""
    return sum(len(column.tasks) for column in shown), sum(column.total for column in shown)


def neighbour(state: State, stage: str, step: int) -> str | None:
    """The stage ``step`` places from ``stage`` in workflow order, or ``None`` past the ends."""
    names = [each.name for each in state.schema.stages]
    if stage not in names:
        return None
    at = names.index(stage) + step
    return names[at] if 0 <= at < len(names) else None
