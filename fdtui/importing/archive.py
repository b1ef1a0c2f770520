"""What `task export --all` writes, a folder or a zip of it: tasks, their files, and the workflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from fdtui.core.values import Row, Value
from fdtui.importing.jsonrows import read_lines
from fdtui.importing.mapping import TO_CHECKLIST, TO_COMMENTS
from fdtui.importing.rows import ForeignFile, SourceRow

TASKS, WORKFLOW, FILES = "tasks.jsonl", "workflow.toml", "files"
"""A line for each task; the workflow as `workflow apply` takes it; a folder for each task's files."""
PATH = "path"
"""In a file's entry, where its contents are, seen from the folder."""
_TASK_KEY, _COMMENTS, _ITEMS = "task", "comments", "checklist"


def line_of(row: Row, comments: Value, checklist: Value) -> dict[str, Value]:
    """A task with all that belongs to it, as one line holds it."""
    return {_TASK_KEY: dict(row), _COMMENTS: comments, _ITEMS: checklist}


def read(text: TextIO) -> Iterator[SourceRow]:
    """The tasks, exactly as they were."""
    for row in read_lines(text):
        task = row.values.get(_TASK_KEY)
        if row.problem or not isinstance(task, dict):
            yield SourceRow(row.line, {}, row.raw, row.problem or "it holds no task")
            continue
        values: dict[str, Value] = {name: _kept(value) for name, value in task.items()}
        values[TO_COMMENTS] = row.values.get(_COMMENTS) or []
        values[TO_CHECKLIST] = row.values.get(_ITEMS) or []
        yield SourceRow(row.line, values, row.raw)


def as_file() -> ForeignFile:
    """How the lines of an archive are read."""
    return ForeignFile("fdtui", "Export of fdtui", read)


def _kept(value: Value) -> Value:
    """A field's files without what they were called in the other store."""
    if isinstance(value, list) and value and all(_is_file(each) for each in value):
        files = (each for each in value if isinstance(each, dict))
        return [{name: told for name, told in each.items() if name != "blobId"} for each in files]
    return value


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and PATH in value
