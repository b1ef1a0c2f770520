"""The board's columns kept from one state to the next, so that a change costs what has changed.

A filter or an order that is new is worked through in slices: whoever draws says how many cards at a
time. Until an order is through, the cards stand as they did before.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from fdtui.core.board import Column, ColumnCards, View
from fdtui.core.ordering import RowOrder
from fdtui.core.schema import Schema, Stage
from fdtui.core.search_pass import CardTexts, Matcher, PassMatcher, SearchPass, Where, WordMatcher
from fdtui.core.sort_pass import SortPass
from fdtui.core.state import State
from fdtui.core.task_map import TaskMap, differing

MOST_ONE_BY_ONE = 200
"""Tasks up to which a change is put in one by one; more of them, and all are sorted again."""


class BoardSorter:
    """Makes the columns of a state and a view."""

    def __init__(self) -> None:
        self._tasks: TaskMap | None = None
        self._lanes: dict[str, array[int]] = {}
        """The places of each stage's tasks, in order; an array that is here is changed no more."""
        self._cards: dict[str, ColumnCards] = {}
        """What was made of them, until something in it changes."""
        self._found: dict[str, ColumnCards] = {}
        """The same of what the filter leaves."""
        self._view = View()
        """The view whose filter is held against the cards."""
        self._schema: Schema | None = None
        self._pass: SearchPass | None = None
        self._texts: CardTexts | None = None
        self._order: RowOrder | None = None
        self._sorted: SortPass | None = None
        """The order in which the cards are shown; ``None`` for that of the list."""
        self._sorting: SortPass | None = None
        """The order in which they will be."""
        self._last: tuple[Column, ...] = ()
        """What is shown while the cards of another listing are sorted; else empty."""
        self._made_last: tuple[View, tuple[Column, ...]] = (self._view, ())

    @property
    def is_searching(self) -> bool:
        """Whether there are cards that the filter has not been held against yet."""
        return self._pass is not None and not self._pass.is_over

    def search(self, most: int | None = None) -> None:
        """Hold the filter against about this many of the cards that are left, or against all of them."""
        if self._pass is None or self._pass.is_over:
            return
        self._pass.go_on(most)
        self._found = {}

    @property
    def is_sorting(self) -> bool:
        """Whether there are cards that are not in their new order yet."""
        return self._sorting is not None

    def sort(self, most: int | None = None) -> None:
        """Put about this many of the cards that are left in order, or all of them."""
        if self._sorting is not None:
            self._sorting.go_on(most)
            if self._sorting.is_over:
                self._show_by(self._sorting)

    def columns(self, state: State, view: View) -> tuple[Column, ...]:
        """The columns in workflow order, then those of stages that only the tasks know."""
        tasks, before = TaskMap.of(state.shown), self._view
        self._follow(tasks)
        if view.order is not self._order:
            self._order = view.order
            self._begin_sort(tasks)
        if view.passes is not before.passes or state.schema is not self._schema:
            self._view, self._schema = view, state.schema
            self._begin(tasks)
        if self._last and self._made_last[0] == view:
            return self._last
        self._last = ()
        made = tuple(self._made(tasks, state.schema, view))
        self._made_last = view, made
        return made

    def _begin_sort(self, tasks: TaskMap) -> None:
        """Begin to put all cards in order, if they are to be in another one than that of the list."""
        if self._order is None:
            self._show_by(None)
        else:
            self._sorting = SortPass(tasks, self._order)

    def _show_by(self, order: SortPass | None) -> None:
        self._sorted, self._sorting, self._last = order, None, ()
        self._cards, self._found = {}, {}

    def _begin(self, tasks: TaskMap) -> None:
        """Begin to hold the filter against all cards; what was read of them for another one is known."""
        self._found = {}
        matcher = self._matcher(tasks)
        self._pass = None if matcher is None else SearchPass(tasks, self._ordered_lanes, matcher)

    @property
    def _ordered_lanes(self) -> dict[str, array[int]]:
        order = self._sorted
        return self._lanes if order is None else {stage: order.lane(stage) for stage in self._lanes}

    def _matcher(self, tasks: TaskMap) -> Matcher | None:
        passes, words = self._view.passes, self._view.words
        if passes is None or self._schema is None:
            return None
        if not words:
            return PassMatcher(tasks.shared, passes)
        texts = self._texts
        if texts is None or texts.shared is not tasks.shared or texts.schema is not self._schema:
            texts = self._texts = CardTexts(tasks.shared, self._schema)
        return WordMatcher(texts, words, self._view.rest)

    # The state's tasks

    def _follow(self, tasks: TaskMap) -> None:
        """Sort what differs in ``tasks``."""
        known, self._tasks = self._tasks, tasks
        if known is tasks:
            return
        touched = differing(known, tasks) if known is not None and tasks.shares_with(known) else None
        if known is None or touched is None or len(touched) > MOST_ONE_BY_ONE:
            self._lanes, self._cards = tasks.lanes(), {}
            self._last = self._made_last[1] if self._sorted is not None or self._last else ()
            self._sorted = None
            self._begin_sort(tasks)
            if self._pass is not None:
                self._begin(tasks)
            return
        left, come = list(_where(known, touched)), list(_where(tasks, touched))
        for place, stage in left:
            lane = self._changed(stage)
            del lane[bisect_left(lane, place)]
        for place, stage in come:
            insort(self._changed(stage), place)
        for order in (self._sorted, self._sorting):
            if order is not None:
                order.follow(tasks, left, come)
        if self._pass is not None:
            self._pass.follow(tasks, left, come)

    def _changed(self, stage: str) -> array[int]:
        """That stage's places, to be changed: what was made of them still holds the old ones."""
        self._cards.pop(stage, None)
        self._found.pop(stage, None)
        lane = self._lanes[stage] = self._lanes.get(stage, array("I"))[:]
        return lane

    # What is drawn

    def _made(self, tasks: TaskMap, schema: Schema, view: View) -> Iterable[Column]:
        told = [stage.name for stage in schema.stages]
        known = frozenset(told)
        only = [name for name, lane in self._lanes.items() if name not in known and lane]
        only.sort(key=lambda name: self._lanes[name][0])
        for name in (*told, *only):
            stage, lane = schema.stage(name), self._lanes.get(name, _NOTHING)
            if not (view.hide_end and stage is not None and stage.end):
                shown = self._shown(tasks, name, lane)
                yield Column(stage or Stage(name), shown, len(lane), stage is not None)

    def _shown(self, tasks: TaskMap, name: str, lane: array[int]) -> ColumnCards:
        made = self._cards if self._pass is None else self._found
        if name not in made:
            lane = lane if self._pass is None else self._pass.found(name)
            if self._sorted is None:
                made[name] = ColumnCards(tasks, lane)
            else:
                lane, sections = self._sorted.shown(name, lane)
                made[name] = ColumnCards(tasks, lane, is_rising=False, sections=sections)
        return made[name]


_NOTHING = array("I")


def _where(tasks: TaskMap, keys: Iterable[str]) -> Iterator[Where]:
    """The places of those that are there, each with its stage."""
    for key in keys:
        place = tasks.place(key)
        if place is not None:
            yield place, tasks.at(place).stage


def columns(state: State, view: View) -> tuple[Column, ...]:
    """The columns of one state, for who asks once."""
    sorter = BoardSorter()
    sorter.columns(state, view)
    sorter.sort()
    sorter.search()
    return sorter.columns(state, view)
