"""The keys of the panes that are no board, for the footer. They are fixed, as a dialog's are."""

from __future__ import annotations

Keys = tuple[tuple[str, str], ...]

_WALK: Keys = (("^n", "down"), ("^p", "up"), ("type", "to search"), ("esc", "close"))
LIST: Keys = (("enter", "choose"), *_WALK)
TICKS: Keys = (("space", "tick"), ("enter", "done"), *_WALK)
QUESTION: Keys = (("enter", "choose"), ("j", "down"), ("k", "up"), ("esc", "close"))
HELP: Keys = (
    ("j", "down"), ("k", "up"), ("space", "page"), ("g", "top"), ("G", "bottom"), ("esc", "close"),
)  # fmt: skip

PANE_KEYS: dict[str, Keys] = {
    "runs": (
        ("enter", "go to the task"), ("r", "run again"), ("y", "copy id"), ("d", "dismiss"),
        ("]", "requests"), ("esc", "board"), ("x", "close"), ("?", "help"),
    ),
    "transfers": (
        ("enter", "go to the task"), ("r", "try again"), ("y", "copy path"), ("d", "forget"),
        ("]", "executions"), ("esc", "board"), ("x", "close"), ("?", "help"),
    ),
    "moving": (
        ("esc", "cancel it"), ("enter", "go to the task"), ("]", "executions"), ("x", "close"),
        ("?", "help"),
    ),
    "requests": (
        ("y", "copy as curl"), ("]", "files"), ("esc", "board"), ("x", "close"), ("?", "help"),
    ),
    "triage": (
        ("1…9", "decide"), ("space", "skip"), ("k", "back"), ("I", "to me"), ("s", "snooze"),
        ("c", "comment"), ("u", "undo"), ("!", "what is missing"), ("q", "leave"), ("?", "help"),
    ),
}  # fmt: skip
