"""What a caller who may not know of every workflow is shown of the log, of executions and jobs. Pure.

A link is there for both of its ends, so the log of one workflow names tasks of another, and a step that
was refused over there says why in the words of that workflow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fdtui.core.schema import FieldType
from fdtui.core.values import Value
from fdtui.server.store.executions import StoredExecution
from fdtui.server.store.jobs import Job
from fdtui.server.task_service import TaskService
from fdtui.server.workflow import plan

ELSEWHERE = "A step failed in a workflow that this key may not see."
OLDER_ERROR = (
    "A step failed. Only a key for every workflow may see why, for it is from an older version."
)
"""For what was noted before it was noted of which workflows the errors speak."""
_LISTS = frozenset({FieldType.MULTIPLE_SELECT, FieldType.FILE})


def errors_of(book: TaskService, found: StoredExecution | Job) -> list[str]:
    """Why an execution or a job failed, as far as the reader of ``book`` may know."""
    return _errors(book, found.errors, found.about)


def log_of(book: TaskService, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The log's ``entries`` without what concerns workflows that the reader may not know of."""
    shown = (_entry(book, each) for each in entries)
    return [each for each in shown if each is not None]


def _entry(book: TaskService, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    before, after = dict(entry["before"]), dict(entry["after"])
    if entry["what"] == "execution.finished" and "errors" in after:
        after["errors"] = _errors(book, after["errors"], after.pop("about", None))
    if book.actor.workflows is not None:
        if entry["what"] == "workflow.applied":
            after["changes"] = [each for each in after["changes"] if not each.startswith(plan.OF_LINKS)]
            if not after["changes"]:
                return None
        elif entry["what"].startswith("task."):
            hidden = [name for name in {**before, **after} if _is_hidden(book, name, before, after)]
            for name in hidden:
                before.pop(name, None)
                after.pop(name, None)
            if hidden and not before and not after:
                return None
    return {**entry, "before": before, "after": after}


def _is_hidden(book: TaskService, name: str, *sides: Mapping[str, Value]) -> bool:
    """Whether ``name`` is, or was when it was noted, a link to what the reader may not know of.

    A link is noted as a list of unique ids, and may have lost its name or its workflow since.
    """
    field = book.workflow.schema.field(name)
    if name in book.sides or (field is not None and field.type in _LISTS):
        return False
    return any(isinstance(side.get(name), list) for side in sides)


def _errors(book: TaskService, errors: Sequence[str], about: Collection[str] | None) -> list[str]:
    if about is None:
        return list(errors) if book.actor.workflows is None else [OLDER_ERROR]
    return list(errors) if all(map(book.actor.sees, about)) else [ELSEWHERE]
