"""The task under the cursor with every field: beside the board, or over it where it is narrow."""

from __future__ import annotations

from datetime import date

from textual import events
from textual.message import Message

from fdtui.core.details import Part
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.present import CardPlan
from fdtui.tui.sheet import FIRST_FIELDS, sheet
from fdtui.tui.widgets.pager import Pager

MANY = 10**6


class Detail(Pager):
    """Reads one task; stays where it was scrolled to while the task stays the same."""

    DEFAULT_CSS = """
    Detail { display: none; }
    """

    class Clicked(Message):
        """The pane was clicked."""

    def __init__(self, wall: str) -> None:
        super().__init__(wall, "detail")
        self._key: str | None = None
        self._most = FIRST_FIELDS
        self._drawn: tuple[object, ...] = ()
        self._wanted: tuple[Task | None, CardPlan, State, str, date] | None = None

    def show(self, task: Task | None, plan: CardPlan, state: State, stage: str, today: date) -> None:
        """Draw the task; ``stage`` is the role of its stage's colour."""
        self._wanted = (task, plan, state, stage, today)
        if not self.size:
            return  # comes again with the first layout
        why = state.refused.get(task.key) if task else None
        pending = tuple(p for p in state.pending if task and p.key == task.key)
        if task is None or task.key != self._key:
            self._most = FIRST_FIELDS
        known = state.details.get(task.key) if task else None
        runs = [run for run in state.runs if task and run.key == task.key]
        actions = (known and known.actions, known and known.problem(Part.ACTIONS), tuple(runs[-9:]))
        drawn = (
            actions,
            task,
            self._most,
            plan,
            why,
            pending,
            stage,
            today,
            self.text_width,
            self.app.theme,
        )
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if task is None:
            self._key = None
            self.set_lines([(("No card is under the cursor.", "italic dim"),)])
            return
        lines = sheet(
            task, plan, state, stage=stage, width=self.text_width, today=today, most=self._most
        )
        self.set_lines(lines, keep=task.key == self._key)
        self._key = task.key

    def jump_to(self, top: int) -> None:
        """Bring that line to the top; where fields were left out, make them when one comes near."""
        super().jump_to(top)
        if self.top >= self.last_top and self._wanted is not None and self._lines:
            task, plan = self._wanted[0], self._wanted[1]
            if task is not None and self._most < max(len(task.row), len(plan.schema.fields)):
                self._most = self._most * 4 if top < MANY else MANY
                self.show(*self._wanted)
                super().jump_to(top)

    def go_to_field(self, name: str) -> None:
        """Bring the line of that field to the top."""
        label = safe(name[:256])[:20]
        for at, line in enumerate(self._lines):
            if line and line[0][0].startswith(label):
                self.jump_to(at)
                return

    def on_resize(self) -> None:
        """Wrap the text again."""
        if self._wanted is not None:
            self.show(*self._wanted)

    def on_click(self, event: events.Click) -> None:
        """Tell that it was clicked."""
        event.stop()
        self.post_message(self.Clicked())
