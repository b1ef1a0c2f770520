"""What the user did, to be undone and done again; and the last contents of what was deleted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fdtui.core.frozen import replace
from fdtui.core.intents import EDITS, CreateTask, DeleteTask, Intent, Pairs, inverse
from fdtui.core.schema import TASK_URL, Field, FieldType, Schema
from fdtui.core.task import Task
from fdtui.core.values import Row
from fdtui.sync.storage.journal import (
    Change,
    HistoryEntry,
    SavedHistory,
    Stack,
    StackChange,
    TrashChange,
    Trashed,
)

MAX_ENTRIES_KEPT = 5_000
"""Deeds that can be undone; older ones are forgotten."""


class History:
    """Two stacks, and a bin.

    Each change of them is kept in `changes` until it is saved; ``on_change`` is called then.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self._stacks: dict[Stack, list[HistoryEntry]] = {Stack.DONE: [], Stack.UNDONE: []}
        self.trash: list[Trashed] = []
        self._restoring: dict[int, Trashed] = {}
        """Ticket of the creation that brings a task back, to what the trash held of it."""
        self._changes: list[Change] = []
        self._on_change = on_change

    def recall(self, kept: SavedHistory, waiting: Collection[int]) -> None:
        """Go on from what an earlier run of the program left.

        ``waiting`` are the tickets without an answer: a task that was not brought back is in the trash.
        """
        for each in kept.stacks:
            if each.stack is not None and each.entry is not None:
                self._stacks[each.stack].append(each.entry)
        for held in kept.trash:
            if held.trashed is not None and held.restoring in waiting:
                self._restoring[held.restoring] = held.trashed
            elif held.trashed is not None:
                self.trash.append(held.trashed)

    def changes(self) -> tuple[Change, ...]:
        """What is to be saved; it is forgotten here."""
        changes, self._changes = tuple(self._changes), []
        return changes

    def last(self, stack: Stack) -> list[HistoryEntry]:
        """What was put on a stack last: one entry, or all of its group, oldest first."""
        entries = self._stacks[stack]
        if not entries:
            return []
        group = entries[-1].group
        return [entry for entry in entries if entry.group == group] if group else [entries[-1]]

    def record(self, entry: HistoryEntry) -> None:
        """The user did something new: what was undone before cannot be done again."""
        self.push(Stack.DONE, entry)
        self._drop(*self._stacks[Stack.UNDONE], *self._stacks[Stack.DONE][:-MAX_ENTRIES_KEPT])

    def push(self, stack: Stack, entry: HistoryEntry) -> None:
        """Put an entry on a stack."""
        self._stacks[stack].append(entry)
        self._note(StackChange(entry.ticket, stack, entry))

    def find(self, ticket: int) -> HistoryEntry | None:
        """The entry of that ticket among what can be undone."""
        return next((each for each in self._stacks[Stack.DONE] if each.ticket == ticket), None)

    def take(self, entries: Sequence[HistoryEntry]) -> None:
        """Take entries from wherever they stand."""
        self._drop(*entries)

    def delete(self, trashed: Trashed) -> None:
        """Keep what a task holds that is being deleted."""
        self.trash.append(trashed)
        self._note(TrashChange(trashed.ticket, trashed))

    def forget(self, *tickets: int) -> None:
        """They were refused or withdrawn, so there is nothing to undo, or to do again.

        A task that was not deleted is in no trash; one that was not brought back is there again.
        """
        for ticket in tickets:
            if any(each.ticket == ticket for each in self.trash):
                self.trash = [each for each in self.trash if each.ticket != ticket]
                self._note(TrashChange(ticket))
            if (trashed := self._restoring.pop(ticket, None)) is not None:
                self.trash.append(trashed)
                self.trash.sort(key=lambda each: each.at)
                self._note(TrashChange(trashed.ticket, trashed))
        gone = set(tickets)
        self._drop(*(each for stack in self._stacks.values() for each in stack if each.ticket in gone))

    def restoring(self, deletion: int, ticket: int) -> None:
        """What that deletion took away is on its way back, by the creation of that ticket."""
        found = next((each for each in self.trash if each.ticket == deletion), None)
        if found is not None:
            self.trash.remove(found)
            self._restoring[ticket] = found
            self._note(TrashChange(found.ticket, found, ticket))

    def is_restoring(self, ticket: int) -> bool:
        """Whether a task is still on its way back by that creation."""
        return ticket in self._restoring

    def restored(self, ticket: int, key: str) -> bool:
        """The task is back under ``key``: what was done to it is about that from now on.

        False where that creation brings nothing back.
        """
        trashed = self._restoring.pop(ticket, None)
        if trashed is None:
            return False
        self._note(TrashChange(trashed.ticket))
        self.rekey(trashed.key, key)
        return True

    def rekey(self, old: str, key: str) -> None:
        """The task ``old`` is known by another key from now on."""
        for stack, entries in self._stacks.items():
            for at, entry in enumerate(entries):
                if entry.intent.key == old:
                    entries[at] = replace(entry, intent=replace(entry.intent, key=key))
                    self._note(StackChange(entry.ticket, stack, entries[at]))

    def take_deletion(self, deletion: int) -> HistoryEntry | None:
        """The entry of a deletion, taken from what can be undone."""
        found = self.find(deletion)
        if found is not None:
            self._drop(found)
        return found

    def _drop(self, *entries: HistoryEntry) -> None:
        if not entries:
            return
        gone = {id(entry) for entry in entries}
        for stack in self._stacks.values():
            stack[:] = [entry for entry in stack if id(entry) not in gone]
        self._note(*(StackChange(entry.ticket) for entry in entries))

    def _note(self, *changes: Change) -> None:
        self._changes += changes
        self._on_change()


def describe_entries(entries: Sequence[HistoryEntry]) -> str:
    """What these entries did, in words: ``move to Done``, ``move to Done (5 tasks)``."""
    words = describe_intents([entry.intent for entry in entries])
    return words if len(entries) < 2 else f"{words} ({len(entries)} tasks)"


def describe_intents(intents: Sequence[Intent]) -> str:
    """What these intents want, in words; those of a bulk change mostly want the same."""
    words = list(dict.fromkeys(intent.sentence() for intent in intents))
    return words[0] if len(words) == 1 else "change" if words else ""


BODY = "body"
"""The name of the text in the draft of a comment, of a checklist item, of a value."""


def comment_draft(key: str) -> str:
    """What the draft of a comment on a task is about."""
    return f"comment\0{key}"


def item_draft(key: str) -> str:
    """What the draft of a new checklist item of a task is about."""
    return f"item\0{key}"


def bulk_draft(field: str) -> str:
    """What the draft of a field's value for many tasks is about."""
    return f"bulk\0{field}"


_REFUSED = "\0refused\0"


def refused_draft(about: str, at: float) -> str:
    """What a refused text is about: never what one is typing by now about the same."""
    return f"{about}{_REFUSED}{at}"


def is_draft_of(name: str, about: str) -> bool:
    """Whether a draft of that name is the text about that, or a refused one."""
    return name == about or name.startswith(f"{about}{_REFUSED}")


def undoing(entry: HistoryEntry, number: int, schema: Schema) -> Intent | None:
    """The intent that takes ``entry`` back; a deleted task comes back as a new one."""
    if isinstance(entry.intent, DeleteTask):
        return CreateTask(new_key(number), contents(entry.before, schema))
    if isinstance(entry.intent, CreateTask):
        return DeleteTask(entry.intent.key)
    return inverse(entry.intent, entry.before)


def was_before_undo(entry: HistoryEntry) -> Pairs:
    """The fields as the entry left them: if somebody changed them since, the undo is no mere undo."""
    if not isinstance(entry.intent, EDITS):
        return ()
    before = Task(entry.intent.key, None, entry.before)
    return tuple(entry.intent.changes(before).items())


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
