"""Pictures that the terminal draws over cells: where they are, and when they are drawn again.

A picture hangs on one cell, its anchor, at its upper left. So it comes and goes with the text that
Textual wants to be seen, also when something was laid over it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from rich.segment import Segment
from rich.style import Style

from fdtui.core.frozen import frozen

ANCHOR = "\ufffc"
"""The letter of an anchor, which is one only where its style says so. A blank is written for it."""

Cell: TypeAlias = tuple[str, Style | None]
"""What stands in a cell; the second half of a wide letter is the empty string."""

_META = "fdtui_picture"
_KEPT = 4
"""Pictures whose anchors are known; one is on the screen, and one may be on its way."""


@frozen
class Picture:
    """Sequences that draw something over ``columns`` × ``rows`` cells, and take it away again."""

    columns: int
    rows: int
    draw: str
    """Sent with the cursor on the anchor; the cursor may stand anywhere afterwards."""
    erase: str = ""
    """For a picture above the text; empty where a letter written over it wipes it away."""


@frozen
class Area:
    """Cells, counted from 0."""

    y: int
    x: int
    rows: int
    columns: int


class Pictures:
    """The pictures on one screen, for its painter."""

    def __init__(self) -> None:
        self._known: dict[int, Picture] = {}
        self._last = 0
        self._shown: dict[tuple[int, int], Picture] = {}
        self._stale: set[tuple[int, int]] = set()
        self._erase = ""

    def anchor(self, picture: Picture, style: Style) -> Segment:
        """One cell that shows ``picture`` wherever it is painted."""
        self._last += 1
        self._known[self._last] = picture
        for number in list(self._known)[:-_KEPT]:
            del self._known[number]
        return Segment(ANCHOR, style + Style(meta={_META: self._last}))

    def at(self, cell: Cell) -> Picture | None:
        """The picture that hangs on a cell."""
        text, style = cell
        if text != ANCHOR or style is None:
            return None
        return self._known.get(style.meta.get(_META, 0))

    def hang(self, y: int, x: int, picture: Picture) -> None:
        """An anchor was written."""
        if self._shown.get((y, x), picture) is not picture:
            self._take_down(y, x)
        self._shown[y, x] = picture
        self._stale.add((y, x))

    def touched(self, y: int, first: int, last: int) -> None:
        """Cells of a row were written, and wiped away what was drawn over them."""
        for (top, left), picture in self._shown.items():
            inside = top <= y < top + picture.rows and first < left + picture.columns and last >= left
            if inside and not picture.erase:
                self._stale.add((top, left))

    def lost(self, cell: Callable[[int, int], Cell]) -> list[Area]:
        """Take down the pictures whose anchors are gone; answers the cells that they had covered."""
        areas = []
        for (y, x), picture in list(self._shown.items()):
            if self.at(cell(y, x)) is not picture:
                self._take_down(y, x)
                areas.append(Area(y, x, picture.rows, picture.columns))
        return areas

    def forget(self) -> None:
        """The screen may show anything: what is wanted will be written again."""
        for y, x in list(self._shown):
            self._take_down(y, x)

    def sequence(self) -> str:
        """What to write once the text of a frame is written."""
        erase, self._erase = self._erase, ""
        draws = [f"\x1b[{y + 1};{x + 1}H{self._shown[y, x].draw}" for y, x in sorted(self._stale)]
        self._stale.clear()
        return erase + "".join(draws)

    def farewell(self) -> str:
        """What to write before another program has the terminal."""
        self.forget()
        return self.sequence()

    def _take_down(self, y: int, x: int) -> None:
        self._erase += self._shown.pop((y, x)).erase
        self._stale.discard((y, x))
