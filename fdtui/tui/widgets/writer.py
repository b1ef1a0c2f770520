"""A few lines to write into, over the foot of the board: comments, and whatever else is said."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, cut_line, spread
from fdtui.tui.editors.buffer import Buffer
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

MOST_LINES = 8


class Writer(Overlay):
    """`enter` sends; `ctrl+j`, or a backslash before `enter`, begins a new line; `esc` keeps it."""

    DEFAULT_CSS = """
    Writer { border: round $fd-accent; padding: 0 1; }
    Writer.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self,
        heading: str,
        text: str,
        glyphs: Glyphs,
        *,
        sent: Callable[[str], object],
        left: Callable[[str], object],
        mention: Callable[[Writer], object] | None = None,
        changed: Callable[[str], object] = lambda _: None,
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading, self._glyphs = heading, glyphs
        self.buffer = Buffer(text, multiline=True)
        self._sent, self._left, self._mention, self._changed = sent, left, mention, changed
        self._told = ""
        self._lines: list[Line] = []

    def place(self) -> None:
        """Over the foot of the board, as high as the text needs."""
        screen = self.app.size
        width = max(8, min(90, screen.width - 2))
        self._lines = self.buffer.lines(width - 4, MOST_LINES)
        height = min(max(3, len(self._lines)) + 4, screen.height)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = ((screen.width - width) // 2, max(0, screen.height - height - 2))

    def on_mount(self) -> None:
        """Stand over the foot."""
        self.place()

    def press(self, name: str, character: str | None) -> None:
        """Type, send, or leave."""
        self._told = ""
        before = self.buffer.text
        if name == "escape":
            self._left(self.buffer.text)
            return
        if name == "enter" and self.buffer.text[: self.buffer.caret].endswith("\\"):
            self.buffer.press("backspace", None)
            self.buffer.press("enter", None)
        elif name == "enter":
            self._send()
            return
        elif name == "ctrl+j":
            self.buffer.press("enter", None)
        else:
            self.buffer.press(name, character)
            if character == "@" and self._mention is not None:
                self._mention(self)
        self._look_again(before)

    def _send(self) -> None:
        if self.buffer.text.strip():
            self._sent(self.buffer.text)
        else:
            self._told = "There is nothing to send yet."
            self.refresh()

    def paste(self, text: str) -> None:
        """Type it; nothing of it is a key."""
        before = self.buffer.text
        self._told = self.buffer.paste(text)
        self._look_again(before)

    def _look_again(self, before: str) -> None:
        if self.buffer.text != before:
            self._changed(self.buffer.text)
        if self.is_attached:
            self.place()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, width = paint_of(self.app.theme), self.content_size.width
        height = self.content_size.height
        line: Line = ()
        if y == 0:
            line = ((safe(self.heading), "bold text"),)
        elif y == height - 1:
            line = self._hints()
        elif y - 1 < len(self._lines):
            line = self._lines[y - 1]
        return paint.strip(spread(cut_line(line, width), (), width, "text"), width, "panel")

    def _hints(self) -> Line:
        if self._told:
            return ((safe(self._told), "warn"),)
        words = [("enter", "sends"), ("^j", "or \\ enter: new line"), ("esc", "keeps it for later")]
        if self._mention is not None:
            words.insert(2, ("@", "people"))
        return tuple(
            piece for key, word in words for piece in ((f"{key} ", "bold accent"), (f"{word}  ", "dim"))
        )
