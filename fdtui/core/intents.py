"""What a user can want. An intent names the task by key and says the outcome, never the request.

An *edit* changes fields of a task that is there: its `changes` are computed from the freshest copy,
so that a list (files, links) is never replaced from a stale one. The others make, delete, or add to
a task.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from fdtui.core.details import Tick
from fdtui.core.frozen import frozen, replace
from fdtui.core.schema import ASSIGNEE, STAGE, Schema
from fdtui.core.task import Task, uid_of
from fdtui.core.task_map import TaskChanges
from fdtui.core.values import Value

Pairs: TypeAlias = tuple[tuple[str, Value], ...]
"""Field names with values, in order; a mapping that a frozen value can hold."""


@frozen
class MoveTask:
    """Put a task into a stage."""

    key: str
    stage: str

    def changes(self, _: Task) -> dict[str, Value]:
        """The fields that change, with their new values."""
        return {STAGE: self.stage}

    def sentence(self) -> str:
        """What is wanted, for a message: ``move to Done``."""
        return f"move to {self.stage}"


@frozen
class AssignTask:
    """Give a task to somebody, or with ``None`` to nobody."""

    key: str
    email: str | None

    def changes(self, _: Task) -> dict[str, Value]:
        """The fields that change, with their new values."""
        return {ASSIGNEE: self.email}

    def sentence(self) -> str:
        """What is wanted, for a message: ``assign to ada@example.com``."""
        return "unassign" if self.email is None else f"assign to {self.email}"


@frozen
class SetFields:
    """Give fields of a task these values; only fields that differ belong here."""

    key: str
    values: Pairs
    seen: Pairs = ()
    """What the fields were when a form with them was opened, which may be a while ago."""

    def changes(self, _: Task) -> dict[str, Value]:
        """The fields that change, with their new values."""
        return dict(self.values)

    def sentence(self) -> str:
        """What is wanted, for a message: ``change Name and Price``."""
        return "change " + " and ".join(name for name, _ in self.values)


@frozen
class LinkTask:
    """Link another task under the relationship ``field``, or unlink it.

    ``id_field`` is the name of the other workflow's unique id. A to-many list is sent whole, as the
    API wants it, with everything in it that was there a moment before.
    """

    key: str
    field: str
    id_field: str
    uid: str
    linked: bool = True
    to_many: bool = True

    def changes(self, fresh: Task) -> dict[str, Value]:
        """The relationship as it is to be, by unique ids alone."""
        mine: dict[str, Value] = {self.id_field: self.uid}
        if not self.to_many:
            return {self.field: mine if self.linked else None}
        there = fresh.row.get(self.field)
        entries = [each for each in there if isinstance(each, dict)] if isinstance(there, list) else []
        kept: list[Value] = [
            {self.id_field: each.get(self.id_field)}
            for each in entries
            if str(each.get(self.id_field)) != self.uid
        ]
        return {self.field: [*kept, mine] if self.linked else kept}

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return f"{'link' if self.linked else 'unlink'} {self.uid} in {self.field}"


@frozen
class RemoveFile:
    """Take one file out of a file field; all others stay, also a colleague's of a moment ago."""

    key: str
    field: str
    blob_id: str
    filename: str = ""

    def changes(self, fresh: Task) -> dict[str, Value]:
        """The list without that file."""
        there = fresh.row.get(self.field)
        entries = there if isinstance(there, list) else []
        return {
            self.field: [
                each
                for each in entries
                if not (isinstance(each, dict) and each.get("blobId") == self.blob_id)
            ]
        }

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return f"remove {self.filename or self.blob_id}"


@frozen
class CreateTask:
    """Make a task. ``key`` is made up by the program until the server has given the task its id."""

    key: str
    values: Pairs
    resolves: str = ""
    """The key of a deleted task that this one replaces: once it exists, the conflict is over."""

    def uid(self, schema: Schema) -> str | None:
        """The unique id that it asks for, or ``None`` where the server is to give one."""
        return uid_of(dict(self.values), schema.unique_id.name) if schema.unique_id else None

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return "create the task"


@frozen
class DeleteTask:
    """Delete a task for good."""

    key: str

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return "delete it"


@frozen
class AddComment:
    """Say something about a task."""

    key: str
    body: str

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return "comment"


@frozen
class AddChecklistItem:
    """Put something to do on a task's checklist."""

    key: str
    title: str
    stage: str

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return f"add “{self.title}” to the checklist"


@frozen
class TickItem:
    """Give a checklist item a state."""

    key: str
    item_id: str
    status: Tick
    was: Tick | None = None
    """Its state before, to be given back by an undo."""

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return f"mark the checklist item as {self.status.lower()}"


@frozen
class RemoveItem:
    """Delete a checklist item that is nobody's template."""

    key: str
    item_id: str

    def sentence(self) -> str:
        """What is wanted, for a message."""
        return "delete the checklist item"


Edit: TypeAlias = MoveTask | AssignTask | SetFields | LinkTask | RemoveFile
Remark: TypeAlias = AddComment | AddChecklistItem | TickItem | RemoveItem
"""What adds to a task without changing its row."""
Intent: TypeAlias = Edit | CreateTask | DeleteTask | Remark
EDITS = (MoveTask, AssignTask, SetFields, LinkTask, RemoveFile)


@frozen
class Pending:
    """An intent that the server has not confirmed yet.

    ``was`` holds what the changed fields were when the user decided, so that a change by somebody
    else in between can be distinguished from none. ``sent`` is true once a request may have left.
    """

    ticket: int
    intent: Intent
    was: Pairs = ()
    sent: bool = False
    undoes: bool = False
    """Whether it takes an earlier change back; a conflict then says so."""
    is_foreign: bool = False
    """Whether another window did it, or an earlier run of the program."""
    saved: bool = True
    """Whether it outlives the program: false until the journal has it."""
    once: str = ""
    """A random name of the request, by which a server that keeps such names does it only once."""
    at: float = 0.0
    """When the user decided, in wall clock seconds; 0 where that is not known."""
    sent_at: float = 0.0
    """When a request may first have left; 0 where that is not known."""

    @property
    def key(self) -> str:
        """The task it is about."""
        return self.intent.key

    def as_sent(self, now: float = 0.0) -> Pending:
        """The same, once bytes may have left; the first time counts."""
        return self if self.sent else replace(self, sent=True, sent_at=now)

    @property
    def earliest(self) -> float:
        """Before this moment nothing of it left, by our clock; 0 where that is not known."""
        return self.sent_at or self.at


def applied(shown: TaskChanges, pending: Pending) -> None:
    """Change ``shown`` to what it will be if the server agrees."""
    intent, task = pending.intent, shown.get(pending.key)
    if isinstance(intent, CreateTask):
        shown.put(Task(intent.key, None, dict(intent.values), BEING_CREATED))
    elif isinstance(intent, DeleteTask):
        shown.drop(intent.key)
    elif task is not None and isinstance(intent, EDITS):
        shown.put(task.with_changes(intent.changes(task)))


BEING_CREATED = (
    "This task is still being created. Actions and files have to wait until the server has it."
)
NOT_CREATED = "The task was not created, so nothing was sent."


def followed(pending: Pending, making: CreateTask, task: Task) -> Pending:
    """``pending``, which waited for ``making``, now that the server has made ``task`` of that.

    It is about the key that the server gave. Where neither the creation nor the user had said anything
    of a field, the user saw nothing there, and what the server put there is no colleague's change.
    """
    said = dict(making.values)
    was = tuple(
        (name, task.row.get(name) if value is None and name not in said else value)
        for name, value in pending.was
    )
    return replace(pending, intent=replace(pending.intent, key=task.key), was=was)


def inverse(intent: Intent, before: Mapping[str, Value]) -> Intent | None:
    """The intent that takes ``intent`` back, given the row ``before`` it; ``None`` if nothing can.

    A deleted task comes back as a new one; what was said or run cannot be unsaid.
    """
    match intent:
        case MoveTask(key, _):
            stage = before.get(STAGE)
            return MoveTask(key, stage) if isinstance(stage, str) else None
        case AssignTask(key, _):
            email = before.get(ASSIGNEE)
            return AssignTask(key, email if isinstance(email, str) else None)
        case SetFields(key, values):
            return SetFields(key, tuple((name, before.get(name)) for name, _ in values))
        case LinkTask(to_many=True):
            return replace(intent, linked=not intent.linked)
        case LinkTask(_, field, id_field, uid):
            was = before.get(field)
            old = str(was.get(id_field)) if isinstance(was, dict) else uid
            return replace(intent, uid=old, linked=isinstance(was, dict))
        case TickItem(key, item, status, was):
            return TickItem(key, item, was, status) if was is not None else None
        case _:
            return None
