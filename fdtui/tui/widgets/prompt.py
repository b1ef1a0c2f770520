"""One line to type, over the board: a comment, a name."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, spread
from fdtui.tui.edit import LineEdit
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay


class Prompt(Overlay):
    """``enter`` gives the text, ``esc`` drops it."""

    DEFAULT_CSS = """
    Prompt { border: round $fd-accent; padding: 0 1; height: 5; }
    Prompt.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self, title: str, glyphs: Glyphs, *, done: Callable[[str], object], closed: Callable[[], None]
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading, self.edit = title, LineEdit()
        self._glyphs, self._done, self._leave = glyphs, done, closed

    def place(self) -> None:
        """Wide, a third from the top."""
        screen = self.app.size
        width = max(8, min(84, screen.width - 4))
        self.styles.width = width
        self.styles.offset = ((screen.width - width) // 2, max(0, (screen.height - 5) // 3))

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def press(self, name: str, character: str | None) -> None:
        """Type, give or drop."""
        if name in ("enter", "escape"):
            text = self.edit.text.strip()
            self._leave()
            if name == "enter" and text:
                self._done(text)
        elif self.edit.press(name, character):
            self.refresh()

    def paste(self, text: str) -> None:
        """Type it."""
        self.edit.insert(text)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The title, the line, what the keys do."""
        width = self.content_size.width
        lines: list[Line] = [
            ((safe(self.heading), "bold text"),),
            ((f"{self._glyphs.more} ", "bold accent"), *self.edit.line(max(4, width - 2))),
            (("enter sends it, esc drops it", "dim"),),
        ]
        line = spread(lines[y], (), width, "text", self._glyphs.cut) if y < len(lines) else ()
        return paint_of(self.app.theme).strip(line, width, "panel")
