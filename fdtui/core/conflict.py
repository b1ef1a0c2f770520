"""What happens when two people change one task: told field by field, settled by the user."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.fields import same
from fdtui.core.frozen import frozen
from fdtui.core.intents import EDITS, Pending
from fdtui.core.schema import Field, Schema
from fdtui.core.task import Task
from fdtui.core.values import Row, Value


@frozen
class Disputed:
    """One field: what it was when the user decided, what somebody made of it, what the user wants."""

    name: str
    base: Value
    theirs: Value
    mine: Value


@frozen
class Conflict:
    """An intent that was overtaken. Theirs stands until the user chooses; mine is kept."""

    pending: Pending
    fields: tuple[Disputed, ...]
    deleted: bool = False
    """Somebody deleted the task; then ``row`` is its last contents with the user's changes."""
    row: Row | None = None


def disputed(fresh: Task, pending: Pending, schema: Schema) -> tuple[Disputed, ...]:
    """The fields that both sides changed, to different ends; compared by meaning."""
    intent = pending.intent
    wanted = intent.changes(fresh) if isinstance(intent, EDITS) else {}
    found = []
    for name, was in pending.was:
        field, theirs, mine = schema.field(name) or Field(name), fresh.row.get(name), wanted.get(name)
        if not same(field, theirs, was) and not same(field, theirs, mine):
            found.append(Disputed(name, was, theirs, mine))
    return tuple(found)


def still_wanted(fresh: Task, wanted: Mapping[str, Value], schema: Schema) -> dict[str, Value]:
    """The changes that the task does not have yet."""
    return {
        name: value
        for name, value in wanted.items()
        if not same(schema.field(name) or Field(name), fresh.row.get(name), value)
    }
