"""Whether a task should have been done by now. Pure."""

from __future__ import annotations

from datetime import date

from fdtui.core.moments import day_of
from fdtui.core.schema import Schema
from fdtui.core.task import Task


def deadline_of(task: Task, schema: Schema) -> date | None:
    """The day by which the task should be done; ``None`` where none is known."""
    field = schema.deadline
    return None if field is None else day_of(field, task.row.get(field.name))


def is_late(task: Task, schema: Schema, today: date) -> bool:
    """Whether the task should have been done before ``today`` and is not."""
    return days_late(task, schema, today) > 0


def days_late(task: Task, schema: Schema, today: date) -> int:
    """For how many days the task should have been done and is not; 0 where it is not late."""
    if task.stage in schema.done_stages:
        return 0
    due = deadline_of(task, schema)
    return 0 if due is None else max(0, (today - due).days)
