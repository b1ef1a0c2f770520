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
    if task.stage in schema.done_stages:
        return False
    due = deadline_of(task, schema)
    return due is not None and due < today
