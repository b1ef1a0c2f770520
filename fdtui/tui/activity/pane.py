"""The pane at the bottom: the executions, and on its second tab the requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual import events
from textual.strip import Strip

from fdtui.tui.activity.run_rows import RunRow
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, cut_line, line_width, width_of
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.theme import paint_of


class PaneTab(NamedTuple):
    """A tab: its id, its name with how many rows it has, and whether it is open."""

    id: str
    name: str
    is_open: bool


class ActivityView(Lined, can_focus=False):
    """Draws the rows it is told; knows nothing of what they are."""

    is_background = True
    DEFAULT_CSS = """
    ActivityView { height: 6; width: 1fr; display: none; background: $fd-panel; }
    """

    def __init__(
        self, glyphs: Glyphs, *, clicked: Callable[[str, int], None], turned: Callable[[int], None]
    ) -> None:
        """``clicked`` gets the tab that was clicked, or with an empty one of the line below them."""
        super().__init__("runs")
        self._glyphs, self._clicked, self._turned = glyphs, clicked, turned
        self._shown: tuple[object, ...] = ()
        self._rows: Sequence[RunRow] = ()
        self._tabs: tuple[PaneTab, ...] = ()
        self._has_keys = False
        self._nothing = ""

    def show(
        self, rows: Sequence[RunRow], tabs: tuple[PaneTab, ...], *, has_keys: bool, nothing: str
    ) -> None:
        """Draw these rows under these tabs, of which one is open."""
        shown = (tuple(rows), tabs, has_keys, nothing)
        if shown != self._shown:
            self._shown = shown
            self._rows, self._tabs, self._has_keys, self._nothing = rows, tabs, has_keys, nothing
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y``: the tabs, then the rows."""
        paint, width = paint_of(self.app.theme), self.size.width
        if y == 0:
            line = cut_line(self._head(width), width, "")
            return paint.strip(line, line_width(line), "panel").crop(0, width)
        at = y - 1
        if at < len(self._rows):
            row = self._rows[at]
            line, ground = cut_line(row.line, width, self._glyphs.cut), row.ground
        else:
            line, ground = ((f" {self._nothing}", "italic dim"),) if at == 0 else (), "panel"
            line = cut_line(line, width, self._glyphs.cut)
        rest = (" " * max(0, width - line_width(line)), "text")
        return paint.strip((*line, rest), width, ground)

    def _head(self, width: int) -> Line:
        rule, role = self._glyphs.rule, "accent" if self._has_keys else "line"
        line: Line = ((rule, role),)
        for _, name, is_open in self._tabs:
            shown = "bold accent" if is_open and self._has_keys else "bold text" if is_open else "dim"
            line += ((f" {name} ", shown), (rule, role))
        return (*line, (rule * max(0, width - line_width(line)), role))

    def on_click(self, event: events.Click) -> None:
        """Tell which tab or which line was clicked."""
        event.stop()
        if event.y:
            self._clicked("", event.y - 1)
        else:
            self._clicked(self._tab_at(event.x), 0)

    def _tab_at(self, x: int) -> str:
        """The tab at that cell of the first line; beside them, the open one."""
        end = width_of(self._glyphs.rule)
        for each in self._tabs:
            start, end = end, end + width_of(f" {each.name} {self._glyphs.rule}")
            if start <= x < end:
                return each.id
        return next(each.id for each in self._tabs if each.is_open)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Further down."""
        event.stop()
        self._turned(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Further up."""
        event.stop()
        self._turned(-1)
