"""The pane at the bottom: the executions, and on its second tab the requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.strip import Strip

from fdtui.tui.cells import Line, cut_line, line_width
from fdtui.tui.look import Glyphs
from fdtui.tui.runrows import Row
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.lined import Lined


class RunsPane(Lined, can_focus=False):
    """Draws the rows it is told; knows nothing of what they are."""

    DEFAULT_CSS = """
    RunsPane { height: 6; width: 1fr; display: none; background: $fd-panel; }
    """

    def __init__(
        self, glyphs: Glyphs, *, clicked: Callable[[int], None], turned: Callable[[int], None]
    ) -> None:
        super().__init__("runs")
        self._glyphs, self._clicked, self._turned = glyphs, clicked, turned
        self._shown: tuple[object, ...] = ()
        self._rows: Sequence[Row] = ()
        self._tabs: tuple[tuple[str, bool], ...] = ()
        self._has_keys = False
        self._nothing = ""

    def show(
        self, rows: Sequence[Row], tabs: tuple[tuple[str, bool], ...], *, has_keys: bool, nothing: str
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
        for name, is_open in self._tabs:
            shown = "bold accent" if is_open and self._has_keys else "bold text" if is_open else "dim"
            line += ((f" {name} ", shown), (rule, role))
        return (*line, (rule * max(0, width - line_width(line)), role))

    def on_click(self, event: events.Click) -> None:
        """Tell which row was clicked; -1 is the line with the tabs."""
        event.stop()
        self._clicked(event.y - 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Further down."""
        event.stop()
        self._turned(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Further up."""
        event.stop()
        self._turned(-1)
