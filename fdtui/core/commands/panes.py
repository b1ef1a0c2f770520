"""The commands of the panes and of what lies over the board, one module for each room of the screen."""

from __future__ import annotations

from fdtui.core.commands import (
    activity,
    conflicts,
    detail,
    files,
    forms,
    lists,
    text,
    triage,
)
from fdtui.core.commands.command import Command

PANES: tuple[Command, ...] = (
    *detail.COMMANDS,
    *activity.COMMANDS,
    *triage.COMMANDS,
    *files.COMMANDS,
    *forms.COMMANDS,
    *conflicts.COMMANDS,
    *lists.COMMANDS,
    *text.COMMANDS,
)
