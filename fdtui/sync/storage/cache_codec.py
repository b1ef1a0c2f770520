"""What the cache holds as bytes, and back again, every value exactly as it was."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from fdtui.core.details import Activity, ChecklistItem, Comment, Details, Part
from fdtui.core.schema import Schema, WorkflowRef, Workspace
from fdtui.core.strictjson import dumps
from fdtui.sync.storage.schema_json import attributes, schema_read, schema_written

UNWRITABLE = (ValueError, TypeError, RecursionError)
"""What `packed` raises for a value that cannot be written."""
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
"""What reading raises for bytes that this module did not write."""
_decode = json.JSONDecoder(parse_float=Decimal).decode


def packed(value: object) -> bytes:
    """``value`` as bytes; halves of surrogate pairs, which some installs send, are kept."""
    return dumps(value).encode("utf-8", "surrogatepass")


def unpacked(body: bytes) -> Any:
    """The value in ``body``, which `packed` wrote."""
    return _decode(body.decode("utf-8", "surrogatepass"))


def column(text: str) -> str | bytes:
    """A text as SQLite takes it: one that is no UTF-8 becomes bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text_of(value: str | bytes) -> str:
    """The text in a column."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def packed_shape(workflow: WorkflowRef, schema: Schema) -> bytes:
    """A workflow's name and shape."""
    return packed({"workflow": [workflow.id, workflow.name], **schema_written(schema)})


def shape_of(body: bytes) -> tuple[WorkflowRef, Schema]:
    """What `packed_shape` wrote; raises one of `UNREADABLE`."""
    parts = unpacked(body)
    return WorkflowRef(*parts["workflow"]), schema_read(parts)


def packed_list(workflows: tuple[WorkflowRef, ...], workspace: Workspace | None) -> bytes:
    """The workflows that there are, and whose they are."""
    owner = None if workspace is None else [workspace.id, workspace.name]
    return packed({"workflows": [[each.id, each.name] for each in workflows], "workspace": owner})


def list_of(body: bytes) -> tuple[tuple[WorkflowRef, ...], Workspace | None]:
    """What `packed_list` wrote; raises one of `UNREADABLE`."""
    parts = unpacked(body)
    owner = parts["workspace"]
    workflows = tuple(WorkflowRef(*each) for each in parts["workflows"])
    return workflows, None if owner is None else Workspace(*owner)


_KINDS: dict[Part, type[Any]] = {
    Part.COMMENTS: Comment,
    Part.CHECKLIST: ChecklistItem,
    Part.ACTIVITY: Activity,
}
CACHED_PARTS = tuple(_KINDS)
"""The parts of a task that are kept: what can be done with it is asked for each time."""


def packed_part(details: Details, part: Part) -> bytes:
    """One part of a task's details."""
    return packed([attributes(each) for each in getattr(details, part)])


def part_of(body: bytes, part: Part) -> tuple[Any, ...]:
    """What `packed_part` wrote; raises one of `UNREADABLE`."""
    return tuple(_KINDS[part](**each) for each in unpacked(body))
