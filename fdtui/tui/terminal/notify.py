"""Asking the terminal for attention: its bell, and a notification of the desktop's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from fdtui.core.safetext import safe
from fdtui.tui.preferences import Behaviour
from fdtui.tui.terminal import clipboard

if TYPE_CHECKING:
    from textual.app import App


def notification(text: str, environment: Mapping[str, str]) -> str:
    """OSC 9 (iTerm2, Windows Terminal, kitty) and OSC 777 (urxvt, VTE), wrapped for tmux."""
    clean = safe(text[:200]).replace(";", ",")
    sequences = (f"\x1b]9;{clean}\x07", f"\x1b]777;notify;fdtui;{clean}\x07")
    if environment.get("TMUX"):
        return "".join(f"\x1bPtmux;{each.replace(chr(27), chr(27) * 2)}\x1b\\" for each in sequences)
    return "".join(sequences)


def notify(app: App[object], text: str, behaviour: Behaviour) -> None:
    """Ring and notify as the user wants it."""
    if behaviour.osc:
        clipboard.write(app, notification(text, os.environ))
    if behaviour.bell:
        clipboard.write(app, "\x07")
