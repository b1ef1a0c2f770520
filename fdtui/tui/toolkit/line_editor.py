"""One line of text being typed: the buffer on one line, in as many cells as there are. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.tui.toolkit import graphemes
from fdtui.tui.toolkit.cells import Line, width_of
from fdtui.tui.toolkit.text_buffer import TextBuffer
from fdtui.tui.toolkit.text_rows import Mark, row_line, shown
from fdtui.tui.toolkit.text_undo import Cut

MAX_LENGTH = 4_000
"""Letters that a line takes."""

CONTEXT_PER_CELL = 4
"""Code points around the caret that are looked at, for each cell that there is."""


class LineEditor(TextBuffer):
    """A buffer that has no line ends."""

    def __init__(self, text: str = "", *, secret: bool = False, offered: bool = False) -> None:
        super().__init__(text, most=MAX_LENGTH)
        self.secret = secret
        """Whether only dots are shown of it; what is cut out of it is not put in anywhere else."""
        if secret:
            self.cut = Cut()
        if offered:  # a proposal is selected: what is typed takes its place
            self.anchor = 0

    def line(self, width: int, role: str = "text", dot: str = "•", marks: Sequence[Mark] = ()) -> Line:
        """The text around the caret in at most ``width`` cells, the caret marked by its own role.

        Parts with ``marks`` have roles of their own.
        """
        first = graphemes.settle(self.text, self.caret - CONTEXT_PER_CELL * width)
        part = self.text[first : self.caret + CONTEXT_PER_CELL * width]
        letters = [(first + start, first + end) for start, end in graphemes.clusters(part)]
        before = [each for each in letters if each[0] < self.caret]
        after = letters[len(before) :]
        room = width - (self._cells(*after[0]) or 1 if after else 1)
        start = end = self.caret
        for begin, close in reversed(before):
            room -= self._cells(begin, close)
            if room < 0:
                break
            start = begin
        end = after[0][1] if after else end
        for begin, close in after[1:]:
            room -= self._cells(begin, close)
            if room < 0:
                break
            end = close
        hidden = dot if self.secret else ""
        return row_line(
            self.text, (start, end), self.caret, self.selection, role=role, dot=hidden, marks=marks
        )

    def _cells(self, start: int, end: int) -> int:
        return end - start if self.secret else width_of(shown(self.text[start:end]))
