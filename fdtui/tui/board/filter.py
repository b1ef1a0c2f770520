"""The line in which the filter is typed, above the footer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, line_width, spread
from fdtui.tui.toolkit.frame import PANEL
from fdtui.tui.toolkit.line_editor import LineEditor
from fdtui.tui.toolkit.overlay import Dialog, Handler, Hints
from fdtui.tui.toolkit.theme import paint_of

NOTHING_FOUND = "No card holds all these words; it is plain text."


class FilterBar(Dialog[str]):
    """Tells every change of its text by ``changed``; answers what is kept of it.

    ``changed`` answers how many cards are left, or ``None`` where `found` will say so.
    """

    scopes = ("filter", "text")
    is_typing = True

    def __init__(self, text: str, glyphs: Glyphs, *, changed: Callable[[str], int | None]) -> None:
        super().__init__(id="filter")
        self.edit = LineEditor(text)
        self._glyphs, self._changed = glyphs, changed
        self._known = text
        self._told = ""

    def place(self) -> None:
        """Over the line above the footer."""
        size = self.app.size
        self.styles.width, self.styles.height = size.width, 1
        self.styles.offset = (0, max(0, size.height - 2))

    def on_mount(self) -> None:
        """Stand over the line above the footer."""
        self.place()

    def bindings(self) -> Mapping[str, Handler]:
        """Type, keep or drop; to delete from an empty line closes it."""
        keys: dict[str, Handler] = dict(self.edit.bindings(self._edited))
        if not self.edit.text:
            keys["text.backspace"] = lambda _: self.answer("")
        keys["filter.keep"] = lambda _: self.answer(self.edit.text)
        keys["filter.drop"] = lambda _: self._drop()
        return keys

    def footer(self) -> Hints:
        """What becomes of the filter."""
        return (("filter.keep", "keep"), ("filter.drop", "drop"))

    def type(self, name: str, character: str | None) -> bool:
        """Put in what the key prints."""
        typed = self.edit.type(name, character)
        self._edited()
        return typed

    def paste(self, text: str) -> None:
        """Type it."""
        told = self.edit.paste(text)
        self._edited()
        self._told = told

    def take_notice(self, text: str, severity: str) -> bool:
        """Say it here, over the line where it would be said else."""
        self._told = safe(text[:200])
        self.refresh()
        return True

    def _drop(self) -> None:
        self._changed("")
        self.answer("")

    def _edited(self) -> None:
        self._told = ""
        self.refresh()
        if self.edit.text != self._known:
            self._known = self.edit.text
            left = self._changed(self.edit.text)
            if left is not None:
                self.found(left)

    def found(self, left: int) -> None:
        """All cards have been looked through: this many are left."""
        if not left and self.edit.text.strip():
            self._told = NOTHING_FOUND
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        width = self.size.width
        told: Line = ((f"  {self._told} ", "warn"),) if self._told else ()
        typed = self.edit.line(max(4, width - 3 - line_width(told)))
        line = spread(((" /", "bold accent"), *typed), told, width, "text", self._glyphs.cut)
        return paint_of(self.app.theme).strip(line, width, PANEL)
