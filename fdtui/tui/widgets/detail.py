"""The task under the cursor with every field: beside the board, or over it where it is narrow."""

from __future__ import annotations

from datetime import date

from textual import events
from textual.message import Message

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.present import CardPlan
from fdtui.tui.sheet import sheet
from fdtui.tui.widgets.pager import Pager


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
        self._drawn: tuple[object, ...] = ()
        self._wanted: tuple[Task | None, CardPlan, State, str, date] | None = None

    def show(self, task: Task | None, plan: CardPlan, state: State, stage: str, today: date) -> None:
        """Draw the task; ``stage`` is the role of its stage's colour."""
        self._wanted = (task, plan, state, stage, today)
        if not self.size:
            return  # comes again with the first layout
        why = state.refused.get(task.key) if task else None
        pending = tuple(p for p in state.pending if task and p.key == task.key)
        drawn = (task, plan, why, pending, stage, today, self.text_width, self.app.theme)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if task is None:
            self._key = None
            self.set_lines([(("No card is under the cursor.", "italic dim"),)])
            return
        lines = sheet(task, plan, state, stage=stage, width=self.text_width, today=today)
        self.set_lines(lines, keep=task.key == self._key)
        self._key = task.key

    def on_resize(self) -> None:
        """Wrap the text again."""
        if self._wanted is not None:
            self.show(*self._wanted)

    def on_click(self, event: events.Click) -> None:
        """Tell that it was clicked."""
        event.stop()
        self.post_message(self.Clicked())
