"""A widget that is nothing but lines: no border, no padding, each line made once.

Textual renders every line of every widget that touches a repainted region through its style cache
and filters, also those that did not change. These keep their finished lines, which makes a cursor
move half as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from fdtui.tui.toolkit.theme import paint_of

STAMP = "bold on_accent@accent"
"""How a letter looks that stands over a line."""


class Lined(Widget, can_focus=False):
    """Keeps its finished lines until it, or a region of it, is refreshed."""

    ALLOW_SELECT = False
    is_background = False
    """Whether it steps back while a dialog lies over it; lines that inform the user do not."""
    is_dimmed = False
    """Whether it is drawn in one quiet colour."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(id=name)
        self._finished: dict[int, Strip] = {}
        self._finished_width = 0
        self._stamps: Mapping[int, Sequence[tuple[int, str]]] = {}

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Make the lines of these regions again, or without any, all lines."""
        if regions:
            for region in regions:
                for y in range(region.y, region.bottom):
                    self._finished.pop(y, None)
        else:
            self._finished.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The finished lines of ``crop``."""
        width = self.size.width
        if width != self._finished_width:
            self._finished.clear()
            self._finished_width = width
        strips = [self._finished.get(y) or self._finish(y) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.width != width:
            return [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def stamp(self, stamps: Mapping[int, Sequence[tuple[int, str]]]) -> None:
        """Show these letters over its lines: by line, each with the cell where it begins."""
        if stamps != self._stamps:
            lines = {*stamps, *self._stamps}
            self._stamps = stamps
            self.refresh(*(Region(0, y, self.size.width, 1) for y in sorted(lines)))

    def _stamped(self, strip: Strip, y: int) -> Strip:
        for x, letters in self._stamps.get(y, ()):
            stamp = paint_of(self.app.theme).strip(((letters, STAMP),), len(letters))
            strip = Strip.join((strip.crop(0, x), stamp, strip.crop(x + len(letters))))
        return strip

    def dim(self, is_dimmed: bool) -> None:
        """Step back, or come forward again; grounds stay as they are, so blanks cost no bytes."""
        if self.is_dimmed != is_dimmed:
            self.is_dimmed = is_dimmed
            self.refresh()

    def _finish(self, y: int) -> Strip:
        strip = self.render_line(y)
        if self.is_dimmed:
            strip = paint_of(self.app.theme).dimmed(strip)
        if y in self._stamps:
            strip = self._stamped(strip, y)
        if self.app.no_color:
            for line_filter in self.get_line_filters():
                strip = strip.apply_filter(line_filter, self.background_colors[1])
        self._finished[y] = strip
        return strip


class Ground(Widget, can_focus=False):
    """A container of which nothing is to be seen but its background."""

    BLANK = True
    ALLOW_SELECT = False


def show(widget: Widget, shown: bool) -> None:
    """Show or hide a part; asking for what is so already costs no layout."""
    if widget.display != shown:
        widget.display = shown
