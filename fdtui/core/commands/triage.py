"""The commands of triage."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope

_T = Scope.TRIAGE

COMMANDS: tuple[Command, ...] = (
    *(
        Command(
            f"triage.run-{n}",
            f"Action {n}",
            f"Run action {n} on the task.",
            (str(n),),
            scope=_T,
            footer="decide" if n == 1 else "",
        )
        for n in range(1, 10)
    ),
    Command("triage.skip", "Skip", "Go to the next task.", ("space", "n"), scope=_T, footer="skip"),
    Command("triage.back", "Back", "Go to the task before.", ("p",), scope=_T, footer="back"),
    Command(
        "triage.snooze",
        "Snooze…",
        "Hide the task from triage for a while.",
        ("s",),
        scope=_T,
        footer="snooze",
    ),
    Command(
        "triage.comment", "Comment…", "Write a comment on the task.", ("c",), scope=_T, footer="comment"
    ),
    Command(
        "triage.leave",
        "Leave triage",
        "Go back to the board.",
        ("q", "escape"),
        scope=_T,
        footer="leave",
    ),
)
