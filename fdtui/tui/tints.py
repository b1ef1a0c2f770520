"""Which cards are tinted: for a moment those that somebody else has just changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

TINTED = 2.0
"""Seconds that a card keeps its tint."""


class Tints:
    """Tells the ground of a card; takes the tint away by itself."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._tinted: frozenset[str] = frozenset()
        self._timer: Timer | None = None

    def add(self, changed: frozenset[str]) -> None:
        """Tint these, too, unless the user wants nothing to move."""
        if not changed or not self._board.look.motion:
            return
        self._tinted |= changed
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._board.set_timer(TINTED, self._end)

    def ground(self, key: str) -> str:
        """What the card lies on."""
        return "tint" if key in self._tinted else "card"

    def _end(self) -> None:
        self._tinted = frozenset()
        self._board.draw()
