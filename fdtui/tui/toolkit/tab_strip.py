"""The names of a task's tabs in one line; the open one stands out."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from fdtui.tui.toolkit.cells import Line, Piece, line_width, width_of
from fdtui.tui.toolkit.line_view import LineView


class TabStrip(LineView):
    """Drawn by its owner; where room is short, names far from the open one go, and a mark says so."""

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

    @property
    def starts(self) -> list[tuple[int, int]]:
        """Each name that is drawn, by its place among all, with its first cell."""
        cells = [1, *(end for _, end in self._ends)]
        return [(at, start) for (at, _), start in zip(self._ends, cells, strict=False)]

    def show(
        self, labels: Sequence[str], at: int, wall: Piece, width: int, marks: tuple[str, str]
    ) -> None:
        """Draw these names, the one at ``at`` as open.

        The ``marks``, a cell each, stand where names to the left or to the right have no room.
        """
        first, last = self._in_view(labels, at, width - line_width((wall,)) - 1)
        line: Line = (wall, (marks[0] if first else " ", "accent"))
        ends: list[tuple[int, int]] = [(first - 1, line_width(line))] if first else []
        for index, name in enumerate(labels[first : last + 1], first):
            line = (*line, (f" {name} ", "bold text@cursor" if index == at else "dim"))
            ends.append((index, line_width(line)))
        if last < len(labels) - 1:
            line = (*line, (" " * (width - line_width(line) - 1), "text"), (marks[1], "accent"))
            ends.append((last + 1, width))
        self._ends = tuple(ends)
        self.draw(line)

    def on_click(self, event: events.Click) -> None:
        """Tell which name it was."""
        event.stop()
        at = next((index for index, end in self._ends if event.x < end), None)
        if at is not None:
            self.post_message(self.Clicked(at))

    @staticmethod
    def _in_view(labels: Sequence[str], at: int, width: int) -> tuple[int, int]:
        """The first and the last name that have room, the open one among them."""

        def has_room(first: int, last: int) -> bool:
            mark = 1 if last + 1 < len(labels) else 0
            return sum(width_of(each) + 2 for each in labels[first : last + 1]) + mark <= width

        first = next((each for each in range(at) if has_room(each, at)), at)
        last = next((each for each in range(len(labels) - 1, at, -1) if has_room(first, each)), at)
        return first, last
