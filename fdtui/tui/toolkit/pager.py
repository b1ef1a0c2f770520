"""A text to read: lines of which only those in view are ever made into strips."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.strip import Strip

from fdtui.tui.toolkit.cells import Line, cut_line, line_width
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.theme import paint_of

SIDE_PADDING = 2
"""Empty cells at either side of the text; the wall of a focused pane stands in the first."""


class Pager(Lined, can_focus=False):
    """Scrolls through lines. Its owner tells it the lines, and scrolls it with the movement keys."""

    is_background = True
    DEFAULT_CSS = """
    Pager { background: $fd-background; height: 1fr; }
    """

    def __init__(self, wall: str, name: str | None = None) -> None:
        super().__init__(name)
        self._wall = wall
        self._lines: Sequence[Line] = ()
        self.top = 0
        self.has_keys = False
        """Whether the movement keys go here; told by the owner, shown by the wall."""

    @property
    def text_width(self) -> int:
        """Cells for the text."""
        return max(1, self.size.width - 2 * SIDE_PADDING)

    @property
    def last_top(self) -> int:
        """The furthest that one can scroll."""
        return max(0, len(self._lines) - self.size.height)

    def set_lines(self, lines: Sequence[Line], *, keep: bool = False) -> None:
        """Show other lines, from the top unless ``keep``."""
        self._lines = lines
        self.top = min(self.top, self.last_top) if keep else 0
        self.refresh()

    def give_keys(self, has_keys: bool) -> None:
        """Show whether the movement keys go here."""
        if has_keys != self.has_keys:
            self.has_keys = has_keys
            self.refresh()

    def scroll_by(self, lines: int) -> None:
        """Scroll down, or with a negative number up."""
        self.jump_to(self.top + lines)

    def jump_to(self, top: int) -> None:
        """Bring that line to the top, as far as there is text."""
        top = max(0, min(top, self.last_top))
        if top != self.top:
            self.top = top
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` of what is in view."""
        paint, width = paint_of(self.app.theme), self.size.width
        if width < 2 * SIDE_PADDING + 1:
            return paint.blank(width)
        wall = (self._wall, "accent" if self.has_keys else "line")
        at = self.top + y
        mark, ground = self.mark_of(at)
        line = cut_line(self._lines[at], width - 2 * SIDE_PADDING) if at < len(self._lines) else ()
        rest = width - SIDE_PADDING - line_width(line)
        return paint.strip((wall, (mark, "accent"), *line, (" " * rest, "text")), width, ground)

    def mark_of(self, at: int) -> tuple[str, str]:
        """What stands before a line, and the ground that it stands on."""
        return " ", "background"

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines further."""
        event.stop()
        self.scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines back."""
        event.stop()
        self.scroll_by(-3)
