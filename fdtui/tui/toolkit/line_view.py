"""One line of pieces. The header, the footer and the message are such lines."""

from __future__ import annotations

from textual.strip import Strip

from fdtui.tui.toolkit.cells import Line, cut_line, line_width
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.theme import paint_of


class LineView(Lined, can_focus=False):
    """Draws lines of pieces; does nothing when they are those it draws already."""

    GROUND = "background"
    """What lies behind the text; see `fdtui.tui.toolkit.theme`."""
    DEFAULT_CSS = """
    LineView { height: 1; width: 1fr; background: $fd-background; }
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self._lines: tuple[Line, ...] = ()

    def draw(self, *lines: Line) -> None:
        """Show these lines from now on."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y``, padded to the widget's width."""
        paint, width = paint_of(self.app.theme), self.size.width
        line = cut_line(self._lines[y], width) if y < len(self._lines) else ()
        return paint.strip((*line, (" " * (width - line_width(line)), "text")), width, self.GROUND)
