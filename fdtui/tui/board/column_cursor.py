"""One column's cards with the place of the cursor and of the view. Pure; knows no widget.

Both places are kept by the task they stand on, so that a refresh moves neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from fdtui.core.board import NO_CARDS, ColumnCards
from fdtui.core.grouping import GroupSection
from fdtui.core.task import Task
from fdtui.tui.board.column_stops import ColumnSlot, ColumnStops


class ColumnCursor:
    """The cards of one stage, the card under the cursor and the first card in view."""

    def __init__(self) -> None:
        self.tasks: ColumnCards = NO_CARDS
        self.stops = ColumnStops(NO_CARDS)
        self.cursor = 0
        """The stop that it stands on."""
        self.top = 0
        """The first stop in view."""
        self.row = 0
        """The place that the cursor had last while there was one: kept while the lane is empty."""
        self._folded: frozenset[str] = frozenset()
        self._lines, self._card, self._gap = 1, 1, 0

    @property
    def task(self) -> Task | None:
        """The task under the cursor."""
        return self.stops.task(self.cursor)

    @property
    def group(self) -> GroupSection | None:
        """The group that the cursor is in; ``None`` where the cards are not grouped."""
        return self.stops.section(self.cursor)

    @property
    def position(self) -> int:
        """The row of the card under the cursor."""
        return self.stops.row(self.cursor)

    @property
    def room(self) -> int:
        """Stops that are wholly in view."""
        if not self.stops.has_groups:
            return max(1, (self._lines + self._gap) // self._card)
        seen = (each for each in self.slots if each.stop is not None)
        return max(1, sum(each.y + self._written(each) <= self._lines for each in seen))

    def _written(self, slot: ColumnSlot) -> int:
        return slot.height - (self._gap if slot.section is None else 0)

    def open_keys(self) -> Iterator[str]:
        """The keys of the tasks that are in no folded group."""
        return self.stops.open_keys()

    @property
    def slots(self) -> Iterator[ColumnSlot]:
        """What is in view, from the top."""
        return self.stops.slots(self.top, self._lines, self._card)

    @property
    def has_more(self) -> bool:
        """Whether there are cards above or below those in view."""
        if not self.stops.has_groups:
            return len(self.stops) > self.room
        return self.stops.height(self._card, self._gap) > self._lines

    def thumb(self, lines: int) -> tuple[int, int]:
        """Where the cards in view lie among all, on an edge of ``lines`` lines: the first and the end.

        It has a line at least, and touches an end of the edge only with the first or the last card in
        view. Both are 0 where all cards are in view.
        """
        count, room = len(self.stops), self.room
        if not self.has_more or lines < 1:
            return 0, 0
        size = max(1, lines * room // count)
        last = self._last_top
        if self.top in (0, last) or lines - size < 2:
            start = 0 if self.top < last else lines - size
        else:
            start = max(1, min(lines - size - 1, (lines - size) * self.top // last))
        return start, start + size

    def show(self, tasks: ColumnCards, folded: frozenset[str] = frozenset()) -> None:
        """Take other tasks, of which the groups with these ids are folded."""
        if tasks is self.tasks and (folded == self._folded or not tasks.sections):
            return
        old, cursor, top = self.stops, self.cursor, self.top
        stood_on = self.task.key if self.task else None
        self.tasks, self._folded = tasks, folded
        self.stops = ColumnStops(tasks, folded)
        # A card that is gone leaves the cursor where it was: on the card that slid up.
        self.cursor = _same_stop(old, cursor, self.stops)
        self.top = _same_stop(old, top, self.stops)
        self._clamp()
        has_left = stood_on is not None and stood_on != (self.task.key if self.task else None)
        if has_left or old.has_groups or self.stops.has_groups:
            self.reveal()

    def resize(self, lines: int, card: int = 1, gap: int = 0) -> None:
        """Take another height, and other cards: of ``card`` lines, of which the last are a ``gap``."""
        if (lines, card, gap) == (self._lines, self._card, self._gap):
            return
        self._lines, self._card, self._gap = max(1, lines), card, gap
        self._clamp()
        self.reveal()

    def go_to(self, key: str) -> bool:
        """Put the cursor on the task of that key; false where it is not there, or in a folded group."""
        row = self.tasks.row_of(key)
        if row is None:
            return False
        self.go(self.stops.of_row(row))
        return not self.stops.is_head(self.cursor)

    def go_to_group(self, step: int) -> bool:
        """To the first card of another group; false where the cursor stays."""
        stop = self.stops.beside(self.cursor, step)
        return stop is not None and self.go(stop)

    def go(self, index: int) -> bool:
        """Put the cursor on a stop; false where it stays."""
        index = max(0, min(index, len(self.stops) - 1))
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
        while self.cursor >= self.top + self.room:  # the heads of groups have taken some of the room
            self.top += 1

    def scroll(self, cards: int) -> bool:
        """Move the view; the cursor comes along at its edge. False where nothing moves."""
        before = self.top
        self.top += cards
        self._clamp()
        self.cursor = max(self.top, min(self.cursor, self.top + self.room - 1, len(self.stops) - 1))
        self.cursor = max(0, self.cursor)
        return self.top != before

    @property
    def _last_top(self) -> int:
        if not self.stops.has_groups:
            return max(0, len(self.stops) - self.room)
        return self.stops.last_top(self._lines, self._card, self._gap)

    def _clamp(self) -> None:
        if len(self.stops):
            self.row = max(0, min(self.cursor, len(self.stops) - 1))
        self.cursor = max(0, min(self.cursor, len(self.stops) - 1))
        self.top = max(0, min(self.top, self._last_top))


def _same_stop(old: ColumnStops, stop: int, stops: ColumnStops) -> int:
    """Where the card, or the group, that was at ``stop`` is now; ``stop`` where it is not."""
    section = old.section(stop)
    if section is not None and old.is_head(stop):
        found = stops.of_group(section.group.id)
        return stop if found is None else found
    task = old.task(stop)
    row = None if task is None else stops.cards.row_of(task.key)
    return stop if row is None else stops.of_row(row)
