"""Lines to read over the board, with a heading and the keys that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, cut_line, key_line, line_width, shifted, spread
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

MAX_WIDTH = 96
MAX_WIDE = 160
ASIDE = 8
"""Cells of a step to the side."""


class Paper(Overlay):
    """Scrolls with the movement keys; ``answers`` are keys with what they do and a word for it."""

    DEFAULT_CSS = """
    Paper { border: round $fd-accent; padding: 0 1; }
    Paper.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self,
        heading: str,
        lines: Callable[[int], list[Line]],
        glyphs: Glyphs,
        *,
        answers: Mapping[str, tuple[str, Callable[[], object]]],
        closed: Callable[[], None],
        leave: str = "closes",
        wide: bool = False,
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading = heading
        self._lines_of, self._glyphs, self._answers = lines, glyphs, answers
        self._leave, self._leave_word = closed, leave
        self._most = MAX_WIDE if wide else MAX_WIDTH
        self._lines: list[Line] = []
        self._top = self._aside = self._widest = 0

    def place(self) -> None:
        """In the middle, a third from the top; as high as the lines need."""
        screen = self.app.size
        width = max(8, min(self._most, screen.width - 2))
        self._lines = self._lines_of(width - 4)
        self._widest = max(map(line_width, self._lines), default=0)
        height = max(6, min(len(self._lines) + 6, screen.height))
        self.styles.width, self.styles.height = width, height
        self.styles.offset = ((screen.width - width) // 2, max(0, (screen.height - height) // 3))

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def on_resize(self) -> None:
        """Keep the end in view."""
        self._scroll(0)

    @property
    def _rows(self) -> int:
        return max(1, self.content_size.height - 4)

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, len(self._lines) - self._rows))
        self.refresh()

    def _move_aside(self, cells: int) -> None:
        """Show what stands further to the right, or back to the left."""
        self._aside = max(0, min(self._aside + cells, self._widest - self.content_size.width))
        self.refresh()

    def press(self, name: str, character: str | None) -> None:
        """Answer, scroll or close."""
        page = max(1, self._rows - 1)
        steps = {
            "j": 1, "down": 1, "k": -1, "up": -1, "ctrl+d": page // 2, "ctrl+u": -page // 2,
            "pagedown": page, "pageup": -page, "G": 10**6, "end": 10**6, "home": -(10**6),
        }  # fmt: skip
        answer = self._answers.get(name)
        if answer is not None:
            self._leave()
            answer[1]()
        elif name in ("escape", "q"):
            self._leave()
        elif name in steps:
            self._scroll(steps[name])
        elif name in {"h", "left", "l", "right", "0"}:
            self._move_aside({"h": -ASIDE, "left": -ASIDE, "0": -self._widest}.get(name, ASIDE))

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, width = paint_of(self.app.theme), self.content_size.width
        height = self.content_size.height
        line: Line = ()
        if y == 0:
            more = len(self._lines) - self._rows
            place = f"{self._top + 1}-{self._top + self._rows} of {len(self._lines)}" if more > 0 else ""
            line = spread(((safe(self.heading), "bold text"),), ((place, "dim"),), width, "dim")
        elif y in (1, height - 2):
            line = ((self._glyphs.rule * width, "line"),)
        elif y == height - 1:
            line = self._hints()
        elif self._top + y - 2 < len(self._lines):
            line = shifted(self._lines[self._top + y - 2], self._aside)
        line = cut_line(line, width, self._glyphs.cut)
        return paint.strip(spread(line, (), width, "text"), width, "panel")

    def _hints(self) -> Line:
        keys = [(key, word) for key, (word, _) in self._answers.items()]
        if self._widest > self.content_size.width:
            keys.append(("h l", "to the side"))
        return key_line([*keys, ("esc", self._leave_word)])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines further."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines back."""
        event.stop()
        self._scroll(-3)
