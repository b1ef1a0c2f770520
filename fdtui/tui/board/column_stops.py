"""Where the cursor can stand in a column: on each card, and on the head of a group that is folded. Pure.

What lies over the cards of a group that is open is its head, too, but no stop: the cursor passes it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Set
from itertools import islice
from typing import NamedTuple

from fdtui.core.board import ColumnCards
from fdtui.core.grouping import GroupSection
from fdtui.core.task import Task

GROUP_HEAD = 1
"""Lines of the head of a group."""


class ColumnSlot(NamedTuple):
    """Lines of a column: a card with the gap below it, or the head of a group."""

    y: int
    height: int
    stop: int | None
    """The stop that it is; ``None`` for the head of an open group."""
    section: GroupSection | None = None
    """The group, for a head."""
    is_folded: bool = False


class ColumnStops:
    """The stops of some cards, of which the groups with these ids are folded."""

    def __init__(self, cards: ColumnCards, folded: Set[str] = frozenset()) -> None:
        self.cards = cards
        self._folded: list[bool] = []
        self._firsts: list[int] = []
        """The first stop of each section."""
        self._count = 0
        for section in cards.sections:
            is_folded = section.group.id in folded
            self._folded.append(is_folded)
            self._firsts.append(self._count)
            self._count += 1 if is_folded else len(section)
        if not self.has_groups:
            self._count = len(cards)

    def __len__(self) -> int:
        return self._count

    @property
    def has_groups(self) -> bool:
        """Whether the cards are in groups."""
        return bool(self.cards.sections)

    def _at(self, stop: int) -> int:
        """The number of the section that a stop is in."""
        return bisect_right(self._firsts, stop) - 1

    def section(self, stop: int) -> GroupSection | None:
        """The section that a stop is in; ``None`` where there are no groups, or no such stop."""
        return self.cards.sections[self._at(stop)] if self.has_groups and stop < len(self) else None

    def is_head(self, stop: int) -> bool:
        """Whether a stop is the head of a group that is folded."""
        return self.has_groups and stop < len(self) and self._folded[self._at(stop)]

    def is_first(self, stop: int) -> bool:
        """Whether a stop is the first of its section."""
        return self.has_groups and self._firsts[self._at(stop)] == stop

    def task(self, stop: int) -> Task | None:
        """The card at a stop; ``None`` on a head, and where there is no such stop."""
        return None if not 0 <= stop < len(self) or self.is_head(stop) else self.cards[self.row(stop)]

    def row(self, stop: int) -> int:
        """The row of the card at a stop; on a head, that of the first card of its group."""
        if not self.has_groups:
            return stop
        at = self._at(stop)
        start = self.cards.sections[at].start
        return start if self._folded[at] else start + stop - self._firsts[at]

    def of_row(self, row: int) -> int:
        """The stop of the card in a row; where its group is folded, the head."""
        sections = self.cards.sections
        if not sections:
            return row
        at = max(0, bisect_right(sections, row, key=lambda each: each.start) - 1)
        return self._firsts[at] + (0 if self._folded[at] else row - sections[at].start)

    def open_keys(self) -> Iterator[str]:
        """The keys of the cards that are stops."""
        if not self.has_groups:
            yield from self.cards.task_keys()
        for section, is_folded in zip(self.cards.sections, self._folded, strict=True):
            if not is_folded:
                yield from islice(self.cards.task_keys(), section.start, section.end)

    def of_group(self, group: str) -> int | None:
        """The first stop of the group of that id; ``None`` where no card is in it."""
        found = (at for at, each in enumerate(self.cards.sections) if each.group.id == group)
        at = next(found, None)
        return None if at is None else self._firsts[at]

    def beside(self, stop: int, step: int) -> int | None:
        """The first stop of the section ``step`` sections on; ``None`` past the ends.

        One back from within a section is its own first stop.
        """
        if not self.has_groups:
            return None
        at = self._at(stop) + step
        if step < 0 and not self.is_first(stop):
            at += 1
        return self._firsts[at] if 0 <= at < len(self._firsts) else None

    def slots(self, top: int, lines: int, card: int) -> Iterator[ColumnSlot]:
        """What is in view in ``lines`` lines from the stop ``top`` on; a card takes ``card`` of them.

        The head of a group stands above what is seen of it, also where its first card is not.
        """
        y, stop = 0, top
        while y < lines and stop < len(self):
            if self.has_groups and (stop == top or self.is_first(stop)):
                is_folded = self.is_head(stop)
                yield ColumnSlot(
                    y, GROUP_HEAD, stop if is_folded else None, self.section(stop), is_folded
                )
                y += GROUP_HEAD
                if is_folded:
                    stop += 1
                    continue
            if y < lines:
                yield ColumnSlot(y, card, stop)
            y, stop = y + card, stop + 1

    def last_top(self, lines: int, card: int, gap: int) -> int:
        """The first stop from which the last one is in view, too; ``gap`` lines end a card."""
        top, used = len(self), self._unseen(gap)
        while top > 0:
            stop = top - 1
            used += GROUP_HEAD if self.is_head(stop) else card
            if self.is_first(stop) and not self.is_head(stop):
                used += GROUP_HEAD
            above = 0 if not self.has_groups or self.is_first(stop) else GROUP_HEAD
            if used + above > lines and top < len(self):
                break
            top = stop
        return top

    def height(self, card: int, gap: int) -> int:
        """Lines of all of it."""
        heads = len(self._folded)
        cards = len(self) - sum(self._folded)
        return heads * GROUP_HEAD + cards * card + self._unseen(gap)

    def _unseen(self, gap: int) -> int:
        """What is to be added for the gap below the last card, which need not be in view."""
        return 0 if not len(self) or self.is_head(len(self) - 1) else -gap
