"""What the user did, to be undone and done again; and the last contents of what was deleted."""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.core.intents import EDITS, CreateTask, DeleteTask, Intent, Pairs, inverse
from fdtui.core.schema import TASK_URL
from fdtui.core.task import Task
from fdtui.core.values import Row

LONGEST = 200
"""Deeds that can be undone; older ones are forgotten."""


@frozen
class Deed:
    """One intent with the row as it was before it, and the ticket that it went out with."""

    workflow: str
    intent: Intent
    before: Row
    ticket: int


@frozen
class Trashed:
    """The last contents of a deleted task; ``at`` is the wall clock in seconds."""

    workflow: str
    row: Row
    title: str
    at: float


class History:
    """Two stacks, and a bin."""

    def __init__(self) -> None:
        self.done: list[Deed] = []
        self.undone: list[Deed] = []
        self.trash: list[Trashed] = []

    def record(self, deed: Deed) -> None:
        """The user did something new: what was undone before cannot be done again."""
        self.done.append(deed)
        del self.done[:-LONGEST]
        self.undone.clear()

    def forget(self, ticket: int) -> None:
        """It was refused, so there is nothing to undo."""
        self.done = [deed for deed in self.done if deed.ticket != ticket]


def undoing(deed: Deed, number: int) -> Intent | None:
    """The intent that takes ``deed`` back; a deleted task comes back as a new one."""
    if isinstance(deed.intent, DeleteTask):
        return CreateTask(new_key(number), contents(deed.before))
    return inverse(deed.intent, deed.before)


def was_before_undo(deed: Deed) -> Pairs:
    """The fields as the deed left them: if somebody changed them since, the undo is no mere undo."""
    if not isinstance(deed.intent, EDITS):
        return ()
    before = Task(deed.intent.key, None, deed.before)
    return tuple(deed.intent.changes(before).items())


def contents(row: Row) -> Pairs:
    """What a new task can be given of ``row``: all that has a value, but no address and no files."""
    return tuple(
        (name, value)
        for name, value in row.items()
        if name != TASK_URL and value not in (None, []) and not _is_reference(value)
    )


def new_key(number: int) -> str:
    """A key for a task that has no id yet; no unique id holds a NUL."""
    return f"\0new\0{number}"


def _is_reference(value: object) -> bool:
    """Whether it points to files or other tasks, which a copy must not claim."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, dict) for each in value)
    )
