"""Writes only what differs from what the terminal shows already.

Textual sends every cell of a dirty region, each run of one style with its whole SGR sequence and a
reset. Over SSH that is what a held key feels like. This keeps a picture of the terminal and sends
runs of changed cells, and of a style only what differs from the style before.

It stands on private parts of Textual (the compositor's updates), so it is used with the versions
that it was tried with, and any other simply paints as Textual does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from fdtui.tui.terminal.abilities import Abilities
from fdtui.tui.terminal.images import ANCHOR, Cell, Pictures
from fdtui.tui.terminal.strip_cells import cells_in, within
from fdtui.tui.terminal.strokes import (
    ATTRIBUTES,
    JOIN,
    PLAIN,
    SHOWN_ON_BLANKS,
    Look,
    Pen,
    Stroke,
    indexed,
)
from fdtui.tui.toolkit.whole_strip import Half


@dataclass
class ShownFrame:
    """All cells of a screen."""

    size: tuple[int, int]
    """Columns and rows."""
    rows: list[list[Cell]]
    system: ColorSystem | None
    """Which colours its styles are shown in."""


MAX_SEEN_LOOKS = 4096
"""Style objects of which the look is kept."""
_UNKNOWN: Cell = ("\0", None)
_MANY = (ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR)
"""Where a colour of the 256 is shown as it is."""


def is_paintable(update: object) -> TypeGuard[CompositorUpdate]:
    """Whether the painter knows this kind of update."""
    return isinstance(update, ChopsUpdate | LayoutUpdate)


class Painter:
    """The picture that a terminal shows, the one it should show, and the shortest way there."""

    def __init__(self, abilities: Abilities | None = None) -> None:
        self._abilities = abilities or Abilities()
        self._rows: dict[int, list[Cell]] = {}
        """What the terminal shows."""
        self._wanted: dict[int, list[Cell]] = {}
        self._dirty: dict[int, tuple[int, int]] = {}
        """First and last column that may differ, by row."""
        self._size = (0, 0)
        """Columns and rows of the last whole picture."""
        self._looks: dict[Style | None, Look] = {}
        self._seen_looks: dict[int, tuple[Style | None, Look]] = {}
        """The same by the object, for a style takes longer to hash than its look to be compared."""
        self._carets: set[Style | None] = set()
        self._system: ColorSystem | None = None
        self.caret: tuple[int, int] | None = None
        """Column and line of the cell where text is typed, if there is one on the screen."""
        self.pictures = Pictures()

    def forget(self) -> None:
        """Take nothing for granted from now on: the terminal may show anything."""
        self._rows.clear()
        self._wanted.clear()
        self._dirty.clear()
        self.caret = None
        self.pictures.forget()

    def shown(self) -> ShownFrame | None:
        """What the terminal shows, copied; ``None`` where that is not known for certain."""
        width, height = self._size
        rows = [[*self._rows.get(y, ())] for y in range(height)]
        if not rows or any(len(row) != width or any(map(_is_unsure, row)) for row in rows):
            return None
        return ShownFrame(self._size, rows, self._system)

    def paint(self, frame: ShownFrame) -> tuple[str, list[list[tuple[str, Look]]]]:
        """What to write to a terminal of which nothing is known, and the cells that are then there."""
        self.forget()
        self._size, self._system = frame.size, frame.system
        for y, row in enumerate(frame.rows):
            self._want(y, 0, row)
        return self.frame(), [[(text, self._look(style)) for text, style in row] for row in frame.rows]

    def adopt(self, rows: list[list[tuple[str, Look]]], console: Console) -> None:
        """Take cells that the terminal shows already; each row is as wide as the screen."""
        self.forget()
        self._system = console._color_system
        self._forget_looks()
        styles: dict[Look, Style] = {}
        for look in (look for row in rows for _, look in row if look not in styles):
            styles[look] = Style(meta={"fdtui_look": len(styles)})
            self._looks[styles[look]] = look
        self._rows = {y: [(text, styles[look]) for text, look in row] for y, row in enumerate(rows)}

    def sequence(self, update: CompositorUpdate, console: Console) -> str:
        """What to write for an update of the screen."""
        self.take(update, console)
        return self.frame()

    def take(self, update: CompositorUpdate, console: Console) -> None:
        """Want what an update brings; nothing is written before `frame` is asked for."""
        if console._color_system is not self._system:
            self._system = console._color_system
            self._forget_looks()
        if isinstance(update, LayoutUpdate) and not update.region.x and not update.region.y:
            self._size = (update.region.width, update.region.height)
        for y, x, cells in self._runs(update):
            self._want(y, x, cells)

    def frame(self) -> str:
        """What to write so that the terminal shows what is wanted; empty where it does."""
        pen = Pen(self._abilities, self._size[0])
        if not self._rows and self._abilities.erases:
            self._fill(pen)
        self._uncover()
        dirty, self._dirty = self._dirty, {}
        pen.write(
            [
                each
                for y, (first, last) in sorted(dirty.items())
                for each in self._strokes(y, first, last)
            ]
        )
        return pen.written + self.pictures.sequence()

    def _fill(self, pen: Pen) -> None:
        """Begin with the ground that most cells have, where the whole picture is known."""
        width, height = self._size
        rows = [self._wanted.get(y, []) for y in range(height)]
        if not rows or any(len(row) != width or _UNKNOWN in row for row in rows):
            return
        grounds = Counter(style for row in rows for text, style in row if text == " ")
        blank = next(
            (each for each, _ in grounds.most_common() if not self._look(each)[2] & SHOWN_ON_BLANKS),
            None,
        )
        if blank is not None:
            pen.fill(self._look(blank)[1])
            self._rows = {y: [(" ", blank)] * width for y in range(height)}

    def _uncover(self) -> None:
        """Where a picture went away, what lay under it has to be written whole."""
        for area in self.pictures.lost(lambda y, x: self._wanted[y][x]):
            for y in range(area.y, area.y + area.rows):
                row = self._rows.get(y, [])
                end = min(area.x + area.columns, len(row))
                row[area.x : end] = [_UNKNOWN] * max(0, end - area.x)
                if end > area.x:
                    self._touch(y, area.x, end - 1)

    def _touch(self, y: int, first: int, last: int) -> None:
        known = self._dirty.get(y, (first, last))
        self._dirty[y] = (min(first, known[0]), max(last, known[1]))

    def _runs(self, update: CompositorUpdate) -> Iterator[tuple[int, int, list[Cell]]]:
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                line = list(strips)
                parts = zip(line, [*line[1:], Strip([])], strict=False)
                segments = (each for strip, after in parts for each in within(strip, after))
                yield y, update.region.x, cells_in(segments)
        elif isinstance(update, ChopsUpdate):
            found = []
            for y, x1, x2 in update.spans:
                chop = update.chops[y]
                after_each: list[Strip | None] = [*chop.values(), None][1:]
                for end, (x, strip), after in zip(
                    update.chop_ends[y], chop.items(), after_each, strict=False
                ):
                    if strip is not None and x <= x2 and end > x1:
                        is_unknown = after is None and self._is_second_half(y, end)
                        cells = cells_in(strip if is_unknown else within(strip, after or Strip([])))
                        room = len(cells) if end <= x2 else x2 - x
                        # A wide letter is not cut in half by the end of what is to be painted.
                        room += room < len(cells) and not cells[room][0]
                        found.append((y, x, cells[:room]))
            # Widget by widget, for the cells of one share their styles and those of a line do not.
            yield from sorted(found, key=lambda run: (run[1], run[0]))

    def _is_second_half(self, y: int, x: int) -> bool:
        """Whether the second cell of a wide letter is wanted there."""
        row = self._wanted.get(y, [])
        return x < len(row) and row[x][0] == ""

    def _want(self, y: int, x: int, cells: list[Cell]) -> None:
        if not cells:
            return
        row = self._wanted.setdefault(y, [])
        first, style = cells[0]
        if isinstance(first, Half):
            is_there = 0 < x <= len(row) and row[x - 1][0] == first.letter
            cells = [("" if is_there else " ", style), *cells[1:]]
        end = x + len(cells)
        if len(row) < end:
            row.extend([_UNKNOWN] * (end - len(row)))
        if row[x:end] == cells:
            return
        row[x:end] = cells
        self._follow_caret(y, x, cells)
        self._touch(y, x, end - 1)

    def _changed(self, row: list[Cell], old: list[Cell], first: int, last: int) -> set[int]:
        """The columns to write; of a wide letter both cells, also of one that is half overwritten."""
        found: set[int] = set()
        has_wide = last + 1 < len(row) and not (row[last + 1][0] and old[last + 1][0])
        for x in range(first, last + 1):
            before, now = old[x], row[x]
            is_open = before is not now and now is not _UNKNOWN
            if is_open and (before[0] != now[0] or not self._looks_alike(before, now)):
                found.add(x)
            has_wide = has_wide or not (now[0] and before[0])
        unseen = list(found) if has_wide else []
        while unseen:
            x = unseen.pop()
            near = [x - 1] if x and (row[x][0] == "" or old[x][0] == "") else []
            if x + 1 < len(row) and (row[x + 1][0] == "" or old[x + 1][0] == ""):
                near.append(x + 1)
            unseen += [each for each in near if each not in found]
            found.update(near)
        return found

    def _strokes(self, y: int, first: int, last: int) -> list[Stroke]:
        row, old = self._wanted[y], self._rows.setdefault(y, [])
        old.extend([_UNKNOWN] * (len(row) - len(old)))
        changed = self._changed(row, old, first, last)
        strokes: list[Stroke] = []
        stroke: Stroke | None = None
        look_of: Style | None = None
        look = self._look(None)
        for x in sorted(changed):
            text, style = row[x]
            is_raw = old[x] is _UNKNOWN
            if not text:
                if stroke is not None and stroke.end == x:
                    stroke.end += 1
                continue
            if style is not look_of:
                look_of, look = style, self._look(style)
            if text == ANCHOR and (picture := self.pictures.at(row[x])) is not None:
                self.pictures.hang(y, x, picture)
                text = " "
            ink = text != " " or bool(look[2] & SHOWN_ON_BLANKS)
            if stroke is None or not stroke.goes_on(x, look, ink=ink):
                if stroke is None or not stroke.takes(look, ink=ink) or not self._bridge(stroke, x):
                    stroke = Stroke(y, x, x, look, "", has_ink=False)
                    strokes.append(stroke)
                if ink and not stroke.has_ink:
                    stroke.look, stroke.has_ink = look, True
            stroke.text += text
            stroke.end = x + 1
            stroke.is_raw = stroke.is_raw or is_raw
            if len(text) > 1:  # terminals do not agree how wide a joined letter is
                stroke.is_closed = True
        for stroke in strokes:
            self.pictures.touched(y, stroke.x, stroke.end - 1)
        # Also where nothing is written: what was taken over knows its look in this painter only.
        for x in (*range(first, last + 1), *changed):
            if row[x] is not _UNKNOWN:
                old[x] = row[x]
        return strokes

    def _bridge(self, stroke: Stroke, x: int) -> bool:
        """Whether a stroke goes on at ``x``, over a few cells that are as they should be."""
        if stroke.is_closed or x - stroke.end > JOIN:
            return False
        between = self._wanted[stroke.y][stroke.end : x]
        for text, style in between:
            look = self._look(style)
            ink = text != " " or bool(look[2] & SHOWN_ON_BLANKS)
            if not (" " <= text <= "~") or len(text) != 1 or not stroke.takes(look, ink=ink):
                return False
            if ink and not stroke.has_ink:
                return False
        stroke.text += "".join(text for text, _ in between)
        return True

    def _looks_alike(self, old: Cell, new: Cell) -> bool:
        """Whether both show their letter, which is the same, in the same look; or the same ground."""
        if old[1] is new[1]:
            return True
        if new[0] == ANCHOR:
            return old[1] == new[1]
        one, other = self._look(old[1]), self._look(new[1])
        if one == other or new[0] != " ":
            return one == other
        return one[1] == other[1] and not (one[2] | other[2]) & SHOWN_ON_BLANKS

    def _follow_caret(self, y: int, x: int, cells: list[Cell]) -> None:
        """Notice where the caret has come to, or that it is gone, in cells that are new."""
        if self.caret is not None and self.caret[1] == y and x <= self.caret[0] < x + len(cells):
            self.caret = None
        for style in {style for _, style in cells}:
            self._look(style)
            if style in self._carets:
                self.caret = (x + next(at for at, cell in enumerate(cells) if cell[1] == style), y)

    def _look(self, style: Style | None) -> Look:
        seen = self._seen_looks.get(id(style))
        if seen is not None:
            return seen[1]
        known = self._looks.get(style)
        if known is None:
            known = self._looks[style] = self._made(style)
        if len(self._seen_looks) >= MAX_SEEN_LOOKS:
            self._seen_looks.clear()
        self._seen_looks[id(style)] = (style, known)
        return known

    def _forget_looks(self) -> None:
        self._looks.clear()
        self._seen_looks.clear()

    def _made(self, style: Style | None) -> Look:
        if style is None or self._system is None:
            return PLAIN
        if style.meta.get("caret"):
            self._carets.add(style)
        bits = sum(bit for name, bit, _, _ in ATTRIBUTES if getattr(style, name))
        return self._codes(style.color, True), self._codes(style.bgcolor, False), bits

    def _codes(self, colour: Color | None, foreground: bool) -> str:
        if colour is None or self._system is None:
            return "39" if foreground else "49"
        # Before rich looks for a near one: it takes other greys than are wanted.
        exact = colour if self._system in _MANY else colour.downgrade(self._system)
        if exact.triplet is not None and (number := indexed(*exact.triplet)) is not None:
            return f"{38 if foreground else 48};5;{number}"
        return ";".join(colour.downgrade(self._system).get_ansi_codes(foreground))


def _is_unsure(cell: Cell) -> bool:
    """Whether a cell is unknown, or shows more than its letter."""
    return cell is _UNKNOWN or cell[0] == ANCHOR or isinstance(cell[0], Half)
