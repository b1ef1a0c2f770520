"""The board without its widgets: the columns, the cursor in them, what is folded and filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fdtui.core.board import Column, View, counts
from fdtui.core.grouping import GroupOrder
from fdtui.core.names import meaning
from fdtui.core.ordering import RowOrder
from fdtui.core.schema import Stage
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import differing
from fdtui.core.views import Arrangement
from fdtui.sync.storage.protocols import CursorPlace
from fdtui.sync.storage.views import SavedView
from fdtui.tui.board.arrangements import as_kept, as_shown
from fdtui.tui.board.card_density import CardDensity
from fdtui.tui.board.card_look import CardLook
from fdtui.tui.board.changes import changed_by_others, made_of
from fdtui.tui.board.column_cursor import ColumnCursor
from fdtui.tui.board.selection import Selection
from fdtui.tui.board.since_last import SinceLast
from fdtui.tui.board.sliced_sorter import SlicedSorter
from fdtui.tui.board.view_reader import ViewReader
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.presentation.stages import stage_role

if TYPE_CHECKING:
    from fdtui.core.query import Query
    from fdtui.tui.board.board_filter import BoardFilter

FIRST_LOOK = 0.004
"""Seconds for which a new filter is held against cards before what it has found is shown."""
FIRST_SORT = 0.01
"""Seconds for which cards are put in a new order before they are shown in the one of before."""


class BoardModel:
    """Sorts a `State` into columns and remembers where the user is in each of them."""

    def __init__(
        self,
        state: State,
        look: Look,
        recall: Callable[[], SavedView | None] = lambda: None,
        last_place: Callable[[], CursorPlace | None] = lambda: None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._look, self._recall, self._last_place = look, recall, last_place
        self._reader = ViewReader(today, lambda: self.since_last.keys)
        self.state = state
        self.view = View(hide_end=look.hide_end)
        self.cards = CardLook(look)
        """How cards look here and now, and with it their plan."""
        self._limits = {meaning(name): limit for name, limit in look.limits}
        self.columns: tuple[Column, ...] = ()
        self.active = 0
        """The place of the column under the cursor."""
        self.folded: set[str] = set()
        self.folded_groups: frozenset[str] = frozenset()
        self.history: tuple[str, ...] = ()
        """The filters that were kept before, the latest last."""
        self.view_name = ""
        """The view that is shown, perhaps changed since; empty for none."""
        self.query: Query | None = None
        """What the filter means; ``None`` where there is none."""
        self.caret: int | None = None
        """Where the filter is being typed."""
        self.selection = Selection()
        self.since_last = SinceLast()
        self.goal: tuple[str, str] | None = None
        """Workflow and task that the cursor goes to as soon as they are there."""
        self.has_arrived = False
        """Whether the last state brought the cursor to its goal."""
        self._sorter = SlicedSorter()
        self._before_search: tuple[int, dict[str, ColumnCursor]] | None = None
        """The column and the cursors as they were before a search that is under way."""
        self._lanes: dict[str, ColumnCursor] = {}
        self._begun_order: RowOrder | None = None
        """The order that the cards were put in last, or are being put in."""
        self._restore()
        self._sort()
        self._start_on_cards()

    def expect(self, workflow: str, key: str) -> None:
        """Put the cursor on a task of that workflow as soon as the board has it."""
        self.goal = (workflow, key)

    def on_state(self, state: State) -> frozenset[str]:
        """Take another state; answers the keys of the tasks that others changed."""
        old, self.state = self.state, state
        current, self.has_arrived = self.current, False
        if state.workflow != old.workflow:
            self._lanes, self.active = {}, 0
            self.selection.clear()
            self._restore()
            self._sorter, self._before_search = SlicedSorter(), None
        self.since_last.on_state(old, state)
        if self.selection and state.loaded and state.shown is not old.shown:
            changed = differing(old.shown, state.shown) if old.loaded else list(self.selection)
            self.selection.drop(key for key in changed if key not in state.shown)
        self._sort()
        if not old.loaded or state.workflow != old.workflow:
            self._start_on_cards()
        is_there = self.goal is not None and state.loaded and self._reach(*self.goal)
        if not is_there and current is not None:
            made = made_of(current.key, old, state)
            if made is None or not self.go_to(made):
                self._stand_on_a_card()
        return changed_by_others(old, state)

    @property
    def plan(self) -> CardPlan:
        """Which fields stand where on the cards."""
        return self.cards.plan(self.state.schema)

    def fit(self, rows: int) -> None:
        """Lay the cards out for columns of ``rows`` lines."""
        self.cards.density.fit(rows, self.columns, self.state.workflow_id)

    @property
    def density(self) -> CardDensity:
        """How large the cards are."""
        return self.cards.density

    def _restore(self) -> None:
        """Show the workflow as the user left it, where that is known."""
        saved = self._recall() if self.state.workflow is not None else None
        saved = saved or SavedView()
        self._take(saved.shows)
        self.history, self.view_name = saved.history, saved.view

    def _take(self, shows: Arrangement) -> None:
        self.view, self.caret = as_shown(self.view, shows, hide_end=self._look.hide_end), None
        self.folded, self.folded_groups = set(shows.folded), frozenset(shows.folded_groups)
        self.cards.take(shows.density, shows.fields)

    def arrange(self, shows: Arrangement, name: str = "") -> None:
        """Show the cards so, as the view of that name; the cursor stays on its card if that is shown."""
        current = self.current
        self._take(shows)
        self.view_name = name
        self._sort()
        self._show_tops()
        if current is None or not self.go_to(current.key):
            self._stand_on_a_card()

    @property
    def arrangement(self) -> Arrangement:
        """How the cards are shown."""
        return as_kept(self.view, self.cards, self.folded, self.folded_groups)

    @property
    def saved(self) -> SavedView:
        """How the board is left."""
        return SavedView(self.arrangement, self.history, self.view_name)

    @property
    def board_filter(self) -> BoardFilter:
        """What understands filters."""
        return self._reader.board_filter

    def _reach(self, workflow: str, key: str) -> bool:
        """Put the cursor on the task it was sent to, if this is its workflow; false where it is not."""
        if self.state.workflow is None or self.state.workflow.id != workflow:
            return False
        is_there = self.go_to(key)
        self.has_arrived = self.has_arrived or is_there
        if is_there or self.state.as_of is None:
            self.goal = None  # it is not there, or hidden: the cursor waits no longer
        return is_there

    def go_to(self, key: str) -> bool:
        """Put the cursor on that task; false where no column shows it."""
        for at, column in enumerate(self.columns):
            if column.tasks.row_of(key) is not None:
                self.active = at
                self.folded.discard(column.stage.name)
                lane = self.lane(column)
                if not lane.go_to(key) and lane.group is not None:
                    self.toggle_group(lane.group.group.id)
                    lane.go_to(key)
                return True
        return False

    def _stand_on_a_card(self) -> None:
        """Where the cursor's column no longer shows one: in that row of the nearest one that does."""
        if self.current is not None:
            return
        shown = [
            at
            for at, column in enumerate(self.columns)
            if column.tasks and column.stage.name not in self.folded
        ]
        if shown:
            row = self._lanes[self.columns[self.active].stage.name].row
            self.active = min(shown, key=lambda at: (abs(at - self.active), at < self.active))
            self.go(row)

    def _sort(self) -> None:
        self.view, self.query = self._reader.read(self.view, self.state, self.caret)
        made = self._sorted() if self.state.loaded else ()
        name = self.column.stage.name if self.column else None
        self.columns = made
        names = [column.stage.name for column in self.columns]
        self.active = names.index(name) if name in names else min(self.active, max(0, len(names) - 1))
        for column in self.columns:
            self.lane(column).show(column.tasks, self.folded_groups)

    def _sorted(self) -> tuple[Column, ...]:
        made = self._sorter.columns(self.state, self.view)
        if self._sorter.is_sorting and self._begun_order is not self.view.order:
            self._begun_order = self.view.order
            self._sorter.sort_for(FIRST_SORT)
            made = self._sorter.columns(self.state, self.view)
        if self._sorter.is_searching and self._before_search is None:
            self._before_search = (self.active, {name: copy(each) for name, each in self._lanes.items()})
            self._sorter.search_for(FIRST_LOOK)
            made = self._sorter.columns(self.state, self.view)
        if self._before_search is not None and not self._sorter.is_searching:
            # The cursors go where they would have gone, had all been found at once.
            (self.active, self._lanes), self._before_search = self._before_search, None
        return made

    def sort(self, text: str) -> None:
        """Order the cards so; the cursor stays on its card, the other columns show their top."""
        self.view = replace(self.view, sort=text)
        self._sort()
        self._show_tops()

    def group(self, field: str, summed: str = "") -> None:
        """Group the cards by that field, and sum that number over each group; by none where empty."""
        if field != self.view.group:
            self.folded_groups = frozenset()
        self.view = replace(self.view, group=field, sum=summed)
        self._sort()
        self._show_tops()

    @property
    def order(self) -> GroupOrder | None:
        """The order that groups the cards; ``None`` where they are not grouped."""
        return self.view.order if isinstance(self.view.order, GroupOrder) else None

    def toggle_group(self, group: str) -> None:
        """Fold the group of that id in all columns, or unfold it."""
        self.folded_groups ^= {group}
        for column in self.columns:
            self.lane(column).show(column.tasks, self.folded_groups)

    def go_to_group(self, step: int) -> bool:
        """To the first card of another group of the column; false where the cursor stays."""
        column = self.column
        return column is not None and self.lane(column).go_to_group(step)

    def _show_tops(self) -> None:
        for at, column in enumerate(self.columns):
            lane = self.lane(column)
            lane.top = 0
            if at != self.active:
                lane.go(0)
            lane.reveal()

    @property
    def is_sorting(self) -> bool:
        """Whether there are cards that are not in their new order yet."""
        return self._sorter.is_sorting

    def put_in_order(self, seconds: float | None = None) -> None:
        """Put more cards in order for this long, or all that are left; shown once all are."""
        self._sorter.sort_for(seconds)
        if not self.is_sorting:
            self._sort()
            self._show_tops()

    @property
    def is_searching(self) -> bool:
        """Whether there are cards that the filter has not been held against yet."""
        return self._sorter.is_searching

    def search(self, seconds: float | None = None, *, is_shown: bool = True) -> None:
        """Hold the filter against more cards for this long, or against all that are left.

        Where it is not to be shown yet, the columns are as before until it is through.
        """
        if not self.is_searching:
            return
        self._sorter.search_for(seconds)
        if self.is_searching and not is_shown:
            return
        self._sort()
        self._stand_on_a_card()

    @property
    def place(self) -> CursorPlace | None:
        """Where the cursor stands; ``None`` where there are no columns."""
        if self.column is None:
            return None
        return CursorPlace(self.column.stage.name, self.current.key if self.current is not None else "")

    def _start_on_cards(self) -> None:
        """Put the cursor where it was left, else into the first column with cards."""
        place = self._last_place() if self.state.loaded else None
        column = self.turn_to(place.stage) if place is not None else None
        if place is not None and column is not None and (column.tasks or not place.key):
            self.lane(column).go_to(place.key)
            return
        self.active = next((at for at, column in enumerate(self.columns) if column.tasks), 0)

    def limit_of(self, stage: Stage) -> int | None:
        """How many tasks a stage should hold at most: as the user says, else as the workflow does."""
        return self._limits.get(meaning(stage.name), stage.limit)

    def lane(self, column: Column) -> ColumnCursor:
        """The cursor and view of a column; they outlive its being out of sight."""
        return self._lanes.setdefault(column.stage.name, ColumnCursor())

    @property
    def column(self) -> Column | None:
        """The column under the cursor."""
        return self.columns[self.active] if self.active < len(self.columns) else None

    @property
    def current(self) -> Task | None:
        """The task under the cursor, or ``None`` (also in a folded column)."""
        column = self.column
        if column is None or column.stage.name in self.folded:
            return None
        return self.lane(column).task

    @property
    def counts(self) -> tuple[int, int]:
        """How many cards these columns show, and how many tasks they hold."""
        return counts(self.columns)

    def role_of(self, stage: str) -> str:
        """The role of a stage's colour."""
        for index, each in enumerate(self.state.schema.stages):
            if each.name == stage:
                return stage_role(each, index)
        return "warn"

    def move(self, step: int) -> bool:
        """Down by this many cards, or up; false where the cursor stays."""
        column = self.column
        return column is not None and self.go(self.lane(column).cursor + step)

    def go(self, index: int) -> bool:
        """To the card at that place of the column; false where the cursor stays."""
        column = self.column
        return column is not None and self.lane(column).go(index)

    def turn(self, step: int) -> bool:
        """To another column; past the ends, to the last one there. False where it stays."""
        before = self.active
        self.active = max(0, min(self.active + step, len(self.columns) - 1))
        return self.active != before

    def turn_to(self, stage: str) -> Column | None:
        """To the column of that stage."""
        for index, column in enumerate(self.columns):
            if column.stage.name == stage:
                self.active = index
                return column
        return None

    def filter(self, text: str, caret: int | None = None) -> None:
        """Show only cards that pass this filter; the cursor goes where there are some.

        While it is typed, ``caret`` is where: the value there stands for all that it can become.
        """
        self.view, self.caret = replace(self.view, filter=text), caret
        self._sort()
        self._stand_on_a_card()

    def unhidden(self) -> Iterator[Task]:
        """The tasks that would be shown without a filter."""
        stages = self.state.schema.stages if self.view.hide_end else ()
        hidden = {stage.name for stage in stages if stage.end}
        return (task for task in self.state.shown.values() if task.stage not in hidden)

    def toggle_end(self) -> None:
        """Hide or show the end stages."""
        self.view = replace(self.view, hide_end=not self.view.hide_end)
        had = self.current is not None
        self._sort()
        if had:
            self._stand_on_a_card()

    def toggle_fold(self) -> None:
        """Fold the column under the cursor, or unfold it."""
        if self.column is not None:
            self.folded ^= {self.column.stage.name}
