"""The commands of forms, of a field edited where it stands, and of the setup."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Group, Scope

_F, _I, _W, _C = Scope.FORM, Scope.FIELD, Scope.WELCOME, Scope.CONNECT

COMMANDS: tuple[Command, ...] = (
    Command("form.save", "Save", "Save the changes.", ("ctrl+o",), scope=_F, footer="save"),
    Command(
        "form.enter",
        "Enter",
        "Choose, tick, begin a new line, or go to the next field: whatever the field is for.",
        ("enter",),
        scope=_F,
        footer="next",
    ),
    Command("form.tick", "Tick", "Tick a checkbox; open a list.", ("space",), scope=_F, footer="tick"),
    Command("form.next", "Next field", "Go to the next field.", ("tab",), scope=_F, footer="next"),
    Command(
        "form.previous",
        "Previous field",
        "Go to the field before.",
        ("shift+tab",),
        scope=_F,
        footer="back",
    ),
    Command("form.down", "Down", "Go down in the text, then to the next field.", ("down",), scope=_F),
    Command("form.up", "Up", "Go up in the text, then to the field before.", ("up",), scope=_F),
    Command("form.page-down", "Ten fields down", "Go ten fields down.", ("pagedown",), scope=_F),
    Command("form.page-up", "Ten fields up", "Go ten fields up.", ("pageup",), scope=_F),
    Command(
        "form.empty",
        "Empty",
        "Set the field to nothing (`null`); press it again for an empty text.",
        ("ctrl+n",),
        scope=_F,
        footer="nothing",
    ),
    Command(
        "form.open",
        "Calendar or editor",
        "Open the calendar of a date, the list of a choice, or your own editor on a text.",
        ("ctrl+x",),
        scope=_F,
        footer="your editor",
    ),
    Command(
        "form.accept-theirs",
        "Accept theirs",
        "Accept the value that someone else gave the field meanwhile.",
        ("ctrl+t",),
        scope=_F,
        footer="accept theirs",
    ),
    Command(
        "form.leave",
        "Leave the form",
        "Close the form; asks first if something would be lost.",
        ("escape",),
        scope=_F,
        footer="leave",
    ),
    Command("field.save", "Save", "Save the field.", ("enter",), scope=_I, footer="save"),
    Command(
        "field.next",
        "Save and go on",
        "Save the field and edit the next one.",
        ("tab",),
        scope=_I,
        footer="next",
    ),
    Command(
        "field.leave",
        "Leave the field",
        "Go back to the pane; asks first if something would be lost.",
        ("escape",),
        scope=_I,
        footer="leave",
    ),
    *(
        Command(
            f"welcome.choose-{n}", f"Choice {n}", f"Choose the {n}. of the list.", (str(n),), scope=_W
        )
        for n in range(1, 10)
    ),
    Command(
        "welcome.choose",
        "Choose",
        "Choose what is under the bar.",
        ("enter", "space", "l", "right"),
        Group.MOVE,
        scope=_W,
        footer="choose",
    ),
    Command(
        "welcome.next",
        "Down",
        "Go to the next choice.",
        ("j", "down", "tab"),
        Group.MOVE,
        scope=_W,
        footer="down",
    ),
    Command(
        "welcome.previous",
        "Up",
        "Go to the choice above.",
        ("k", "up", "shift+tab"),
        Group.MOVE,
        scope=_W,
        footer="up",
    ),
    Command(
        "welcome.back",
        "Back",
        "Go back one step.",
        ("escape", "h", "left"),
        Group.MOVE,
        scope=_W,
        footer="back",
    ),
    Command(
        "welcome.leave",
        "Quit or go back",
        "Quit at the first step, go back one step at the others.",
        ("q",),
        scope=_W,
        footer="quit",
    ),
    Command(
        "connect.try", "Connect", "Try the address and the key.", ("enter",), scope=_C, footer="connect"
    ),
    Command(
        "connect.next",
        "Next line",
        "Go to the next line.",
        ("tab", "down"),
        scope=_C,
        footer="next line",
    ),
    Command(
        "connect.previous", "Previous line", "Go to the line before.", ("shift+tab", "up"), scope=_C
    ),
    Command("connect.back", "Back", "Go back one step.", ("escape",), scope=_C, footer="back"),
)
