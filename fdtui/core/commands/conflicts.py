"""The commands of conflicts."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope

_C = Scope.CONFLICT

COMMANDS: tuple[Command, ...] = (
    Command(
        "conflict.apply",
        "Apply",
        "Send what you have chosen; while you edit a value, take it.",
        ("enter",),
        scope=_C,
        footer="apply",
    ),
    Command(
        "conflict.theirs",
        "Theirs",
        "Take the other person's value of the field.",
        ("t", "h", "left"),
        scope=_C,
        footer="theirs",
    ),
    Command(
        "conflict.mine",
        "Mine",
        "Take your value of the field.",
        ("m", "l", "right"),
        scope=_C,
        footer="mine",
    ),
    Command(
        "conflict.all-theirs",
        "All theirs",
        "Take the other person's value of every field.",
        ("T",),
        scope=_C,
        footer="all theirs",
    ),
    Command(
        "conflict.all-mine",
        "All mine",
        "Take your value of every field.",
        ("M",),
        scope=_C,
        footer="all mine",
    ),
    Command(
        "conflict.edit",
        "Edit mine",
        "Edit your value of the field.",
        ("e",),
        scope=_C,
        footer="edit mine",
    ),
    Command("conflict.down", "Next field", "To the next field.", ("j", "down", "tab"), scope=_C),
    Command("conflict.up", "Field before", "To the field before.", ("k", "up", "shift+tab"), scope=_C),
    Command(
        "conflict.close",
        "Later",
        "Leave the conflict for later; while you edit a value, leave it as it was.",
        ("escape", "q"),
        scope=_C,
        footer="later",
    ),
)
