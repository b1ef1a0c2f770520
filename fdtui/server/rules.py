"""What a task's body may say: pure, and names every bad field at once (Tasks API, 422)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.frozen import replace
from fdtui.core.names import same_email
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, TASK_URL, Field, FieldType, Schema
from fdtui.core.values import Row, Value
from fdtui.server.attachments import StoredFile, Upload, read_entries
from fdtui.server.record import Record
from fdtui.server.workflow.catalog import LinkSide
from fdtui.server.workflow.definition import Workflow

_SPECIAL = frozenset({FieldType.UNIQUE_ID, FieldType.PERSON, FieldType.FILE})
"""Types of which a value alone does not say whether it is good, or what is kept of it."""


@dataclass
class TaskDraft:
    """What a body asks for, sorted by kind, and what is wrong with it so far.

    The store adds to ``errors`` what only it can know: links to nowhere, foreign files, a taken id.
    """

    stage: str | None = None
    assign: bool = False
    assignee: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    """New values by field id; ``None`` clears."""
    files: dict[str, tuple[StoredFile | Upload, ...]] = field(default_factory=dict)
    """Whole lists by field id."""
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Unique ids over there, by the link's name."""
    errors: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, why: str) -> None:
        """Note that ``name`` is wrong."""
        self.errors.setdefault(name, []).append(why)

    def check(self) -> None:
        """Raise `InvalidError` if anything was wrong."""
        if self.errors:
            raise InvalidError(self.errors)


def judge(
    workflow: Workflow,
    body: Row,
    *,
    current: Record | None,
    sides: Mapping[str, LinkSide] | None = None,
    other_ids: Mapping[str, str] | None = None,
    restores: bool = False,
) -> TaskDraft:
    """``body`` against ``workflow``; ``current`` is the task to change, ``None`` for a new one.

    ``sides`` are the workflow's links by name, ``other_ids`` the name of the unique id field of the
    workflow at each one's other end. ``restores`` takes what only the workflow itself gives otherwise.
    """
    schema, draft = workflow.schema, TaskDraft()
    for name, value in body.items():
        known = schema.field(name)
        if name in BUILT_INS:
            _built_in(draft, schema, name, value, current)
        elif known is not None:
            _custom(draft, schema, known, value, current, restores=restores)
        elif sides and name in sides:
            _link(draft, sides[name], value, (other_ids or {}).get(name, ""))
        else:
            draft.refuse(name, fields.NOT_A_FIELD)
    if current is None:
        _missing(draft, schema, body, restores=restores)
    return draft


def _built_in(draft: TaskDraft, schema: Schema, name: str, value: Value, current: Record | None) -> None:
    if name == TASK_URL:
        draft.refuse(name, fields.NOT_EDITABLE)
    elif name == STAGE:
        unchanged = current is not None and value == current.stage
        if isinstance(value, str) and (unchanged or schema.stage(value)):
            draft.stage = value
        else:
            draft.refuse(name, fields.NOT_A_STAGE)
    elif name == ASSIGNEE:
        draft.assign = True
        unchanged = current is not None and same_email(value, current.assignee)
        if value is None or value == "":
            draft.assignee = None
        elif isinstance(value, str) and schema.person(value):
            draft.assignee = schema.email(value)
        elif unchanged and current is not None:
            draft.assignee = current.assignee
        else:
            draft.refuse(name, fields.NOT_A_USER)


def _custom(
    draft: TaskDraft,
    schema: Schema,
    known: Field,
    value: Value,
    current: Record | None,
    *,
    restores: bool,
) -> None:
    if known.type not in _SPECIAL and known.editable:
        why, kept = fields.judged(known, value)
        if why:
            draft.refuse(known.name, why)
        else:
            draft.values[known.id] = kept
        return
    if known.type == FieldType.UNIQUE_ID:
        _unique_id(draft, known, value, current, restores=restores)
        return
    is_closed = not known.editable and not restores
    judged = replace(known, required=known.required and not restores)
    why = fields.NOT_EDITABLE if is_closed else fields.check(judged, value)
    before = current.values.get(known.id) if current is not None else None
    if not why and known.type == FieldType.PERSON and isinstance(value, str):
        is_known = value == "" or same_email(value, before) or schema.person(value)
        why = "" if is_known else fields.NOT_A_USER
    if why:
        draft.refuse(known.name, why)
    elif known.type == FieldType.FILE:
        entries = read_entries(value)
        if entries is None:
            draft.refuse(known.name, fields.INVALID)
        else:
            draft.files[known.id] = entries
    elif known.type == FieldType.PERSON and isinstance(value, str) and value:
        draft.values[known.id] = schema.email(value)
    else:
        draft.values[known.id] = fields.kept(known, value)


def _unique_id(
    draft: TaskDraft, known: Field, value: Value, current: Record | None, *, restores: bool
) -> None:
    if current is not None and value is not None and fields.same(known, value, current.uid):
        return
    is_given = restores and current is None and value is not None
    if (known.autoincrement or not known.editable) and not is_given:
        if value is not None or current is not None:
            draft.refuse(known.name, fields.NOT_EDITABLE)
        return
    why = fields.REQUIRED if value is None else fields.check(known, value)
    if why:
        draft.refuse(known.name, why)
    else:
        draft.values[known.id] = value


def _link(draft: TaskDraft, side: LinkSide, value: Value, other_id: str) -> None:
    if side.many:
        entries = value if isinstance(value, list) else None
    else:
        entries = [] if value is None else [value]
    if entries is None:
        draft.refuse(side.name, fields.INVALID)
        return
    ids = [_linked_id(entry, other_id) for entry in entries]
    if all(ids):
        draft.links[side.name] = tuple(dict.fromkeys(ids))
    else:
        draft.refuse(side.name, fields.INVALID)


def _linked_id(entry: Value, other_id: str) -> str:
    value = entry.get(other_id) if isinstance(entry, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _missing(draft: TaskDraft, schema: Schema, body: Row, *, restores: bool) -> None:
    for each in schema.fields:
        given = each.autoincrement or not each.editable or each.name in body
        is_needed = each.required and not restores
        if not given and (is_needed or each.type == FieldType.UNIQUE_ID):
            draft.refuse(each.name, fields.REQUIRED)
