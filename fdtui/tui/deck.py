"""The board without its widgets: the columns, the cursor in them, what is folded and filtered."""

from __future__ import annotations

from dataclasses import replace

from fdtui.core.board import Column, View, columns, counts
from fdtui.core.search import CardSearch
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.changes import changed_by_others
from fdtui.tui.lane import Lane
from fdtui.tui.look import Look
from fdtui.tui.present import CardPlan, plan_card
from fdtui.tui.selection import Selection
from fdtui.tui.theme import stage_role


class Deck:
    """Sorts a `State` into columns and remembers where the user is in each of them."""

    def __init__(self, state: State, look: Look) -> None:
        self._look = look
        self.state = state
        self.view = View(hide_end=look.hide_end)
        self.plan: CardPlan = plan_card(state.schema, look)
        self.columns: tuple[Column, ...] = ()
        self.active = 0
        """The place of the column under the cursor."""
        self.folded: set[str] = set()
        self.selection = Selection()
        self.goal: tuple[str, str] | None = None
        """Workflow and task that the cursor goes to as soon as they are there."""
        self._search = CardSearch()
        self._lanes: dict[str, Lane] = {}
        self._sort()
        self._start_on_cards()

    def take(self, state: State) -> frozenset[str]:
        """Take another state; answers the keys of the tasks that somebody else changed."""
        old, self.state = self.state, state
        if state.workflow != old.workflow:
            self._lanes, self.active = {}, 0
            self.view = replace(self.view, filter="")
            self.folded.clear()
            self.selection.clear()
            self._search = CardSearch()
        if self.selection and state.loaded:
            self.selection.keep(state.shown)
        if state.schema is not old.schema:
            self.plan = plan_card(state.schema, self._look)
        self._sort()
        if not old.loaded or state.workflow != old.workflow:
            self._start_on_cards()
        if self.goal is not None and state.loaded:
            self._reach(*self.goal)
        return changed_by_others(old, state)

    def _reach(self, workflow: str, key: str) -> None:
        """Put the cursor on the task it was sent to, if this is its workflow."""
        if self.state.workflow is None or self.state.workflow.id != workflow:
            return
        for at, column in enumerate(self.columns):
            for index, task in enumerate(column.tasks):
                if task.key == key:
                    self.active, self.goal = at, None
                    self.folded.discard(column.stage.name)
                    self.lane(column).go(index)
                    return
        if self.state.as_of is None:
            self.goal = None  # it is not there, or hidden: nobody waits for it any longer

    def _sort(self) -> None:
        name = self.column.stage.name if self.column else None
        self.columns = columns(self.state, self.view, self._search) if self.state.loaded else ()
        names = [column.stage.name for column in self.columns]
        self.active = names.index(name) if name in names else min(self.active, max(0, len(names) - 1))
        for column in self.columns:
            self.lane(column).show(column.tasks)

    def _start_on_cards(self) -> None:
        self.active = next((at for at, column in enumerate(self.columns) if column.tasks), 0)

    def lane(self, column: Column) -> Lane:
        """The cursor and view of a column; they outlive its being out of sight."""
        return self._lanes.setdefault(column.stage.name, Lane())

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
        """Down by so many cards, or up; false where the cursor stays."""
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

    def filter(self, text: str) -> None:
        """Show only cards that hold these words; the cursor goes where there are some."""
        self.view = replace(self.view, filter=text)
        self._sort()
        if self.column is not None and not self.column.tasks and self.counts[0]:
            self._start_on_cards()

    def toggle_end(self) -> None:
        """Hide or show the end stages."""
        self.view = replace(self.view, hide_end=not self.view.hide_end)
        self._sort()

    def toggle_fold(self) -> None:
        """Fold the column under the cursor, or unfold it."""
        if self.column is not None:
            self.folded ^= {self.column.stage.name}
