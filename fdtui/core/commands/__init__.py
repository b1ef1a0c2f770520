"""Every command of the program, declared once: its id, words, keys, and where they count.

The keymap, the dispatch, the help, the footer, the command palette and the documentation are all
read from here. What a command does is bound to its id where it is done, and a test holds the two
against each other. Whether a command makes sense just now says `why_not`.
"""

from fdtui.core.commands.board import COMMANDS
from fdtui.core.commands.command import Command, Group, Scope
from fdtui.core.commands.panes import PANES
from fdtui.core.commands.reasons import (
    MAKING_COMMANDS,
    NEEDS_TASK,
    READ_ONLY,
    WRITES,
    is_web_address,
    unsent_creation,
    why_not,
    why_not_change,
    why_not_intent,
    why_not_write,
)

ALL: tuple[Command, ...] = (*COMMANDS, *PANES)
"""The commands of the board first, then those of its panes and of what lies over it."""

BY_ID = {command.id: command for command in ALL}
IN_SCOPE: dict[Scope, list[Command]] = {scope: [] for scope in Scope}
for _each in ALL:
    IN_SCOPE[_each.scope].append(_each)

__all__ = [
    "ALL",
    "BY_ID",
    "COMMANDS",
    "IN_SCOPE",
    "MAKING_COMMANDS",
    "NEEDS_TASK",
    "PANES",
    "READ_ONLY",
    "WRITES",
    "Command",
    "Group",
    "Scope",
    "is_web_address",
    "unsent_creation",
    "why_not",
    "why_not_change",
    "why_not_intent",
    "why_not_write",
]
