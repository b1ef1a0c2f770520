"""The line in which the filter is typed; it takes the footer's place meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from fdtui.tui.cells import Line, spread
from fdtui.tui.edit import LineEdit
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay


class FilterBar(Overlay):
    """Tells every change of its text; ``enter`` keeps the filter, ``esc`` drops it."""

    def __init__(
        self, text: str, glyphs: Glyphs, *, changed: Callable[[str], None], closed: Callable[[], None]
    ) -> None:
        super().__init__(id="filter")
        self.edit = LineEdit(text)
        self._glyphs, self._changed, self._leave = glyphs, changed, closed

    def place(self) -> None:
        """Over the footer."""
        size = self.app.size
        self.styles.width, self.styles.height = size.width, 1
        self.styles.offset = (0, max(0, size.height - 1))

    def on_mount(self) -> None:
        """Stand over the footer."""
        self.place()

    def press(self, name: str, character: str | None) -> None:
        """Type, keep or drop."""
        if name in ("enter", "escape"):
            if name == "escape":
                self._changed("")
            self._leave()
            return
        before = self.edit.text
        if name == "backspace" and not before:
            self._leave()
        elif self.edit.press(name, character):
            self._tell(before)

    def paste(self, text: str) -> None:
        """Type it."""
        before = self.edit.text
        self.edit.insert(text)
        self._tell(before)

    def _tell(self, before: str) -> None:
        self.refresh()
        if self.edit.text != before:
            self._changed(self.edit.text)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        width = self.size.width
        hint: Line = (
            ("  enter keeps it ", "dim"),
            (self._glyphs.middot, "dim"),
            (" esc drops it ", "dim"),
        )
        if width < 60:
            hint = ()
        typed = self.edit.line(max(4, width - 40 if hint else width - 3))
        line = spread(((" /", "bold accent"), *typed), hint, width, "text", self._glyphs.cut)
        return paint_of(self.app.theme).strip(line, width, "panel")
