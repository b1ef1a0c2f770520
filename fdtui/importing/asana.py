"""Asana's CSV of a project: several tags and projects in one cell, and who has finished when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fdtui.core.values import Value
from fdtui.importing.rows import ColumnRole, with_lists

ASANA_ROLES = {
    "Task ID": ColumnRole.ID,
    "Name": ColumnRole.TITLE,
    "Notes": ColumnRole.BODY,
    "Section/Column": ColumnRole.STAGE,
    "Assignee Email": ColumnRole.ASSIGNEE,
    "Due Date": ColumnRole.DUE,
    "Assignee": ColumnRole.LEFT_OUT,  # the same person, by name
    "Last Modified": ColumnRole.LEFT_OUT,
}
_ASANA_LISTS = ("Tags", "Projects")


def is_header(names: Sequence[str]) -> bool:
    """Whether a header with ``names`` is one of Asana's."""
    return {"Task ID", "Name"} <= set(names) and bool(
        set(names) & {"Section/Column", "Assignee Email", "Completed At"}
    )


def roles(names: Sequence[str]) -> dict[str, ColumnRole]:
    """What the columns are for: without addresses, people are told by their names."""
    if "Assignee Email" in names:
        return ASANA_ROLES
    return {**ASANA_ROLES, "Assignee": ColumnRole.ASSIGNEE}


def values(row: Mapping[str, Value]) -> dict[str, Value]:
    """``row`` with lists where several things stand in a cell, and with whether the task is done."""
    found = with_lists(row, _ASANA_LISTS)
    if "Completed At" in found:
        found["Completed"] = bool(found["Completed At"])
    return found
