"""One picture over the board, as large as there is room, with a line of facts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.preferences import Glyphs
from fdtui.tui.terminal.encode import Shown
from fdtui.tui.terminal.images import Pictures
from fdtui.tui.toolkit.cells import Line, line_width
from fdtui.tui.toolkit.frame import PANEL, Frame
from fdtui.tui.toolkit.theme import paint_of

FRAME = 3
"""Lines inside the border that are no picture: heading, facts, a rule."""


class PictureView(Frame[str]):
    """Shows what ``make`` answers for these columns and rows, and asks it again for other room.

    Answers ``download`` where the file is to be downloaded.
    """

    scopes = ("preview",)

    def __init__(
        self,
        heading: str,
        facts: Line,
        make: Callable[[int, int], Awaitable[Shown]],
        glyphs: Glyphs,
        *,
        pictures: Pictures | None,
    ) -> None:
        super().__init__(heading, glyphs)
        self._facts, self._make = facts, make
        self._pictures = pictures
        self._shown = Shown()
        self._anchor: Segment | None = None
        self._room = Size(0, 0)
        """What the picture was made for; in any other it must not be drawn."""

    def place(self) -> None:
        """All but the first line and the last."""
        screen = self.app.size
        self.styles.width, self.styles.height = screen.width, max(FRAME + 3, screen.height - 2)
        self.styles.offset = (0, 1)

    def on_resize(self) -> None:
        """Draw it for the room that there is now."""
        self.run_worker(self._draw(), exclusive=True)

    async def _draw(self) -> None:
        room = self.content_size
        shown = await self._make(room.width, room.height - FRAME)
        self._shown, self._room, self._anchor = shown, room, None
        if shown.picture is not None and self._pictures is not None:
            style = paint_of(self.app.theme).style("text", PANEL)
            self._anchor = self._pictures.anchor(shown.picture, style)
        self.refresh()

    def bindings(self) -> Mapping[str, Handler]:
        """Download it, or go back."""
        return {
            "preview.download": lambda _: self.answer("download"),
            "preview.close": lambda _: self.answer(),
        }

    def footer(self) -> Hints:
        """What can be done with the file."""
        return declared_hints("preview")

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border; of a picture that the terminal draws, its place."""
        is_placed = y >= FRAME and self._room == self.content_size
        if is_placed and self._anchor is not None and self._shown.picture is not None:
            return self._picture_line(y - FRAME, self._anchor, self._shown.picture.columns)
        return super().render_line(y)

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The heading, the facts, a rule, and a picture that is made of letters."""
        line: Line = ()
        if y == 0:
            line = ((safe(self.heading), "bold text"),)
        elif y == 1:
            line = self._facts
        elif y == FRAME - 1:
            line = self.rule_line(width)
        elif self._room != self.content_size:
            line = ((f"Drawing{self.glyphs.cut}", "italic dim"),) if y == FRAME else ()
        elif y - FRAME < len(self._shown.lines):
            line = self._shown.lines[y - FRAME]
            line = ((" " * ((width - line_width(line)) // 2), "text"), *line)
        return line, PANEL

    def _picture_line(self, row: int, anchor: Segment, columns: int) -> Strip:
        paint, width = paint_of(self.app.theme), self.content_size.width
        if row != 0:
            return paint.blank(width, PANEL)
        left = max(0, (width - columns) // 2)
        rest = paint.blank(width - left - 1, PANEL)
        return Strip.join([paint.blank(left, PANEL), Strip([anchor], 1), rest])
