"""Which columns fit on the screen, and how wide they are. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.frozen import frozen

SPINE = 4
"""Cells of a folded column, and of the strip that names what is beyond the edge."""

COLUMN_GAP = 2
MIN_COLUMN = 22
MAX_COLUMN = 76
ONE_COLUMN_BELOW = 60
"""Screens narrower than this show one column."""


@frozen
class Place:
    """Where a column stands; a folded one is a spine."""

    index: int
    width: int
    folded: bool = False


@frozen
class Plan:
    """The columns on the screen, and whether a strip at either side names what is beyond."""

    places: tuple[Place, ...] = ()
    left: int | None = None
    """The nearest column beyond the left edge, or ``None`` for none."""
    right: int | None = None

    @property
    def first(self) -> int:
        """The leftmost column that is shown."""
        return self.places[0].index if self.places else 0


def plan_columns(width: int, folded: Sequence[bool], active: int, first: int) -> Plan:
    """Fit columns into ``width`` cells so that ``active`` is among them.

    ``first`` is the leftmost column so far; it changes only if it must.
    """
    count = len(folded)
    if count == 0:
        return Plan()
    active = max(0, min(active, count - 1))
    if width < ONE_COLUMN_BELOW:
        return Plan((Place(active, max(1, width), folded[active]),))
    first = max(0, min(first, active))
    while True:
        last = _last(width, folded, first)
        if active <= last or first >= active:
            break
        first += 1
    # Room that is left at the end is filled from the left, as after a wider terminal.
    while first > 0 and last == count - 1 and _last(width, folded, first - 1) == last:
        first -= 1
    return _placed(width, folded, first, max(last, active))


def _sides(first: int, last: int, count: int) -> int:
    return (SPINE + COLUMN_GAP) * ((first > 0) + (last < count - 1))


def _need(folded: Sequence[bool], first: int, last: int) -> int:
    sizes = [SPINE if folded[index] else MIN_COLUMN for index in range(first, last + 1)]
    return sum(sizes) + COLUMN_GAP * (len(sizes) - 1)


def _last(width: int, folded: Sequence[bool], first: int) -> int:
    last = first
    while last + 1 < len(folded):
        if _need(folded, first, last + 1) + _sides(first, last + 1, len(folded)) > width:
            break
        last += 1
    return last


def _placed(width: int, folded: Sequence[bool], first: int, last: int) -> Plan:
    count = len(folded)
    shown = range(first, last + 1)
    open_ = [index for index in shown if not folded[index]]
    room = width - _sides(first, last, count) - COLUMN_GAP * (len(shown) - 1)
    room -= SPINE * (len(shown) - len(open_))
    each, more = divmod(room, len(open_)) if open_ else (0, 0)
    if each >= MAX_COLUMN:
        each, more = MAX_COLUMN, 0
    places = []
    for index in shown:
        if folded[index]:
            places.append(Place(index, SPINE, folded=True))
        else:
            places.append(Place(index, max(1, each + (1 if more > 0 else 0))))
            more -= 1
    return Plan(tuple(places), first - 1 if first > 0 else None, last + 1 if last < count - 1 else None)
