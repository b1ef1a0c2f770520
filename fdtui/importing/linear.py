"""Linear's CSV of issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fdtui.core.values import Value
from fdtui.importing.rows import ColumnRole, with_lists

LINEAR_ROLES = {
    "ID": ColumnRole.ID,
    "Title": ColumnRole.TITLE,
    "Description": ColumnRole.BODY,
    "Status": ColumnRole.STAGE,
    "Assignee": ColumnRole.ASSIGNEE,
    "Due Date": ColumnRole.DUE,
    "UUID": ColumnRole.LEFT_OUT,
    "Project ID": ColumnRole.LEFT_OUT,
    "Project Milestone ID": ColumnRole.LEFT_OUT,
    "Time in status (minutes)": ColumnRole.LEFT_OUT,
}
_LINEAR_LISTS = ("Labels", "Initiatives", "Related to", "Blocked by")


def is_header(names: Sequence[str]) -> bool:
    """Whether a header with ``names`` is one of Linear's."""
    return {"ID", "Team", "Title", "Status"} <= set(names) and bool(
        set(names) & {"Cycle Number", "Cycle Name", "Triaged", "Canceled"}
    )


def values(row: Mapping[str, Value]) -> dict[str, Value]:
    """``row`` with lists where several things stand in a cell."""
    return with_lists(row, _LINEAR_LISTS)
