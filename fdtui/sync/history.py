"""What the user did, to be undone and done again; and the last contents of what was deleted."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.frozen import frozen
from fdtui.core.intents import EDITS, CreateTask, DeleteTask, Intent, Pairs, inverse
from fdtui.core.schema import TASK_URL, Field, FieldType, Schema
from fdtui.core.task import Task
from fdtui.core.values import Row

LONGEST = 5_000
"""Deeds that can be undone; older ones are forgotten."""


@frozen
class Deed:
    """One intent with the row as it was before it, and the ticket that it went out with."""

    workflow: str
    intent: Intent
    before: Row
    ticket: int
    group: int = 0
    """What was done as one is undone as one; 0 for a deed that stands alone."""


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

    def forget(self, *tickets: int) -> None:
        """They were refused or withdrawn, so there is nothing to undo, or to do again."""
        self.done = [deed for deed in self.done if deed.ticket not in tickets]
        self.undone = [deed for deed in self.undone if deed.ticket not in tickets]

    @staticmethod
    def last(stack: list[Deed]) -> list[Deed]:
        """What was put on a stack last: one deed, or all that were done as one with it, oldest first."""
        if not stack:
            return []
        group = stack[-1].group
        return [deed for deed in stack if deed.group == group] if group else [stack[-1]]


def told(deeds: Sequence[Deed]) -> str:
    """What these deeds did, in words: ``move to Done``, ``move to Done (5 tasks)``."""
    words = told_of([deed.intent for deed in deeds])
    return words if len(deeds) < 2 else f"{words} ({len(deeds)} tasks)"


def told_of(intents: Sequence[Intent]) -> str:
    """What these intents want, in words; those of a bulk change mostly want the same."""
    words = list(dict.fromkeys(intent.sentence() for intent in intents))
    return words[0] if len(words) == 1 else "change" if words else ""


def comment_draft(key: str) -> str:
    """What the draft of a comment on a task is about."""
    return f"comment\0{key}"


def undoing(deed: Deed, number: int, schema: Schema) -> Intent | None:
    """The intent that takes ``deed`` back; a deleted task comes back as a new one."""
    if isinstance(deed.intent, DeleteTask):
        return CreateTask(new_key(number), contents(deed.before, schema))
    return inverse(deed.intent, deed.before)


def was_before_undo(deed: Deed) -> Pairs:
    """The fields as the deed left them: if somebody changed them since, the undo is no mere undo."""
    if not isinstance(deed.intent, EDITS):
        return ()
    before = Task(deed.intent.key, None, deed.before)
    return tuple(deed.intent.changes(before).items())


def contents(row: Row, schema: Schema) -> Pairs:
    """What a new task can be given of ``row``: all that has a value and is not the server's to give.

    That leaves out its address, files, linked tasks, numbers that count themselves, fixed fields.
    """
    return tuple(
        (name, value)
        for name, value in row.items()
        if name != TASK_URL
        and value not in (None, [])
        and not _is_reference(value)
        and not _is_given(schema.field(name))
    )


def new_key(number: int) -> str:
    """A key for a task that has no id yet; no unique id holds a NUL."""
    return f"\0new\0{number}"


def _is_given(field: Field | None) -> bool:
    """Whether the server alone decides what stands there."""
    if field is None:
        return False
    return field.autoincrement or (not field.editable and field.type != FieldType.UNIQUE_ID)


def _is_reference(value: object) -> bool:
    """Whether it points to files or other tasks, which a copy must not claim."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, dict) for each in value)
    )
