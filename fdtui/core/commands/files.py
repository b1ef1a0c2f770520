"""The commands of the files pane, of choosing a path, and of previews."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope

_F, _H, _P = Scope.FILES, Scope.PATHS, Scope.PREVIEW

COMMANDS: tuple[Command, ...] = (
    Command(
        "files.look",
        "Preview",
        "Preview the file; on a field, attach to it.",
        ("enter", "p"),
        scope=_F,
        footer="preview",
    ),
    Command(
        "files.download",
        "Download…",
        "Download the file, or all of the field.",
        ("D",),
        scope=_F,
        footer="download",
    ),
    Command("files.attach", "Attach…", "Attach files to the field.", ("a",), scope=_F, footer="attach"),
    Command(
        "files.from-address",
        "Attach from an address…",
        "Let the server fetch a web address and attach what it finds.",
        ("U",),
        scope=_F,
        footer="from address",
    ),
    Command(
        "files.remove",
        "Remove…",
        "Remove the file from the task; asks first.",
        ("d",),
        scope=_F,
        footer="remove",
    ),
    Command(
        "files.retry", "Try again", "Send or fetch the file again.", ("r",), scope=_F, footer="try again"
    ),
    Command(
        "files.bring-back",
        "Bring back",
        "Attach a file again that you removed.",
        ("b", "u"),
        scope=_F,
        footer="bring back",
    ),
    Command(
        "files.open",
        "Open",
        "Open the file with the desktop's program for it.",
        ("o",),
        scope=_F,
        footer="open",
    ),
    Command(
        "files.copy", "Copy the path", "Copy where the file is.", ("y",), scope=_F, footer="copy path"
    ),
    Command(
        "files.dismiss",
        "Forget",
        "Remove a finished file from the list.",
        ("-",),
        scope=_F,
        footer="forget",
    ),
    Command(
        "files.cancel", "Cancel", "Cancel a file on its way.", ("escape",), scope=_F, footer="cancel it"
    ),
    Command("files.close", "Close", "Close the files of the task.", ("q", "f"), scope=_F),
    Command("paths.down", "Down", "To the next entry.", ("down", "ctrl+n"), scope=_H),
    Command("paths.up", "Up", "To the entry above.", ("up", "ctrl+p"), scope=_H),
    Command("paths.page-down", "Page down", "Ten entries down.", ("pagedown",), scope=_H),
    Command("paths.page-up", "Page up", "Ten entries up.", ("pageup",), scope=_H),
    Command(
        "paths.take",
        "Take",
        "Take the file, or go into the folder.",
        ("enter",),
        scope=_H,
        footer="take",
    ),
    Command(
        "paths.complete",
        "Complete",
        "Complete what is typed, as a shell does.",
        ("tab",),
        scope=_H,
        footer="complete",
    ),
    Command(
        "paths.tick",
        "Tick",
        "Tick the file, to take several at once.",
        ("ctrl+t",),
        scope=_H,
        footer="tick several",
    ),
    Command(
        "paths.parent",
        "Folder above",
        "Go to the folder above, while nothing is typed.",
        ("backspace",),
        scope=_H,
        footer="folder above",
    ),
    Command("paths.back", "Back", "Choose nothing.", ("escape",), scope=_H, footer="back"),
    Command("preview.download", "Download…", "Download the file.", ("D",), scope=_P, footer="download"),
    Command(
        "preview.close",
        "Back",
        "Go back to the files.",
        ("escape", "q", "enter"),
        scope=_P,
        footer="back",
    ),
)
