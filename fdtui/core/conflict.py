"""What happens when two people change one task: told field by field, resolved by the user."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.fields import same
from fdtui.core.frozen import frozen
from fdtui.core.intents import EDITS, LinkTask, Pending
from fdtui.core.schema import Schema
from fdtui.core.task import Task
from fdtui.core.values import Row, Value


@frozen
class ConflictField:
    """One field: what it was when the user decided, what somebody made of it, what the user wants."""

    name: str
    base: Value
    theirs: Value
    mine: Value


@frozen
class Conflict:
    """An intent that was overtaken. Theirs stands until the user chooses; mine is kept."""

    pending: Pending
    fields: tuple[ConflictField, ...]
    deleted: bool = False
    """Somebody deleted the task; then ``row`` is its last contents with the user's changes."""
    row: Row | None = None


def disputed(fresh: Task, pending: Pending, schema: Schema) -> tuple[ConflictField, ...]:
    """The fields that both sides changed, to different ends; compared by meaning."""
    intent = pending.intent
    wanted = intent.changes(fresh) if isinstance(intent, EDITS) else {}
    found = []
    for name, was in pending.was:
        field, theirs, mine = schema.meant(name), fresh.row.get(name), wanted.get(name)
        if isinstance(intent, LinkTask):
            if _linked_uid(theirs, intent) in {_linked_uid(was, intent), _linked_uid(mine, intent)}:
                continue  # the same task, whatever it is like now
            found.append(ConflictField(name, was, theirs, mine))
        elif name not in wanted:  # not to be changed, but to be as it was
            if not same(field, theirs, was):
                found.append(ConflictField(name, was, theirs, theirs))
        elif not same(field, theirs, was) and not same(field, theirs, mine):
            found.append(ConflictField(name, was, theirs, mine))
    return tuple(found)


def _linked_uid(value: Value, link: LinkTask) -> str:
    """The unique id of the one task that is linked, or nothing."""
    return str(value.get(link.id_field, "")) if isinstance(value, dict) else ""


def changed_since(seen: Task, fresh: Task, schema: Schema) -> dict[str, Value]:
    """What somebody made of a task since it was ``seen``: the fields that differ in meaning.

    Linked tasks are left out, for a change of theirs is none of this task.
    """
    changes: dict[str, Value] = {}
    for name in seen.row.keys() & fresh.row.keys():
        was, now = seen.row[name], fresh.row[name]
        field = schema.meant(name)
        if not _holds_tasks(was) and not _holds_tasks(now) and not same(field, was, now):
            changes[name] = now
    return changes


def _holds_tasks(value: Value) -> bool:
    entries = value if isinstance(value, list) else [value]
    return any(isinstance(each, dict) and "blobId" not in each for each in entries)


def taken_back(fresh: Task, pending: Pending, wanted: Mapping[str, Value]) -> Conflict:
    """An edit that had arrived, and that somebody has undone since."""
    was = dict(pending.was)
    fields = [
        ConflictField(name, was.get(name), fresh.row.get(name), mine) for name, mine in wanted.items()
    ]
    return Conflict(pending, tuple(fields))


def still_wanted(fresh: Task, wanted: Mapping[str, Value], schema: Schema) -> dict[str, Value]:
    """The changes that the task does not have yet."""
    return {
        name: value
        for name, value in wanted.items()
        if not same(schema.meant(name), fresh.row.get(name), value)
    }
