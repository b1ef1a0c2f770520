"""Telling the terminal that executions have ended: its bell, and a notification of the desktop's."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fdtui.core.job import Run
from fdtui.core.safetext import safe
from fdtui.tui import clipboard
from fdtui.tui.habits import Habits

if TYPE_CHECKING:
    from textual.app import App


def since(before: Sequence[Run], now: Sequence[Run]) -> list[Run]:
    """The runs that were under way before and are over now."""
    open_before = {run.ticket for run in before if not run.is_over}
    return [run for run in now if run.is_over and run.ticket in open_before]


def notification(runs: Sequence[Run], environment: Mapping[str, str]) -> str:
    """OSC 9 (iTerm2, Windows Terminal, kitty) and OSC 777 (urxvt, VTE), wrapped for tmux."""
    run = runs[-1]
    text = f"{run.action}: {run.status}, {run.title}" if len(runs) == 1 else f"{len(runs)} ended"
    clean = safe(text[:200]).replace(";", ",")
    sequences = (f"\x1b]9;{clean}\x07", f"\x1b]777;notify;fdtui;{clean}\x07")
    if environment.get("TMUX"):
        return "".join(f"\x1bPtmux;{each.replace(chr(27), chr(27) * 2)}\x1b\\" for each in sequences)
    return "".join(sequences)


def tell(app: App[object], runs: Sequence[Run], habits: Habits) -> None:
    """Ring and notify as the user wants it."""
    if habits.osc:
        clipboard.write(app, notification(runs, os.environ))
    if habits.bell:
        clipboard.write(app, "\x07")
