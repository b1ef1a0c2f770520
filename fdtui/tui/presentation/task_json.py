"""A task as text to copy. Pure."""

from __future__ import annotations

from fdtui.core.strictjson import dumps
from fdtui.core.task import Task


def task_json(task: Task) -> str:
    """The task as the API would list it, on several lines; every number with its own digits."""
    return dumps(dict(task.row), indent=2)
