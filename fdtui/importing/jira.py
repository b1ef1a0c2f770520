"""Jira's CSV of all fields: columns that stand several times, and cells that hold several things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fdtui.core.values import Value
from fdtui.importing.rows import ColumnRole, comment, remote_file

JIRA_ROLES = {
    "Issue key": ColumnRole.ID,
    "Summary": ColumnRole.TITLE,
    "Description": ColumnRole.BODY,
    "Status": ColumnRole.STAGE,
    "Assignee": ColumnRole.ASSIGNEE,
    "Due date": ColumnRole.DUE,
    "Due Date": ColumnRole.DUE,
    "Attachment": ColumnRole.FILES,
    "Comment": ColumnRole.COMMENTS,
    "Issue id": ColumnRole.LEFT_OUT,
    "Assignee Id": ColumnRole.LEFT_OUT,
    "Reporter Id": ColumnRole.LEFT_OUT,
    "Creator Id": ColumnRole.LEFT_OUT,
    "Watchers Id": ColumnRole.LEFT_OUT,
    "Last Viewed": ColumnRole.LEFT_OUT,
    "Project description": ColumnRole.LEFT_OUT,
    "Project lead id": ColumnRole.LEFT_OUT,
    "Project type": ColumnRole.LEFT_OUT,
    "Work Ratio": ColumnRole.LEFT_OUT,
    "Votes": ColumnRole.LEFT_OUT,
    "Status Category Changed": ColumnRole.LEFT_OUT,
}
LISTS = frozenset({"Labels", "Components", "Component/s", "Sprint", "Watchers"})
LISTS_BEGIN = ("Fix version", "Affects version", "Inward issue link", "Outward issue link")
_CUSTOM = re.compile(r"Custom field \((.*)\)")
_DAY_BEGINS = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}\b")
"""How the moment begins that stands before a comment or an attachment."""


def is_header(names: Sequence[str]) -> bool:
    """Whether a header with ``names`` is one of Jira's."""
    known = {each.casefold() for each in names}
    return "summary" in known and bool(known & {"issue key", "issue id", "issue type"})


def named(name: str) -> str:
    """What a column is called in Jira itself."""
    found = _CUSTOM.fullmatch(name)
    return found[1].strip() if found else name


def values(row: Mapping[str, Value]) -> dict[str, Value]:
    """``row`` with what stands in its cells taken apart; a column of lists is a list everywhere."""
    found: dict[str, Value] = {}
    for name, value in row.items():
        known = named(name)
        if name == "Comment":
            found[name] = [_comment(text) for text in _texts(value)]
        elif name == "Attachment":
            found[name] = [_attachment(text) for text in _texts(value)]
        elif name in LISTS or name.startswith(LISTS_BEGIN):
            found[known] = list(_texts(value))
        elif known in found and value in ("", []):
            continue  # a field of the same name as one of Jira's own, and empty
        else:
            found[known] = value
    return found


def _texts(value: Value) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [str(each) for each in given if each]


def _comment(text: str) -> Value:
    """``moment;author;text``, of which the text may hold separators of its own."""
    parts = text.split(";", 2)
    if len(parts) == 3 and _DAY_BEGINS.match(parts[0]):
        return comment(parts[1], parts[0], parts[2])
    return comment("", "", text)


def _attachment(text: str) -> Value:
    """``moment;author;name;address``, or an address alone."""
    parts = text.split(";", 2)
    if len(parts) == 3 and _DAY_BEGINS.match(parts[0]):
        name, _, address = parts[2].rpartition(";")
        return remote_file(address, name)
    return remote_file(text)
