"""How many lines a card has, and which density shows a board best in a window of that height. Pure."""

from __future__ import annotations

from fdtui.core.frozen import frozen

AUTO = "auto"
DENSE_BELOW = 32
"""A column of fewer lines shows compact cards, unless all of them fit larger."""
LINES_BELOW = 12
"""A column of fewer lines shows cards of one line, unless all of them fit larger."""
PAGES = 6
"""A column that needs more windows than this shows as many cards as possible at once."""


@frozen
class Density:
    """How a card is laid out."""

    name: str
    lines: int
    """Lines of text in a card."""
    gap: int = 0
    """Empty lines between two of them."""
    title_lines: int = 1
    """Lines that a title may have."""

    @property
    def is_striped(self) -> bool:
        """Whether every second card lies on another ground, for nothing else parts them."""
        return self.lines > 1 and not self.gap

    def room(self, rows: int) -> int:
        """Cards that a column of ``rows`` lines shows whole."""
        return max(1, (rows + self.gap) // (self.lines + self.gap))


ROOMY = Density("roomy", 4, gap=1, title_lines=2)
COMFORTABLE = Density("comfortable", 3, gap=1)
COMPACT = Density("compact", 2)
LINE = Density("line", 1)
_BY_NAME = {each.name: each for each in (ROOMY, COMFORTABLE, COMPACT, LINE)}


def density_named(name: str) -> Density:
    """The density of that name; before a window is known, ``auto`` is comfortable."""
    return _BY_NAME.get(name, COMFORTABLE)


def fitting(rows: int, most: int) -> Density:
    """The density for columns of ``rows`` lines of which the longest has ``most`` cards."""
    for density in (ROOMY, COMFORTABLE):
        if most <= density.room(rows):
            return density
    if rows >= DENSE_BELOW and most <= PAGES * COMFORTABLE.room(rows):
        return COMFORTABLE
    return LINE if rows < LINES_BELOW and most > COMPACT.room(rows) else COMPACT
