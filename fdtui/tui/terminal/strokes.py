"""The shortest way to write cells that differ: strokes of one look, and the pen that writes them. Pure.

What costs most are colours: one is up to 19 bytes, a move of the cursor 3 to 8. So the strokes of a
frame are written look by look, not line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from fdtui.tui.terminal.abilities import Abilities

Look: TypeAlias = tuple[str, str, int]
"""Foreground and background as SGR parameters, and the attributes as bits."""

ATTRIBUTES = (
    ("bold", 1, "1", "22"),
    ("dim", 2, "2", "22"),
    ("italic", 4, "3", "23"),
    ("underline", 8, "4", "24"),
    ("reverse", 16, "7", "27"),
    ("strike", 32, "9", "29"),
)
SHOWN_ON_BLANKS = 8 | 16 | 32
"""The attributes that are to be seen where there is no letter."""
PLAIN: Look = ("39", "49", 0)

JOIN = 4
"""As many cells in a row are cheaper to write again, or as blanks, than to jump over."""
FEW_LOOKS = 16
"""A frame of no more looks than this, such as that of a key press, takes them in the cheapest order."""
_BLANKS = re.compile(r" {5,}")

_CUBE = {0: 0, 95: 1, 135: 2, 175: 3, 215: 4, 255: 5}
"""The six steps of each channel in xterm's cube of colours."""


@dataclass(slots=True)
class Stroke:
    """Cells of one row, next to each other, in one look."""

    y: int
    x: int
    end: int
    """The column behind its last cell."""
    look: Look
    text: str
    has_ink: bool
    """Whether there is more to be seen than a ground, which any foreground leaves alone."""
    is_raw: bool = False
    """Whether each blank is written as one: pixels may lie over it."""
    is_closed: bool = False
    """Whether nothing more is written behind it without saying where."""

    def goes_on(self, x: int, look: Look, *, ink: bool) -> bool:
        """Whether a cell right behind it is surely written along: what most cells are."""
        is_next = self.end == x and self.look is look and not self.is_closed
        return is_next and (self.has_ink or not ink)

    def takes(self, look: Look, *, ink: bool) -> bool:
        """Whether a cell of that look can be written along with it."""
        if self.look[1] != look[1]:
            return False
        if not ink:
            return not self.look[2] & SHOWN_ON_BLANKS
        if not self.has_ink:
            return len(self.text) <= JOIN and not look[2] & SHOWN_ON_BLANKS
        return self.look == look


class Pen:
    """Writes strokes; knows where the terminal's cursor is, and in which look it writes."""

    def __init__(self, abilities: Abilities, width: int) -> None:
        self._abilities, self._width = abilities, width
        self._at: tuple[int, int] | None = None
        """Line and column, while they are certain: terminals do not agree how wide every letter is."""
        self._look = PLAIN
        self._out: list[str] = []

    @property
    def written(self) -> str:
        """Everything so far, with a plain look at its end."""
        return "".join([*self._out, "\x1b[0m"] if self._look != PLAIN else self._out)

    def fill(self, ground: str) -> None:
        """Give the whole screen one ground."""
        self._take_up((PLAIN[0], ground, 0), ink=False)
        self._out.append("\x1b[H\x1b[J")
        self._at = (0, 0)

    def write(self, strokes: Iterable[Stroke]) -> None:
        """Write them all, those of one look together; of few looks the cheapest to change to is next."""
        groups = [[*each] for _, each in groupby(sorted(strokes, key=_order), _group)]
        is_few = len(groups) <= FEW_LOOKS
        while groups:
            next_one = min(groups, key=self._cost) if is_few else groups[0]
            groups.remove(next_one)
            for each in next_one:
                self._take_up(each.look, ink=each.has_ink)
                self._go(each.y, each.x)
                self._out.append(self._spelled(each))

    def _cost(self, group: Sequence[Stroke]) -> int:
        """Bytes until the pen has the look of a group."""
        first = group[0]
        look = _seen(self._look, first.look, ink=first.has_ink)
        return len(change(self._look, look)) if look != self._look else 0

    def _take_up(self, look: Look, *, ink: bool) -> None:
        now = self._look
        look = _seen(now, look, ink=ink)
        if look != now:
            self._out.append(change(now, look))
            self._look = look

    def _go(self, y: int, x: int) -> None:
        if self._at != (y, x):
            self._out.append(min(self._ways(y, x), key=len))
        self._at = (y, x)

    def _ways(self, y: int, x: int) -> Iterable[str]:
        yield f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
        if self._at is None:
            return
        line, column = self._at
        if line == y and x > column:
            yield f"\x1b[{x - column}C" if x - column > 1 else "\x1b[C"
        if line == y and 0 < column - x < JOIN:
            yield "\b" * (column - x)
        if column == x and y > line:
            yield f"\x1b[{y - line}B" if y - line > 1 else "\x1b[B"
        if column == x and y < line:
            yield f"\x1b[{line - y}A" if line - y > 1 else "\x1b[A"

    def _spelled(self, stroke: Stroke) -> str:
        """Its text with the shorter sequences for blanks."""
        text = stroke.text
        is_narrow = text.isascii() and stroke.end < self._width
        self._at = (stroke.y, stroke.end) if is_narrow else None
        can_erase = self._abilities.erases and not stroke.is_raw
        if can_erase and not stroke.look[2] & SHOWN_ON_BLANKS and "     " in text:
            text = self._erasing(text, stroke)
        return text

    def _erasing(self, text: str, stroke: Stroke) -> str:
        kept = text.rstrip(" ")
        count = len(text) - len(kept)
        if count > JOIN:
            is_last = stroke.end >= self._width
            text = kept + ("\x1b[K" if is_last else f"\x1b[{count}X")
            self._at = (stroke.y, stroke.end - count) if kept.isascii() else None
        return _BLANKS.sub(_jumped, text)


def _order(stroke: Stroke) -> tuple[str, bool, int, str, int, int]:
    """Ground by ground; on each the blanks, then what is bold, which says most while the rest comes."""
    look = stroke.look
    if not stroke.has_ink:
        return look[1], False, 0, "", stroke.y, stroke.x
    return look[1], True, -look[2], look[0], stroke.y, stroke.x


def _group(stroke: Stroke) -> tuple[object, ...]:
    """What the strokes have in common that are written together."""
    return (stroke.look, True) if stroke.has_ink else (stroke.look[1], False)


def _seen(now: Look, look: Look, *, ink: bool) -> Look:
    """``look``, or where only its ground is to be seen, what is nearest to ``now`` and has that."""
    return look if ink else (now[0], look[1], now[2] & ~SHOWN_ON_BLANKS)


def _jumped(match: re.Match[str]) -> str:
    count = len(match[0])
    short = f"\x1b[{count}X\x1b[{count}C"
    return short if len(short) < count else match[0]


def indexed(red: int, green: int, blue: int) -> int | None:
    """The number that a colour has in xterm's palette of 256, if it is exactly there: fewer bytes."""
    if {red, green, blue} <= _CUBE.keys():
        return 16 + 36 * _CUBE[red] + 6 * _CUBE[green] + _CUBE[blue]
    is_grey = red == green == blue and 8 <= red <= 238 and (red - 8) % 10 == 0
    return 232 + (red - 8) // 10 if is_grey else None


def change(old: Look, new: Look) -> str:
    """The SGR sequence that makes one look of another, saying only what differs."""
    codes: list[str] = []
    gone = old[2] & ~new[2]
    if gone:
        codes += dict.fromkeys(off for _, bit, _, off in ATTRIBUTES if gone & bit)
    # Bold and dim have one code to end both, so what is left of them is said again.
    kept = old[2] & new[2] & 3 if gone & 3 else 0
    come = (new[2] & ~old[2]) | kept
    codes += [on for _, bit, on, _ in ATTRIBUTES if come & bit]
    if old[0] != new[0]:
        codes.append(new[0])
    if old[1] != new[1]:
        codes.append(new[1])
    return f"\x1b[{';'.join(codes)}m"
