"""The filter as one sees it: its parts, and those as chips. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fdtui.core.frozen import frozen
from fdtui.core.query import Node, Query, Text, terms
from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, Piece, cut, width_of

_ALONE = frozenset({"me", "late", "today"})
"""Words that mean something by themselves, and so are a part each."""


@frozen
class FilterPart:
    """One of the parts of a filter that must all hold."""

    text: str
    is_wrong: bool = False
    """Whether something in it means nothing."""


def filter_parts(query: Query) -> tuple[FilterPart, ...]:
    """The parts of a filter; words that stand together are one."""
    text = query.parsed.text
    wrong = [problem.span for problem in query.wrong]
    return tuple(
        FilterPart(text[start:end], any(begin < end and start < close for begin, close in wrong))
        for start, end in _joined(terms(query.parsed.node))
        if start < end
    )


def _joined(nodes: tuple[Node, ...]) -> Iterator[tuple[int, int]]:
    start, end, is_words = 0, 0, False
    for node in nodes:
        now = isinstance(node, Text) and not node.is_quoted and node.text.casefold() not in _ALONE
        if now and is_words:
            end = node.span[1]
            continue
        yield start, end
        (start, end), is_words = node.span, now
    yield start, end


def chips(query: Query, room: int, glyphs: Glyphs) -> Line:
    """The parts in at most ``room`` cells, those that mean nothing in another colour and with a sign."""
    pieces: list[Piece] = [("/", "bold accent")]
    for number, part in enumerate(filter_parts(query)):
        said = safe(part.text) + (glyphs.late if part.is_wrong else "")
        left = room - sum(width_of(piece) for piece, _ in pieces) - 1
        if left < 4:
            pieces.append((glyphs.cut, "bold accent"))
            break
        if number:
            pieces.append((" ", "text"))
        pieces.append(
            (cut(said, left, glyphs.cut), "bold warn@cursor" if part.is_wrong else "bold accent@cursor")
        )
    return tuple(pieces)
