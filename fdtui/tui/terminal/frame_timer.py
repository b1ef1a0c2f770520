"""How soon after a frame the next may be painted.

Textual paints what has changed at once where nothing was painted for a while, and else at the ticks of
a timer, 17 to 33 ms later: a change that the server confirms is seen that much later than it is there.
On a slow link frames are paced by the terminal's answers (`pace`), so ours may tick twice as often.
"""

from __future__ import annotations

import textual.screen

from fdtui.tui.terminal.known_textual import is_known_textual

FRAME_PERIOD = 1 / 120
"""Seconds between two ticks; a frame waits for one or two of them."""


def quicken() -> None:
    """Let the timers of screens that are made from now on tick so often."""
    if is_known_textual():
        setattr(textual.screen, "UPDATE_PERIOD", FRAME_PERIOD)  # noqa: B010 - a constant to type checkers
