"""What differs between two states of a task, for the activity log. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.schema import ASSIGNEE, STAGE
from fdtui.core.values import Value
from fdtui.server import render
from fdtui.server.record import Record
from fdtui.server.workflow.definition import Workflow


def seen(workflow: Workflow, record: Record) -> dict[str, Value]:
    """A task as the log shows it: by name, and without what is empty."""
    shown: dict[str, Value] = {STAGE: record.stage}
    if record.assignee is not None:
        shown[ASSIGNEE] = record.assignee
    for field in workflow.schema.fields:
        value = record.values.get(field.id)
        if value is not None and value != []:
            shown[field.name] = render.shown(field, value)
    return shown


def differing(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The parts of both that are not the same; what is missing on one side is ``None`` there."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return ({name: before.get(name) for name in names}, {name: after.get(name) for name in names})
