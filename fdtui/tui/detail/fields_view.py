"""The task under the cursor with every field: beside the board, or over it where it is narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from textual import events
from textual.geometry import Region
from textual.message import Message

from fdtui.core.details import Part
from fdtui.core.schema import BUILT_INS
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.presentation.fields import FIRST_FIELDS, lay_out
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.pager import Pager

ALL_LINES = 10**6


class FieldsView(Pager):
    """Reads one task; stays where it was scrolled to while the task stays the same."""

    DEFAULT_CSS = """
    FieldsView { display: none; }
    """

    class Clicked(Message):
        """The pane was clicked: on a field, or on a block of that key; empty for neither."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, wall: str) -> None:
        super().__init__(wall, "detail")
        self._key: str | None = None
        self._most = FIRST_FIELDS
        self._drawn: tuple[object, ...] = ()
        self._width = 40
        """Cells for the text when they were counted last."""
        self.follower: Callable[[], None] | None = None
        """What lies over a field and has to move with it."""
        self._spans: dict[str, tuple[int, int]] = {}
        self._room = 0
        self._held: tuple[str, int] = ("", 0)
        """The field that something lies over, and the lines that this needs."""
        self.field: str | None = None
        """The field under the cursor; shown while the keys go here."""
        self._wanted: tuple[Task | None, CardPlan, State, str, date] | None = None
        self.below: Callable[[], Sequence[Line]] = tuple
        """What stands below the fields, as wide as the text."""

    def show(self, task: Task | None, plan: CardPlan, state: State, stage: str, today: date) -> None:
        """Draw the task; ``stage`` is the role of its stage's colour."""
        self._wanted = (task, plan, state, stage, today)
        if self.size:
            self._width = self.text_width
        elif task is not None and task.key == self._key:
            return  # comes again with the first layout; another task's fields are wanted at once
        why = state.refused.get(task.key) if task else None
        pending = tuple(p for p in state.pending if task and p.key == task.key)
        if task is None or task.key != self._key:
            self._most = FIRST_FIELDS
        known = state.details.get(task.key) if task else None
        runs = [run for run in state.runs if task and run.key == task.key]
        actions = (known and known.actions, known and known.problem(Part.ACTIONS), tuple(runs[-9:]))
        below = self.below() if task is not None else ()
        told = (state.news.get(task.key), state.stays.get(task.key)) if task else ()
        drawn = (
            actions,
            told,
            below,
            task,
            self._most,
            plan,
            why,
            pending,
            stage,
            today,
            self._width,
            self.app.theme,
            self._held,
        )
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if task is None:
            self._key = self.field = None
            self._spans = {}
            self.set_lines([(("No card is under the cursor.", "italic dim"),)])
            return
        laid = lay_out(task, plan, state, stage=stage, width=self._width, today=today, most=self._most)
        if task.key != self._key:
            self.field = None
        self._room = laid.room
        self._spans, lines = _with_room(laid.spans, [*laid.lines, *below], *self._held)
        self.set_lines(lines, keep=task.key == self._key)
        self._key = task.key
        self._find_field()
        self._take_along()

    def make_room(self, name: str, lines: int) -> None:
        """Give a field this many lines at least, so that what lies over it covers no other."""
        if self._held != (name, lines):
            self._held = (name, lines)
            if self._wanted is not None:
                self.show(*self._wanted)

    def _take_along(self) -> None:
        if self.follower is not None:
            self.follower()

    # The cursor over the fields

    def give_keys(self, has_keys: bool) -> None:
        """Show whether the keys go here, and which field they are for."""
        super().give_keys(has_keys)
        self._find_field()

    def _find_field(self) -> None:
        if self.has_keys and self.field not in self._spans:
            names = [name for name in self._spans if name not in BUILT_INS] or list(self._spans)
            self._turn_to(names[0] if names else None)

    def _turn_to(self, name: str | None) -> None:
        for each in (self.field, name):
            start, end = self._spans.get(each or "", (0, 0))
            if end > start:
                self.refresh(Region(0, start - self.top, self.size.width, end - start))
        self.field = name

    def go_to_field(self, name: str) -> bool:
        """Put the cursor on that field, in view; false where there is none of that name."""
        while name not in self._spans and self._grow():
            pass
        if name not in self._spans:
            return False
        self._turn_to(name)
        start, end = self._spans[name]
        if not self.top <= start < end <= self.top + self.size.height:
            self._show_line(start)
        return True

    def _show_line(self, top: int) -> None:
        if self.size:  # without a size nothing is in view; the first layout sees to it
            self.jump_to(top)

    def mark_of(self, at: int) -> tuple[str, str]:
        """The lines of the field under the cursor stand out while the keys go here."""
        start, end = self._spans.get(self.field or "", (0, 0))
        if not (self.has_keys and start <= at < end) or self._wanted is None:
            return " ", "background"
        return self._wanted[1].glyphs.bar if at == start else " ", "cursor"

    def step_field(self, step: int) -> bool:
        """To another field, in view; false at the first and the last."""
        names = list(self._spans)
        here = names.index(self.field) if self.field in names else -1
        while here + step >= len(names) and self._grow():
            names = list(self._spans)
        there = max(0, min(here + step, len(names) - 1))
        if there == here or not names:
            return False
        self._turn_to(names[there])
        start, end = self._spans[names[there]]
        if start < self.top:
            self._show_line(0 if there == 0 else start)
        elif end > self.top + self.size.height:
            self._show_line(min(start, end - self.size.height))
        return True

    def walk(self, step: int) -> None:
        """Over the fields; through one that is longer than the pane, line by line."""
        start, end = self._spans.get(self.field or "", (0, 0))
        bottom = self.top + self.size.height
        reads_on = start <= self.top and end > bottom if step > 0 else start < self.top < end
        if reads_on or not self.step_field(step):
            self.scroll_by(step)

    def page(self, lines: int) -> None:
        """Scroll, and take the cursor along."""
        self.scroll_by(lines)
        bottom = self.top + self.size.height
        start, end = self._spans.get(self.field or "", (0, 0))
        if end > self.top and start < bottom and 0 < self.top < self.last_top:
            return
        seen = [name for name, (a, b) in self._spans.items() if a < bottom and b > self.top]
        if seen:
            self._turn_to(seen[-1] if lines > 0 else seen[0])

    def region_of(self, name: str) -> tuple[Region, int]:
        """Where a field stands on the screen, and the cells that its label has."""
        start, end = self._spans.get(name, (0, 1))
        x, y, width, height = self.region
        top = max(0, start - self.top)
        return Region(x, y + min(top, height - 1), width, max(1, end - start)), self._room + 2

    def jump_to(self, top: int) -> None:
        """Bring that line to the top; where fields were left out, make them when one comes near."""
        super().jump_to(top)
        if self.top >= self.last_top and self._grow(all_of_it=top >= ALL_LINES):
            super().jump_to(top)

    def _grow(self, *, all_of_it: bool = False) -> bool:
        """Make more of the fields that were left out; false where there are none."""
        if self._wanted is None or not self._lines:
            return False
        task, plan = self._wanted[0], self._wanted[1]
        if task is None or self._most >= max(len(task.row), len(plan.schema.fields)):
            return False
        self._most = ALL_LINES if all_of_it else self._most * 4
        self.show(*self._wanted)
        return True

    def on_resize(self) -> None:
        """Wrap the text again, and keep the field under the cursor in view."""
        if self._wanted is not None:
            self.show(*self._wanted)
        start, end = self._spans.get(self.field or "", (0, 0))
        if self.has_keys and not (start < self.top + self.size.height and end > self.top):
            self._show_line(start)
        self._take_along()

    def on_click(self, event: events.Click) -> None:
        """Tell which field it was."""
        event.stop()
        line = self.top + event.y
        name = next((name for name, (start, end) in self._spans.items() if start <= line < end), "")
        self.post_message(self.Clicked(name))

    def put_cursor(self, name: str) -> bool:
        """Put the cursor on a field in view; false where it is there already."""
        was_here = self.has_keys and name == self.field
        if name in self._spans:
            self._turn_to(name)
        return not was_here


def _with_room(
    spans: Mapping[str, tuple[int, int]], lines: Sequence[Line], name: str, wanted: int
) -> tuple[dict[str, tuple[int, int]], Sequence[Line]]:
    """The fields with blank lines under one of them, so that it has as many as are wanted."""
    start, end = spans.get(name, (0, 0))
    more = wanted - (end - start)
    if end == start or more <= 0:
        return dict(spans), lines
    moved = {
        each: (a, b + more) if each == name else (a + more, b + more) if a >= end else (a, b)
        for each, (a, b) in spans.items()
    }
    return moved, [*lines[:end], *[()] * more, *lines[end:]]
