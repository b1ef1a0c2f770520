"""Stored tasks and schema as the API answers them (Tasks, Fields, Stages, Users, Roles API)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fdtui.core import fields
from fdtui.core.schema import ASSIGNEE, STAGE, TASK_URL, Field, FieldType, Person, Role, Stage
from fdtui.core.values import Row, Value
from fdtui.server.record import Record
from fdtui.server.workflow.catalog import LinkSide
from fdtui.server.workflow.definition import Workflow

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
NUMBER_TYPES = frozenset({FieldType.NUMBER, FieldType.CURRENCY})


def encode(value: object) -> bytes:
    """``value`` as the bytes of an answer."""
    return _ENCODE(value).encode()


def row(
    workflow: Workflow,
    record: Record,
    base_url: str,
    sides: tuple[LinkSide, ...] = (),
    linked: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """A task: the built-ins, then a key per field in the workflow's order, then one per link.

    ``linked`` holds what `attach` put together for this task; the other links read empty.
    """
    answer: dict[str, Value] = {
        STAGE: record.stage,
        ASSIGNEE: record.assignee,
        TASK_URL: f"{base_url}/workflows/{workflow.id}/tasks/{record.id}",
    }
    answer.update(custom(workflow, record))
    for side in sides:
        held = linked.get(side.name) if linked else None
        answer[side.name] = held if held is not None else ([] if side.many else None)
    return answer


def attach(held: dict[str, Value], side: LinkSide, task: dict[str, Value]) -> None:
    """Put a linked ``task``, as `custom` shows it, under the key that ``side`` has."""
    if not side.many:
        held[side.name] = task
        return
    several = held.setdefault(side.name, [])
    if isinstance(several, list):
        several.append(task)


def custom(workflow: Workflow, record: Record) -> dict[str, Value]:
    """The custom fields alone, which is how a linked task is shown inside another."""
    values = record.values
    return {field.name: shown(field, values.get(field.id)) for field in workflow.schema.fields}


def shown(field: Field, value: Value) -> Value:
    """A stored ``value`` as it is read: money with two decimals, no files as ``[]``."""
    if field.type == FieldType.CURRENCY:
        return fields.kept(field, value)
    if field.type == FieldType.FILE and value is None:
        return []
    return value


def echo(answer: dict[str, Value], workflow: Workflow, body: Row) -> dict[str, Value]:
    """``answer`` to a write: a number that came in ``body`` is repeated as it was given, as text."""
    for name, value in body.items():
        field = workflow.schema.field(name)
        if field is not None and field.type in NUMBER_TYPES and value is not None and value != "":
            answer[name] = spelled(value)
    return answer


def spelled(value: Value) -> str:
    """A number as text, digit for digit."""
    return value if isinstance(value, str) else str(Decimal(str(value)))


def stage(each: Stage) -> dict[str, Any]:
    """A stage; ``end``, ``color`` and ``limit`` are ours, Flowdash gives the name alone."""
    answer: dict[str, Any] = {"name": each.name, "end": bool(each.end), "color": each.color}
    return answer if each.limit is None else {**answer, "limit": each.limit}


def field(each: Field) -> dict[str, Any]:
    """A field, with the keys that its type has."""
    answer: dict[str, Any] = {
        "id": each.id,
        "name": each.name,
        "type": str(each.type),
        "editable": each.editable,
        "required": each.required,
    }
    if each.type in (FieldType.SINGLE_SELECT, FieldType.MULTIPLE_SELECT):
        answer["options"] = list(each.options)
        if each.colors:
            answer["colors"] = dict(each.colors)
    if each.type == FieldType.FILE:
        answer["limit"] = each.limit
    if each.type == FieldType.UNIQUE_ID:
        answer["autoincrement"] = each.autoincrement
    return answer


def person(each: Person) -> dict[str, Any]:
    """A user of a workflow."""
    return {
        "id": each.id,
        "email": each.email,
        "first_name": each.first_name,
        "last_name": each.last_name,
        "role_id": each.role_id,
        "saml_user_id": None,
    }


def role(each: Role) -> dict[str, Any]:
    """A role of a workflow."""
    return {"id": each.id, "name": each.name, "admin": each.admin}
