"""The list over the filter's line: what could be typed next, and how many cards are behind it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.query.completion import Suggestion
from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, Piece, cut, spread, width_of

MOST_ROWS = 8
"""Suggestions that are shown at once."""
LIST_WIDTH = 72
"""Cells that a row takes at most: a number must not stand far from what it counts."""


class SuggestionList:
    """Holds the suggestions and the one that is marked; at first none is."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self.found: tuple[Suggestion, ...] = ()
        self.at: int | None = None
        self._top = 0

    def show(self, found: tuple[Suggestion, ...]) -> None:
        """Offer these."""
        self.found, self.at, self._top = found, None, 0

    @property
    def marked(self) -> Suggestion | None:
        """The suggestion under the bar."""
        return None if self.at is None else self.found[self.at]

    @property
    def best(self) -> Suggestion | None:
        """The marked one, else the first."""
        return self.marked or next(iter(self.found), None)

    def move(self, step: int) -> None:
        """Move the bar; above the first there is none."""
        at = (-1 if self.at is None else self.at) + step
        self.at = None if at < 0 else min(at, len(self.found) - 1)

    def in_view(self, rows: int) -> tuple[Suggestion, ...]:
        """Those that ``rows`` rows show, the marked one among them."""
        rows = min(rows, MOST_ROWS)
        at = self.at or 0
        self._top = max(0, min(max(self._top, at - rows + 1), at, len(self.found) - 1))
        return self.found[self._top : self._top + rows]

    def lines(self, rows: int, width: int, counts: Mapping[str, int]) -> list[Line]:
        """A line for each that is shown; ``counts`` are the cards by the suggestion's query."""
        shown = self.in_view(rows)
        width = min(width, LIST_WIDTH)
        names = max((width_of(safe(each.label[:100])) for each in shown), default=0)
        more = len(self.found) - self._top - len(shown)
        lines = [self._line(each, min(names, width // 2), width, counts) for each in shown]
        if more > 0 and lines:
            sign: Piece = (f"  {self._glyphs.down} {more}", "dim")
            lines[-1] = (*lines[-1], sign)
        return lines

    def _line(self, each: Suggestion, names: int, width: int, counts: Mapping[str, int]) -> Line:
        is_here, is_best, cut_mark = each is self.marked, each is self.best, self._glyphs.cut
        bar: Piece = (f" {self._glyphs.bar} " if is_here else "   ", "accent")
        count = counts.get(each.query)
        name = cut(safe(each.label[:100]), names, cut_mark)
        pad = " " * (names - width_of(name) + 2)
        role = "bold text" if is_best else "dim" if count == 0 else "text"
        number: Line = ((f"{count:,}", "accent" if count else "dim"),) if count is not None else ()
        left: Line = (bar, (name, role), (pad, "text"), (safe(each.note[:200]), "dim"))
        line = spread(left, (*number, (" ", "text")), width, "text", cut_mark)
        return tuple((text, f"{role}@cursor") for text, role in line) if is_here else line
