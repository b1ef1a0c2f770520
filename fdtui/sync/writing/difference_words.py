"""How the user is told that a task was, or became, another than it was thought to be."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.conflict import still_wanted
from fdtui.core.fields import same, show
from fdtui.core.schema import Schema
from fdtui.core.task import Task
from fdtui.core.values import Value


def changes_words(schema: Schema, changes: Mapping[str, Value]) -> str:
    """What others made of these fields before anything was sent."""
    return "; ".join(
        f"{name} was changed meanwhile to {_shown(schema, name, value)}"
        for name, value in changes.items()
    )


def overwritten_words(
    schema: Schema,
    now: Task,
    seen: list[Task],
    wanted: Mapping[str, Value],
    before: Task | None = None,
) -> str:
    """What others had made of the fields ``wanted`` while they were being written.

    ``seen`` is what the task was like meanwhile, ``before`` what it was like when it was read.
    """
    lost: dict[str, Value] = {}
    for each in seen:
        for name in still_wanted(each, wanted, schema):
            field, theirs = schema.meant(name), each.row.get(name)
            is_old = before is not None and same(field, theirs, before.row.get(name))
            if not is_old and not same(field, theirs, now.row.get(name)):
                lost[name] = theirs
    return f"{changes_words(schema, lost)}, and yours overwrote it" if lost else ""


def kept_words(schema: Schema, answer: Task, wanted: Mapping[str, Value]) -> str:
    """What the server keeps instead of what was sent."""
    return "; ".join(
        f"{name}: the server kept {_shown(schema, name, answer.row[name])}"
        for name in still_wanted(answer, wanted, schema)
        if name in answer.row
    )


def _shown(schema: Schema, name: str, value: Value) -> str:
    return f"“{show(schema.meant(name), value)}”" if value is not None else "nothing"
