"""The cells of Textual's strips, letter by letter."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import split_graphemes
from rich.segment import Segment
from textual.strip import Strip

from fdtui.tui.terminal.images import Cell
from fdtui.tui.toolkit.whole_strip import Half


def cells_of(strip: Strip) -> list[Cell]:
    """The cells of a line that nothing covers."""
    return cells_in(strip)


def within(strip: Strip, after: Strip) -> Iterable[Segment]:
    """The segments of a part; of a wide letter that something else cuts in two, a blank stays.

    It is whole where the part ``after`` it begins with its second cell.
    """
    segments = [each for each in strip if not each.control]
    if not segments or segments[-1].text.isascii():
        return segments
    text, style, _ = segments[-1]
    begin, _, size = split_graphemes(text)[0][-1]
    is_across = size > 1 and sum(each.cell_length for each in segments) > strip.cell_length
    first = next(iter(after), None)
    if not is_across or (first is not None and isinstance(first.text, Half)):
        return segments
    return [*segments[:-1], Segment(text[:begin] + " ", style)]


def cells_in(segments: Iterable[Segment]) -> list[Cell]:
    """The cells that segments fill; of what a wide letter fills, the second is empty."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        if isinstance(text, Half):
            if not cells:
                cells.append((text, style))  # whoever paints it knows what stands before it
            elif cells[-1][0] or len(cells) < 2 or cells[-2][0] != text.letter:
                cells.append((" ", style))
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
