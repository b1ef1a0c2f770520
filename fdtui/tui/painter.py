"""Writes only what differs from what the terminal shows already.

Textual sends every cell of a dirty region, each run of one style with its whole SGR sequence and a
reset. Over SSH that is what a held key feels like. This keeps a picture of the terminal and sends
runs of changed cells, and of a style only what differs from the style before.

It stands on private parts of Textual (the compositor's updates), so it is used with the versions
that it was tried with, and any other simply paints as Textual does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import textual
from rich.cells import split_graphemes
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from fdtui.tui.overprint import ANCHOR, Cell, Pictures

TRIED_WITH = ("8.2.",)
"""The beginnings of the Textual versions that this was tried with."""

JOIN = 5
"""As many unchanged cells in a row are cheaper to write again than to jump over."""

Look: TypeAlias = tuple[str, str, int]
"""Foreground and background as SGR parameters, and the attributes as bits."""

_ATTRIBUTES = (
    ("bold", 1, "1", "22"),
    ("dim", 2, "2", "22"),
    ("italic", 4, "3", "23"),
    ("underline", 8, "4", "24"),
    ("reverse", 16, "7", "27"),
    ("strike", 32, "9", "29"),
)
_PLAIN: Look = ("39", "49", 0)
_UNKNOWN: Cell = ("\0", None)


class _Row(NamedTuple):
    y: int
    x: int
    cells: list[Cell]
    old: list[Cell]


def is_known_textual() -> bool:
    """Whether this Textual is one that the painter was tried with."""
    return textual.__version__.startswith(TRIED_WITH)


class Painter:
    """The picture that a terminal shows, and the shortest way from it to another."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell]] = {}
        self._looks: dict[Style | None, Look] = {}
        self._system: ColorSystem | None = None
        self.pictures = Pictures()

    def forget(self) -> None:
        """Take nothing for granted any more: the terminal may show anything."""
        self._rows.clear()
        self.pictures.forget()

    def sequence(self, update: CompositorUpdate, console: Console) -> str:
        """What to write for an update of the screen."""
        if console._color_system is not self._system:
            self._system = console._color_system
            self._looks.clear()
        out: list[str] = []
        now = _PLAIN
        # Column by column: neighbours in a column share their ground, those in a row do not.
        runs = sorted(self._runs(update), key=lambda run: run[1])
        for y, x, segments in runs:
            now = self._paint(y, x, segments, now, out)
        if self._uncover():
            for y, x, segments in runs:
                now = self._paint(y, x, segments, now, out)
        if now != _PLAIN:
            out.append("\x1b[0m")
        out.append(self.pictures.sequence())
        return "".join(out)

    def _uncover(self) -> bool:
        """Whether a picture went away, so that what lay under it has to be written whole."""
        areas = self.pictures.lost(lambda y, x: self._rows[y][x])
        for area in areas:
            for y in range(area.y, area.y + area.rows):
                row = self._rows.get(y, [])
                end = min(area.x + area.columns, len(row))
                row[area.x : end] = [_UNKNOWN] * max(0, end - area.x)
        return bool(areas)

    @staticmethod
    def _runs(update: CompositorUpdate) -> Iterator[tuple[int, int, list[Segment]]]:
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                yield y, update.region.x, [segment for strip in strips for segment in strip]
        elif isinstance(update, ChopsUpdate):
            found = []
            for y, x1, x2 in update.spans:
                chops = zip(update.chop_ends[y], update.chops[y].items(), strict=False)
                for end, (x, strip) in chops:
                    if strip is not None and x <= x2 and end > x1:
                        shown = strip if end <= x2 else strip.crop(0, x2 - x)
                        found.append((y, x, list(shown)))
            # Widget by widget, for the cells of one share their styles and those of a line do not.
            yield from sorted(found, key=lambda run: (run[1], run[0]))

    def _paint(self, y: int, x: int, segments: list[Segment], now: Look, out: list[str]) -> Look:
        cells = _cells(segments)
        if not cells:
            return now
        row = self._rows.setdefault(y, [])
        end = x + len(cells)
        if len(row) < end:
            row.extend([_UNKNOWN] * (end - len(row)))
        old = row[x:end]
        if old == cells:
            return now
        row[x:end] = cells
        at, count = 0, len(cells)
        while at < count:
            if old[at] == cells[at]:
                at += 1
                continue
            start = last = at
            while at < count and at - last < JOIN:
                if old[at] != cells[at]:
                    last = at
                at += 1
            now = self._write(_Row(y, x, cells, old), start, last, now, out)
            at = last + 1
        return now

    def _write(self, row: _Row, start: int, last: int, now: Look, out: list[str]) -> Look:
        y, x, cells, old = row
        # A wide letter is written whole, and so is one that was half overwritten.
        while start and cells[start][0] == "":
            start -= 1
        while last + 1 < len(cells) and (cells[last + 1][0] == "" or old[last + 1][0] == ""):
            last += 1
        out.append(f"\x1b[{y + 1};{x + start + 1}H")
        for at in range(start, last + 1):
            text, style = cells[at]
            if not text:
                continue
            if text == ANCHOR and (picture := self.pictures.at(cells[at])) is not None:
                self.pictures.hang(y, x + at, picture)
                text = " "
            look = self._look(style)
            if text == " " and not look[2] & 24 and look[1] == now[1] and not now[2] & 24:
                out.append(text)  # a blank shows its ground only
                continue
            if look != now:
                out.append(_change(now, look))
                now = look
            out.append(text)
            if len(text) > 1 and at < last:
                # Terminals do not agree how wide a joined letter is: say where the next one stands.
                width = 2 if cells[at + 1][0] == "" else 1
                out.append(f"\x1b[{y + 1};{x + at + width + 1}H")
        self.pictures.touched(y, x + start, x + last)
        return now

    def _look(self, style: Style | None) -> Look:
        known = self._looks.get(style)
        if known is None:
            known = self._looks[style] = self._made(style)
        return known

    def _made(self, style: Style | None) -> Look:
        if style is None or self._system is None:
            return _PLAIN
        bits = sum(bit for name, bit, _, _ in _ATTRIBUTES if getattr(style, name))
        return self._codes(style.color, True), self._codes(style.bgcolor, False), bits

    def _codes(self, colour: Color | None, foreground: bool) -> str:
        if colour is None or self._system is None:
            return "39" if foreground else "49"
        return ";".join(colour.downgrade(self._system).get_ansi_codes(foreground))


def _cells(segments: list[Segment]) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        if text.isascii():
            cells.extend([(letter, style) for letter in text])
            continue
        for start, end, size in split_graphemes(text)[0]:
            if size:
                cells.append((text[start:end], style))
                if size > 1:
                    cells.append(("", style))
            elif cells and cells[-1][0]:
                cells[-1] = (cells[-1][0] + text[start:end], style)
    return cells


def _change(old: Look, new: Look) -> str:
    """The SGR sequence that makes one look of another, saying only what differs."""
    codes: list[str] = []
    gone = old[2] & ~new[2]
    if gone:
        codes += dict.fromkeys(off for _, bit, _, off in _ATTRIBUTES if gone & bit)
    # Bold and dim have one code to end both, so what is left of them is said again.
    kept = old[2] & new[2] & 3 if gone & 3 else 0
    come = (new[2] & ~old[2]) | kept
    codes += [on for _, bit, on, _ in _ATTRIBUTES if come & bit]
    if old[0] != new[0]:
        codes.append(new[0])
    if old[1] != new[1]:
        codes.append(new[1])
    return f"\x1b[{';'.join(codes)}m"


class Painted(CompositorUpdate):
    """An update of Textual's that is written by a `Painter`."""

    def __init__(self, inner: CompositorUpdate, painter: Painter) -> None:
        self._inner, self._painter = inner, painter

    @classmethod
    def of(cls, renderable: object, painter: Painter) -> object:
        """``renderable`` to be painted, or as it is if the painter does not know it."""
        if isinstance(renderable, ChopsUpdate | LayoutUpdate):
            return cls(renderable, painter)
        return renderable

    def render_segments(self, console: Console) -> str:
        """The text to write to the terminal."""
        return self._painter.sequence(self._inner, console)
