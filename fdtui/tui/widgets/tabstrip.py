"""The names of a task's tabs in one line; the open one stands out."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.tui.cells import Line, Piece, line_width
from fdtui.tui.widgets.lineview import LineView


class TabStrip(LineView):
    """Drawn by its owner; where room is short, the names far from the open one go."""

    def show(self, labels: Sequence[str], at: int, wall: Piece, width: int) -> None:
        """Draw these names, the one at ``at`` as open."""
        first = 0
        while first < at and self._width(labels[first : at + 1]) > width - 2:
            first += 1
        line: Line = (wall, (" ", "text"))
        for index, name in enumerate(labels[first:], first):
            piece: Piece = (f" {name} ", "bold text@cursor" if index == at else "dim")
            if line_width(line) + len(piece[0]) > width and index > at:
                break
            line = (*line, piece)
        self.draw(line)

    @staticmethod
    def _width(labels: Sequence[str]) -> int:
        return sum(len(each) + 2 for each in labels)
