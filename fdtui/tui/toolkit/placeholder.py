"""A calm sentence where there is nothing else to show."""

from __future__ import annotations

from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.toolkit.cells import Line, line_width, wrap
from fdtui.tui.toolkit.line_view import LineView
from fdtui.tui.toolkit.theme import paint_of


class Placeholder(LineView):
    """A sentence, and under it a hint, which may have several lines; a third from the top."""

    DEFAULT_CSS = """
    Placeholder { height: 1fr; width: 1fr; }
    """

    def __init__(self, text: str = "", name: str | None = None) -> None:
        super().__init__(name)
        self._said: tuple[str, str] = (text, "")

    def show_text(self, text: str, hint: str = "") -> None:
        """Show another sentence."""
        if (text, hint) != self._said:
            self._said = (text, hint)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y``: most are empty."""
        width, height = self.size
        room = max(8, min(60, width - 4))
        lines = [(part, "text") for part in wrap(safe(self._said[0][:1000]), room)]
        if self._said[1]:
            hint = "\n".join(map(safe, self._said[1][:1000].split("\n")))
            lines += [("", "dim"), *((part, "dim") for part in wrap(hint, room))]
        at = y - max(0, (height - len(lines)) // 3)
        line: Line = ()
        if 0 <= at < len(lines):
            text, role = lines[at]
            line = ((" " * max(0, (width - line_width(((text, role),))) // 2), "text"), (text, role))
        rest = (" " * max(0, width - line_width(line)), "text")
        return paint_of(self.app.theme).strip((*line, rest), width).crop(0, width)
