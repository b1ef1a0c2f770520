"""What the user did, on its way: with all that its sending needs, whatever the board shows by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fdtui.core.frozen import replace
from fdtui.core.intents import AssignTask, CreateTask, MoveTask, Pending, SetFields, followed
from fdtui.core.schema import ASSIGNEE, STAGE, Schema, WorkflowRef
from fdtui.core.task import Task
from fdtui.sync.storage.journal import EntryState, JournalEntry


@dataclass(slots=True, eq=False)
class QueuedIntent:
    """An intent until the server has said yes or no."""

    workflow: WorkflowRef
    schema: Schema
    task: Task
    """The task as the user saw it; for one that is being created, what it is to be."""
    pending: Pending
    at: float = 0.0
    """When the user did it, in seconds of the wall clock."""
    withdrawn: bool = False
    leaving: bool = False
    """Whether it is being sent, so that it is too late to withdraw it."""
    is_ours: bool = True
    """Whether the user did it in this window."""

    @property
    def ticket(self) -> int:
        """What it is called."""
        return self.pending.ticket

    def learn(self, entry: JournalEntry) -> None:
        """Take what the journal says of it; who did it is known here."""
        self.pending, is_foreign = entry.pending, not self.is_ours
        if self.pending.is_foreign != is_foreign:  # thousands may be learnt in one go
            self.pending = replace(self.pending, is_foreign=is_foreign)
        self.task = entry.task

    def follow(self, making: CreateTask, task: Task) -> None:
        """The server has made the task that this is about: from now on it is ``task``."""
        self.pending, self.task = followed(self.pending, making, task), task

    @property
    def lane(self) -> tuple[str, str]:
        """The queue that it stands in: all that is about one unique id goes in order.

        So a task that replaces a deleted one waits until the one before it is deleted.
        """
        intent = self.pending.intent
        uid = intent.uid(self.schema) if isinstance(intent, CreateTask) else None
        return (self.workflow.id, uid or intent.key)

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether nothing of it has left."""
        return not (self.pending.sent or self.leaving or self.withdrawn)

    @property
    def state(self) -> EntryState:
        """How far it is."""
        return EntryState.SENDING if self.pending.sent or self.leaving else EntryState.PENDING

    @property
    def entry(self) -> JournalEntry:
        """It as the journal keeps it."""
        pending = replace(self.pending, saved=True, sent=False)
        return JournalEntry(pending, self.workflow, self.schema, self.task, self.at)

    @property
    def name(self) -> str:
        """What to call the task in a message."""
        return self.entry.title


def queued_of(entry: JournalEntry) -> QueuedIntent:
    """What the journal keeps, to be sent; another window's, or an earlier run's."""
    return QueuedIntent(entry.workflow, entry.schema, entry.task, entry.pending, entry.at, is_ours=False)


def next_batch(queue: Iterable[QueuedIntent]) -> list[QueuedIntent]:
    """The first of ``queue`` with those after it that one request can do, too.

    A task that is being created is created as it was edited meanwhile.

    What may have left before is never put together with what has not: after a crash, exactly what was
    sent as one is looked at as one.
    """
    batch: list[QueuedIntent] = []
    for each in queue:
        if each.withdrawn:
            if not batch:
                return [each]
            break
        if batch and not _may_join(batch[0], each):
            break
        batch.append(each)
    return batch


def _may_join(first: QueuedIntent, other: QueuedIntent) -> bool:
    """Whether the two are edits of the same fields of one task that have left alike.

    Of other fields they stay apart: what the server refuses of one says nothing of the other.
    Into the creation of their task go edits of any field.
    """
    names, others = _fields(first.pending), _fields(other.pending)
    same_fields = bool(others) and (names == others or isinstance(first.pending.intent, CreateTask))
    same_task = first.pending.key == other.pending.key
    return same_fields and same_task and first.pending.sent == other.pending.sent


def _fields(pending: Pending) -> frozenset[str]:
    """The fields of an edit that can be put together with another."""
    match pending.intent:
        case MoveTask():
            return frozenset({STAGE})
        case AssignTask():
            return frozenset({ASSIGNEE})
        case SetFields(_, values):
            return frozenset(name for name, _ in values)
    return frozenset()


def merged(batch: Sequence[QueuedIntent]) -> Pending:
    """One intent for all of ``batch``: the last value of each field, over what the first one saw."""
    first, last = batch[0].pending, batch[-1].pending
    if first is last:
        return last
    if isinstance(first.intent, CreateTask):
        return replace(first, intent=_edited(first.intent, [each.pending for each in batch[1:]]))
    return replace(last, was=first.was, undoes=all(each.pending.undoes for each in batch))


def _edited(making: CreateTask, edits: Iterable[Pending]) -> CreateTask:
    """The creation of the task as it is after ``edits``; a field that never had a value has none."""
    made = dict(making.values)
    for each in edits:
        if isinstance(each.intent, MoveTask | AssignTask | SetFields):
            made |= each.intent.changes(Task(each.key, None, made))
    said = dict(making.values)
    values = ((name, value) for name, value in made.items() if value is not None or name in said)
    return replace(making, values=tuple(values))
