"""What the cache holds as bytes, and back again, every value exactly as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from fdtui.core.details import Activity, ChecklistItem, Comment, Details, Part
from fdtui.core.schema import STAGE, Schema, WorkflowRef, Workspace
from fdtui.core.strictjson import dumps
from fdtui.core.values import Row, Value
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


class CachedRow(Mapping[str, Value]):
    """A task's row that is read from its bytes when somebody asks for more than the stage.

    So a board of thousands of tasks is drawn without reading those that nobody sees. May be used from
    any thread.
    """

    __slots__ = ("_body", "_row", "_stage")

    def __init__(self, body: bytes, stage: str | None) -> None:
        self._body, self._stage = body, stage
        self._row: Row | None = None

    @property
    def _whole(self) -> Row:
        body = self._body  # before the row: whoever reads it first drops the bytes last
        row = self._row
        if row is None:
            row = self._row = unpacked(body)
            self._body = b""
        return row

    def get(self, name: str, default: Any = None) -> Any:
        """The value of that field; the stage costs nothing."""
        if name == STAGE and self._row is None and self._stage is not None:
            return self._stage
        return self._whole.get(name, default)

    def __getitem__(self, name: str) -> Value:
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def glance(self) -> Row:
        """The row, without keeping what was read: who compares all rows needs none of them later."""
        body = self._body
        return unpacked(body) if self._row is None and body else self._whole

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CachedRow):
            return bool(self._body and self._body == other._body) or bool(
                self.glance() == other.glance()
            )
        return bool(self.glance() == other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"CachedRow({self._whole!r})"


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
