"""Which cards are tinted: for a moment those that others have just changed."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

TINT_SECONDS = 2.0
"""Seconds that a card keeps its tint."""


class Highlights:
    """Tells the ground of a card; takes the tint away by itself."""

    def __init__(
        self,
        *,
        is_wanted: bool,
        set_timer: Callable[[float, Callable[[], None]], Timer],
        draw: Callable[[], object],
    ) -> None:
        self._is_wanted, self._set_timer, self._draw = is_wanted, set_timer, draw
        self._tinted: frozenset[str] = frozenset()
        self._timer: Timer | None = None

    def add(self, changed: frozenset[str]) -> None:
        """Tint these, too, unless the user wants nothing to move."""
        if not changed or not self._is_wanted:
            return
        self._tinted |= changed
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._set_timer(TINT_SECONDS, self._end)

    def ground(self, key: str) -> str:
        """What the card lies on."""
        return "tint" if key in self._tinted else "card"

    def _end(self) -> None:
        self._tinted = frozenset()
        self._draw()
