"""One column's cards with the place of the cursor and of the view. Pure; knows no widget.

Both places are kept by the task they stand on, so that a refresh moves neither.
"""

from __future__ import annotations

from fdtui.core.board import NO_CARDS, ColumnCards
from fdtui.core.task import Task


class ColumnCursor:
    """The cards of one stage, the card under the cursor and the first card in view."""

    def __init__(self) -> None:
        self.tasks: ColumnCards = NO_CARDS
        self.cursor = 0
        self.top = 0
        self.row = 0
        """The place that the cursor had last while there was a card: kept while the lane is empty."""
        self.room = 1
        """Cards that are wholly in view; told by whoever draws."""

    @property
    def task(self) -> Task | None:
        """The task under the cursor."""
        return self.tasks[self.cursor] if self.cursor < len(self.tasks) else None

    @property
    def has_more(self) -> bool:
        """Whether there are cards above or below those in view."""
        return len(self.tasks) > self.room

    def thumb(self, lines: int) -> tuple[int, int]:
        """Where the cards in view lie among all, on an edge of ``lines`` lines: the first and the end.

        It has a line at least, and touches an end of the edge only with the first or the last card in
        view. Both are 0 where all cards are in view.
        """
        count = len(self.tasks)
        if not self.has_more or lines < 1:
            return 0, 0
        size = max(1, lines * self.room // count)
        last = count - self.room
        if self.top in (0, last) or lines - size < 2:
            start = 0 if self.top < last else lines - size
        else:
            start = max(1, min(lines - size - 1, (lines - size) * self.top // last))
        return start, start + size

    def show(self, tasks: ColumnCards) -> None:
        """Take other tasks."""
        if tasks is self.tasks:
            return
        old_cursor = self.task.key if self.task else None
        old_top = self.tasks[self.top].key if self.top < len(self.tasks) else None
        self.tasks = tasks
        # A card that is gone leaves the cursor where it was: on the card that slid up.
        self.cursor = _place_of(old_cursor, tasks, self.cursor)
        self.top = _place_of(old_top, tasks, self.top)
        self._clamp()
        if old_cursor is not None and old_cursor != (self.task.key if self.task else None):
            self.reveal()

    def resize(self, room: int) -> None:
        """Take another number of cards that are in view at once."""
        self.room = max(1, room)
        self._clamp()
        self.reveal()

    def go(self, index: int) -> bool:
        """Put the cursor on a card; false where it stays."""
        index = max(0, min(index, len(self.tasks) - 1))
        moved = index != self.cursor
        self.cursor = index
        if self.tasks:
            self.row = index
        self.reveal()
        return moved

    def reveal(self) -> None:
        """Bring the cursor into view: by half the height, so that a held key repaints seldom."""
        if self.top <= self.cursor < self.top + self.room:
            return
        self.top = self.cursor - self.room // 2
        self._clamp()

    def scroll(self, cards: int) -> bool:
        """Move the view; the cursor comes along at its edge. False where nothing moves."""
        before = self.top
        self.top += cards
        self._clamp()
        self.cursor = max(self.top, min(self.cursor, self.top + self.room - 1, len(self.tasks) - 1))
        self.cursor = max(0, self.cursor)
        return self.top != before

    def _clamp(self) -> None:
        if self.tasks:
            self.row = max(0, min(self.cursor, len(self.tasks) - 1))
        self.cursor = max(0, min(self.cursor, len(self.tasks) - 1))
        self.top = max(0, min(self.top, len(self.tasks) - self.room))


def _place_of(key: str | None, tasks: ColumnCards, near: int) -> int:
    """Where the task of that key is; ``near`` where it is not."""
    row = None if key is None else tasks.row_of(key)
    return near if row is None else row
