"""One picture over the board, as large as there is room, with a line of facts and its keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, cut_line, key_line, line_width, spread
from fdtui.tui.look import Glyphs
from fdtui.tui.overprint import Pictures
from fdtui.tui.picture import Shown
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

GROUND = "panel"
FRAME = 5
"""Lines inside the border that are no picture: heading, facts, two rules, keys."""


class PictureView(Overlay):
    """Shows what ``make`` answers for so many columns and rows, and asks it again for other room."""

    DEFAULT_CSS = """
    PictureView { border: round $fd-accent; padding: 0 1; }
    """

    def __init__(
        self,
        heading: str,
        facts: Line,
        make: Callable[[int, int], Awaitable[Shown]],
        glyphs: Glyphs,
        *,
        pictures: Pictures | None,
        answers: Mapping[str, tuple[str, Callable[[], object]]],
        closed: Callable[[], None],
    ) -> None:
        super().__init__()
        self.heading, self._facts, self._make, self._glyphs = heading, facts, make, glyphs
        self._pictures, self._answers, self._leave = pictures, answers, closed
        self._shown = Shown()
        self._anchor: Segment | None = None
        self._room = Size(0, 0)
        """What the picture was made for; in any other it must not be drawn."""

    def place(self) -> None:
        """All but the first line and the last."""
        screen = self.app.size
        self.styles.width, self.styles.height = screen.width, max(FRAME + 3, screen.height - 2)
        self.styles.offset = (0, 1)

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def on_resize(self) -> None:
        """Draw it for the room that there is now."""
        self.run_worker(self._draw(), exclusive=True)

    async def _draw(self) -> None:
        room = self.content_size
        shown = await self._make(room.width, room.height - FRAME)
        self._shown, self._room, self._anchor = shown, room, None
        if shown.picture is not None and self._pictures is not None:
            style = paint_of(self.app.theme).style("text", GROUND)
            self._anchor = self._pictures.anchor(shown.picture, style)
        self.refresh()

    def press(self, name: str, character: str | None) -> None:
        """Answer or close."""
        answer = self._answers.get(name)
        if answer is not None:
            self._leave()
            answer[1]()
        elif name in ("escape", "q", "enter"):
            self._leave()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, (width, height) = paint_of(self.app.theme), self.content_size
        line: Line = ()
        if y == 0:
            line = ((safe(self.heading), "bold text"),)
        elif y == 1:
            line = self._facts
        elif y in {2, height - 2}:
            line = ((self._glyphs.rule * width, "line"),)
        elif y == height - 1:
            line = self._hints()
        elif self._room != self.content_size:
            line = ((f"Drawing{self._glyphs.cut}", "italic dim"),) if y == FRAME else ()
        elif self._anchor is not None and self._shown.picture is not None:
            return self._picture_line(y - 3, self._anchor, self._shown.picture.columns)
        elif y - 3 < len(self._shown.lines):
            line = self._shown.lines[y - 3]
            line = ((" " * ((width - line_width(line)) // 2), "text"), *line)
        line = cut_line(line, width, self._glyphs.cut)
        return paint.strip(spread(line, (), width, "text"), width, GROUND)

    def _picture_line(self, row: int, anchor: Segment, columns: int) -> Strip:
        paint, width = paint_of(self.app.theme), self.content_size.width
        if row != 0:
            return paint.blank(width, GROUND)
        left = max(0, (width - columns) // 2)
        rest = paint.blank(width - left - 1, GROUND)
        return Strip.join([paint.blank(left, GROUND), Strip([anchor], 1), rest])

    def _hints(self) -> Line:
        keys = [(key, word) for key, (word, _) in self._answers.items()]
        return key_line([*keys, ("esc", "closes")])
