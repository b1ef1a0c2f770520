"""The names of a task's tabs in one line; the open one stands out."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from fdtui.tui.toolkit.cells import Line, Piece, line_width
from fdtui.tui.toolkit.line_view import LineView


class TabStrip(LineView):
    """Drawn by its owner; where room is short, the names far from the open one go."""

    is_background = True

    class Clicked(Message):
        """A name was clicked: the one at ``at``."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self._ends: tuple[tuple[int, int], ...] = ()
        """Of each name that is drawn its place among all, and the cell behind it."""

    def show(self, labels: Sequence[str], at: int, wall: Piece, width: int) -> None:
        """Draw these names, the one at ``at`` as open."""
        first = 0
        while first < at and self._width(labels[first : at + 1]) > width - 2:
            first += 1
        line: Line = (wall, (" ", "text"))
        ends: list[tuple[int, int]] = []
        for index, name in enumerate(labels[first:], first):
            piece: Piece = (f" {name} ", "bold text@cursor" if index == at else "dim")
            if line_width(line) + len(piece[0]) > width and index > at:
                break
            line = (*line, piece)
            ends.append((index, line_width(line)))
        self._ends = tuple(ends)
        self.draw(line)

    def on_click(self, event: events.Click) -> None:
        """Tell which name it was."""
        event.stop()
        at = next((index for index, end in self._ends if event.x < end), None)
        if at is not None:
            self.post_message(self.Clicked(at))

    @staticmethod
    def _width(labels: Sequence[str]) -> int:
        return sum(len(each) + 2 for each in labels)
