"""A line that may be cut anywhere without losing a letter of two cells.

Textual cuts every line at the edges of all widgets on it, hidden ones too, and makes two blanks of a
wide letter that stands across such a cut. Here the letter stays whole in the part where it begins,
and the part after it begins with a `Half`, which the painter understands and others print as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

WIDE = 2


class Half(str):
    """The second cell of a wide letter whose first cell belongs to the part before."""

    __slots__ = ("letter",)
    letter: str

    def __new__(cls, letter: str) -> Half:
        """An empty text that knows its letter."""
        made = super().__new__(cls, "")
        made.letter = letter
        return made


class WholeStrip(Strip):
    """Divides itself between letters only."""

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between ``cuts``, in cells; a letter across a cut belongs to the part before it."""
        wanted = [cut for cut in cuts if cut <= self.cell_length]
        parts = list(super().divide(wanted))
        across = self._across(wanted)
        if not across:
            return parts
        begin = 0
        for at, end in enumerate(wanted):
            if begin in across or end in across:
                parts[at] = Strip(self._between(begin, end), end - begin)
            begin = end
        return parts

    def _letters(self) -> Iterable[tuple[int, str, int, Style | None]]:
        """Each letter with its place and its width in cells, and its style."""
        place = 0
        for text, style, control in self:
            if control:
                continue
            for begin, end, size in split_graphemes(text)[0]:
                yield place, text[begin:end], size, style
                place += size

    def _across(self, cuts: Sequence[int]) -> set[int]:
        if all(segment.text.isascii() for segment in self):
            return set()
        wanted = set(cuts)
        return {place + 1 for place, _, size, _ in self._letters() if size == WIDE} & wanted

    def _between(self, begin: int, end: int) -> list[Segment]:
        found: list[Segment] = []
        for place, letter, size, style in self._letters():
            if begin <= place < end:
                found.append(Segment(letter, style))
            elif place < begin < place + size:
                found.append(Segment(Half(letter), style))
        return found
