"""The commands of the detail pane and its tabs."""

from __future__ import annotations

from fdtui.core.commands.command import Command, Scope

_D, _O, _C, _L = Scope.DETAIL, Scope.COMMENTS, Scope.CHECKLIST, Scope.LINKS

COMMANDS: tuple[Command, ...] = (
    *(
        Command(f"detail.run-{n}", f"Action {n}", f"Run action {n} on the task.", (str(n),), scope=_D)
        for n in range(1, 10)
    ),
    Command(
        "comments.write",
        "Write a comment…",
        "Write a comment on the task.",
        ("enter", "n"),
        scope=_O,
        footer="write",
    ),
    Command(
        "checklist.tick", "Tick", "Tick or untick the item.", ("space", "enter"), scope=_C, footer="tick"
    ),
    Command("checklist.skip", "Skip", "Skip the item, or undo that.", ("s",), scope=_C, footer="skip"),
    Command("checklist.reset", "Reset", "Untick the item.", ("r",), scope=_C, footer="reset"),
    Command(
        "checklist.add",
        "Add an item…",
        "Add an item to the task's checklist.",
        ("n",),
        scope=_C,
        footer="add",
    ),
    Command(
        "checklist.delete",
        "Delete the item…",
        "Delete an item; asks first.",
        ("d",),
        scope=_C,
        footer="delete",
    ),
    Command(
        "checklist.all-stages",
        "All stages",
        "Show the items of all stages, or of this one.",
        ("a",),
        scope=_C,
        footer="all stages",
    ),
    Command("links.open", "Open the task", "Open the linked task.", ("enter",), scope=_L, footer="open"),
    Command("links.add", "Link a task…", "Link another task.", ("n",), scope=_L, footer="link"),
    Command(
        "links.remove", "Unlink…", "Unlink the task; asks first.", ("d",), scope=_L, footer="unlink"
    ),
)
