"""Taskwarrior's export: a list of objects, or an object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from fdtui.core.values import Value
from fdtui.importing.jsonrows import read_lines, read_list
from fdtui.importing.rows import ColumnRole, SourceRow, comment, nonempty

TASKWARRIOR_ROLES = {
    "uuid": ColumnRole.ID,
    "description": ColumnRole.TITLE,
    "status": ColumnRole.STAGE,
    "due": ColumnRole.DUE,
    "annotations": ColumnRole.COMMENTS,
    "imask": ColumnRole.LEFT_OUT,
    "mask": ColumnRole.LEFT_OUT,
    "modified": ColumnRole.LEFT_OUT,
}
_DERIVED = ("id", "urgency")
"""What every export works out again."""


def is_task(item: object) -> bool:
    """Whether ``item`` is a task of Taskwarrior."""
    return isinstance(item, dict) and {"uuid", "description", "status", "entry"} <= item.keys()


def read(text: TextIO, *, is_list: bool) -> Iterator[SourceRow]:
    """The tasks, what was said about them as comments."""
    for row in read_list(text) if is_list else read_lines(text):
        if row.problem:
            yield row
            continue
        is_gone = row.values.get("status") == "deleted"
        yield SourceRow(row.line, _values(row.values), row.raw, is_archived=is_gone)


def _values(item: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {name: value for name, value in item.items() if name not in _DERIVED}
    told = item.get("annotations")
    if isinstance(told, list):
        found["annotations"] = [
            comment("", each.get("entry"), each.get("description"))
            for each in told
            if isinstance(each, dict)
        ]
    depends = item.get("depends")
    if isinstance(depends, str):  # before 2.6
        found["depends"] = [each.strip() for each in depends.split(",") if each.strip()]
    return nonempty(found)
