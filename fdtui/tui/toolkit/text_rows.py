"""A text as rows of cells: where they begin, where the caret is in them, how they look. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from fdtui.core.safetext import safe
from fdtui.tui.toolkit.cells import Line, Piece, width_of
from fdtui.tui.toolkit.graphemes import clusters

SELECTED = "on_accent@accent"
Span = tuple[int, int]
Mark = tuple[int, int, str]
"""Where a part begins and ends, and the role that it has."""


def shown(text: str) -> str:
    """A part of a line as it stands on the screen."""
    return safe(text.replace("\t", "    "))


@lru_cache(maxsize=4)
def rows_of(text: str, width: int) -> tuple[Span, ...]:
    """Where each row of the wrapped text begins and ends, without the line ends."""
    rows: list[Span] = []
    offset = 0
    paragraphs = text.split("\n")
    for index, paragraph in enumerate(paragraphs):
        is_last = index + 1 == len(paragraphs)
        line = paragraph if is_last else paragraph.removesuffix("\r")
        rows += [(offset + start, offset + end) for start, end in _wrapped(line, width)]
        offset += len(paragraph) + 1
    return tuple(rows)


@lru_cache(maxsize=1024)
def _wrapped(line: str, width: int) -> tuple[Span, ...]:
    """The rows of one line; broken behind blanks where there are any."""
    rows: list[Span] = []
    if line.isascii() and line.isprintable():  # a cell a letter
        start = 0
        while len(line) - start > width:
            blank = line.rfind(" ", start, start + width)
            cut = start + width if blank < 0 else blank + 1
            rows.append((start, cut))
            start = cut
        return (*rows, (start, len(line)))
    start, used, at_blank, used_there = 0, 0, -1, 0
    for begin, end in clusters(line):
        letter = line[begin:end]
        size = _cells(letter)
        while used + size > width and begin > start:
            cut = at_blank if at_blank > start else begin
            rows.append((start, cut))
            used -= used_there if cut == at_blank else used
            start, at_blank = cut, -1
        used += size
        if letter == " ":
            at_blank, used_there = end, used
    return (*rows, (start, len(line)))


@lru_cache(maxsize=4096)
def _cells(letter: str) -> int:
    return width_of(shown(letter))


def row_at(rows: tuple[Span, ...], caret: int) -> int:
    """The row in which the caret stands."""
    found = 0
    for index, (start, _) in enumerate(rows):
        if start > caret:
            break
        found = index
    return found


def column_of(text: str, caret: int, width: int) -> int:
    """The cell of its row in which the caret stands."""
    rows = rows_of(text, width)
    start, end = rows[row_at(rows, caret)]
    return width_of(shown(text[start : min(caret, end)]))


def beside(text: str, caret: int, step: int, column: int, width: int) -> int | None:
    """The place in the row above or below that is nearest to a cell; ``None`` where there is no row."""
    rows = rows_of(text, width)
    here = row_at(rows, caret) + step
    if not 0 <= here < len(rows):
        return None
    start, end = rows[here]
    places = [start + begin for begin, _ in clusters(text[start:end])]
    if here + 1 == len(rows) or rows[here + 1][0] > end:  # else the end is the next row's beginning
        places.append(end)
    found = start
    for place in places:
        if width_of(shown(text[start:place])) > column:
            break
        found = place
    return found


def lines(text: str, caret: int, selection: Span, width: int, most: int) -> list[Line]:
    """The rows around the caret, at most ``most``."""
    rows = rows_of(text, width)
    here = row_at(rows, caret)
    top = max(0, min(here - most // 2, len(rows) - most))
    return [
        row_line(text, span, caret if index == here else None, selection)
        for index, span in enumerate(rows[top : top + most], top)
    ]


def row_line(
    text: str,
    span: Span,
    caret: int | None,
    selection: Span,
    *,
    role: str = "text",
    dot: str = "",
    marks: Sequence[Mark] = (),
) -> Line:
    """One row; the selected part of it, those with ``marks`` and the caret have roles of their own.

    ``dot`` stands for each letter where the text is a secret.
    """
    start, end = span

    def drawn(begin: int, close: int) -> str:
        part = text[begin:close]
        return dot * len(part) if dot else shown(part)

    def marked(begin: int, close: int) -> list[Piece]:
        spans = (selection, *(mark[:2] for mark in marks))
        ends = (at for span in spans for at in span if begin < at < close)
        parts = pairwise(sorted({begin, close, *ends}))
        return [(drawn(one, other), look(one)) for one, other in parts]

    def look(at: int) -> str:
        if selection[0] <= at < selection[1]:
            return SELECTED
        return next((own for one, other, own in marks if one <= at < other), role)

    if caret is None:
        return tuple(marked(start, end)) or (("", role),)
    at = min(caret, end)
    under = next((at + close for _, close in clusters(text[at:end])), at)
    under_caret = drawn(at, under) or " "
    before = marked(start, at) or [("", role)]
    return (*before, (under_caret, "caret"), *(marked(under, end) or [("", role)]))
