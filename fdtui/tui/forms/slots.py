"""Which fields of a task a form has, and why some of them cannot be changed there."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.entry import entry_of, fields_of
from fdtui.core.schema import BUILT_INS, Field, FieldType, Schema
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.sync.writing.history import contents
from fdtui.tui.forms.form import Slot

FILES = "Files are added and removed in the files pane"
LINKS = "Linked tasks are changed in the tab of links"
OWN_COMMANDS = {FILES: "task.files", LINKS: "task.links"}
"""The command that goes where these are changed."""

FIXED = "The workflow does not let this field be edited."
IDENTITY = "The unique id of a task is given once."


def slots_of(task: Task, schema: Schema, key_of: Callable[[str], str]) -> list[Slot]:
    """Every field of a task, those that cannot be changed with the reason."""
    known = fields_of(schema)
    names = {each.name for each in known} | set(BUILT_INS)
    strange = [Field(name, "unknown") for name in task.row if name not in names]
    return [
        Slot(
            entry_of(field, task.row.get(field.name), is_missing=field.name not in task.row),
            _reason(field, task.row.get(field.name), key_of),
        )
        for field in (*known, *strange)
    ]


def new_slots(schema: Schema, values: Row) -> list[Slot]:
    """The fields that a new task can be given, filled with ``values``."""
    return [
        Slot(entry_of(field, values.get(field.name), is_new=True))
        for field in fields_of(schema)
        if field.editable and not field.autoincrement and field.type != FieldType.FILE
    ]


def for_new_task(row: Row, schema: Schema) -> dict[str, Value]:
    """What of ``row`` a new task can be given."""
    kept = dict[str, Value]()
    for name, value in contents(row, schema):
        field = schema.field(name)
        fixed = field is not None and (
            not field.editable or field.type in (FieldType.UNIQUE_ID, FieldType.FILE)
        )
        if not fixed and (field is not None or name in BUILT_INS):
            kept[name] = value
    return kept


def with_its_id(row: Row, schema: Schema) -> dict[str, Value]:
    """What a deleted task can be given back: its unique id too, where that is not counted up."""
    values, unique_id = for_new_task(row, schema), schema.unique_id
    if unique_id is not None and unique_id.editable and not unique_id.autoincrement:
        values[unique_id.name] = row.get(unique_id.name)
    return values


def _reason(field: Field, value: Value, key_of: Callable[[str], str]) -> str:
    why = _why_fixed(field, value)
    key = key_of(OWN_COMMANDS[why]) if why in OWN_COMMANDS else ""
    return f"{why} ({key})." if key else f"{why.rstrip('.')}." if why else ""


def _why_fixed(field: Field, value: Value) -> str:
    """Why a field cannot be changed in a form, or empty."""
    if field.type == FieldType.UNIQUE_ID:
        return IDENTITY
    if field.type == FieldType.FILE:
        return FILES
    if not field.editable:
        return FIXED
    links = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(e, dict) for e in value)
    )
    return LINKS if field.type == "unknown" and (links or value == []) else ""
