"""The commands of the pane at the bottom: executions, files on their way, requests."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope

_A, _R, _T, _Q = Scope.ACTIVITY, Scope.RUNS, Scope.TRANSFERS, Scope.REQUESTS

COMMANDS: tuple[Command, ...] = (
    Command(
        "activity.tab-next",
        "Next tab",
        "Go to the pane's next tab.",
        ("]",),
        scope=_A,
        footer="next tab",
    ),
    Command("activity.tab-previous", "Previous tab", "Go to the pane's tab before.", ("[",), scope=_A),
    Command(
        "runs.go",
        "Go to the task",
        "Put the cursor on the execution's task.",
        ("enter",),
        scope=_R,
        footer="go to the task",
    ),
    Command(
        "runs.again",
        "Run again",
        "Run the same action on the task as it is now.",
        ("r",),
        scope=_R,
        footer="run again",
    ),
    Command("runs.copy", "Copy the id", "Copy the execution's id.", ("y",), scope=_R, footer="copy id"),
    Command(
        "runs.dismiss",
        "Dismiss",
        "Remove a finished execution from the list.",
        ("d", "delete", "backspace"),
        scope=_R,
        footer="dismiss",
    ),
    Command("runs.read", "Mark as read", "Count the execution as read.", ("space",), scope=_R),
    Command(
        "transfers.cancel",
        "Cancel",
        "Cancel a file on its way.",
        ("escape",),
        scope=_T,
        footer="cancel it",
    ),
    Command(
        "transfers.go",
        "Go to the task",
        "Put the cursor on the file's task.",
        ("enter",),
        scope=_T,
        footer="go to the task",
    ),
    Command(
        "transfers.retry",
        "Try again",
        "Send or fetch the file again.",
        ("r",),
        scope=_T,
        footer="try again",
    ),
    Command(
        "transfers.copy",
        "Copy the path",
        "Copy where the file is.",
        ("y",),
        scope=_T,
        footer="copy path",
    ),
    Command(
        "transfers.forget",
        "Forget",
        "Remove a finished file from the list.",
        ("d", "delete", "backspace", "-"),
        scope=_T,
        footer="forget",
    ),
    Command(
        "requests.copy",
        "Copy as curl",
        "Copy the request as a curl command, without the key.",
        ("y",),
        scope=_Q,
        footer="copy as curl",
    ),
)
