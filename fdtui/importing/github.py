"""GitHub's issues, from its API or from ``gh``, and the items of a project, as JSON or as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from fdtui.core.strictjson import loads
from fdtui.core.values import Value
from fdtui.importing.jsonrows import list_in, read_lines, read_list, row_of
from fdtui.importing.rows import ColumnRole, SourceRow, comment, nonempty, with_lists

GITHUB_ROLES = {
    "Number": ColumnRole.ID,
    "Title": ColumnRole.TITLE,
    "Body": ColumnRole.BODY,
    "Status": ColumnRole.STAGE,
    "Assignees": ColumnRole.ASSIGNEE,
    "Comments": ColumnRole.COMMENTS,
    "Item ID": ColumnRole.LEFT_OUT,
}
PROJECT_TABLE_ROLES = {
    "URL": ColumnRole.ID,
    "Title": ColumnRole.TITLE,
    "Status": ColumnRole.STAGE,
    "Assignees": ColumnRole.ASSIGNEE,
}
"""Of the table of a project, whose items have no other id than their address."""
_GITHUB_LISTS = ("Labels", "Assignees", "Linked pull requests", "Reviewers")
_ISSUE_NAMES = {
    "number": "Number",
    "title": "Title",
    "body": "Body",
    "state": "Status",
    "status": "Status",
    "labels": "Labels",
    "assignees": "Assignees",
    "milestone": "Milestone",
    "url": "URL",
    "html_url": "URL",
    "createdAt": "Created",
    "created_at": "Created",
    "closedAt": "Closed",
    "closed_at": "Closed",
    "author": "Author",
    "user": "Author",
    "comments": "Comments",
    "repository": "Repository",
    "stateReason": "State reason",
    "state_reason": "State reason",
}
"""What is taken of an issue, in both spellings, and what it is called here."""
_NAME_KEYS = ("login", "name", "title", "nameWithOwner")
"""Keys under which an object of GitHub's says its name."""


def is_issue(item: object) -> bool:
    """Whether ``item`` is an issue or a pull request."""
    is_ours = isinstance(item, dict) and "number" in item and "title" in item
    return (
        is_ours and isinstance(item, dict) and bool({"state", "url", "html_url", "body"} & item.keys())
    )


def is_project(value: object) -> bool:
    """Whether ``value`` is what ``gh project item-list --format json`` writes."""
    items = value.get("items") if isinstance(value, dict) else None
    return isinstance(items, list) and any(
        isinstance(each, dict) and "content" in each for each in items
    )


def is_header(names: Sequence[str]) -> bool:
    """Whether a header with ``names`` is that of a project's table."""
    return {"Title", "URL"} <= set(names) and bool(
        set(names) & {"Assignees", "Status", "Linked pull requests", "Repository"}
    )


def read_issues(text: TextIO, *, is_list: bool) -> Iterator[SourceRow]:
    """The issues of a list, or one a line."""
    for row in read_list(text) if is_list else read_lines(text):
        yield row if row.problem else SourceRow(row.line, _issue(row.values), row.raw)


def read_project(text: TextIO) -> Iterator[SourceRow]:
    """The items of a project, counted; fields of its own are columns like the others."""
    for number, item in enumerate(list_in(loads(text.read(), forgiving=True)), 1):
        row = row_of(number, item)
        yield row if row.problem else SourceRow(number, _item(item), item)


def table_values(row: Mapping[str, Value]) -> dict[str, Value]:
    """A row of a project's table, with lists where several things stand in a cell."""
    return with_lists(row, _GITHUB_LISTS)


def _issue(item: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, name in _ISSUE_NAMES.items():
        value = item.get(key)
        if key == "url" and "html_url" in item:
            continue  # the address of the API
        if value is not None:
            found[name] = _comments(value) if name == "Comments" else _plain(value)
    if "assignee" in item and not found.get("Assignees"):
        found["Assignees"] = _plain(item["assignee"])
    if "pull_request" in item:
        found["Kind"] = "Pull request"
    return nonempty(found)


def _item(item: Mapping[str, Any]) -> dict[str, Value]:
    content = item.get("content") if isinstance(item.get("content"), dict) else {}
    assert isinstance(content, dict)  # noqa: S101 (made in the line above)
    found = _issue({**content, **{key: item[key] for key in _ISSUE_NAMES if item.get(key) is not None}})
    number, repository = content.get("number"), content.get("repository")
    # a project holds issues of several repositories, whose numbers are the same
    found["Number"] = f"{repository}#{number}" if number is not None else item.get("id")
    found["Item ID"] = item.get("id")
    found["Kind"] = content.get("type")
    for key, value in item.items():
        if key not in _ISSUE_NAMES and key not in {"id", "content"}:
            found.setdefault(key[:1].upper() + key[1:], _plain(value))
    return nonempty(found)


def _comments(value: Any) -> Value:
    if not isinstance(value, list):
        return None  # the API tells how many there are
    made = [each for each in value if isinstance(each, dict)]
    return [
        comment(
            _plain(each.get("author") or each.get("user")),
            each.get("createdAt") or each.get("created_at"),
            each.get("body"),
        )
        for each in made
    ]


def _plain(value: Any) -> Value:
    """A name instead of the object that has it."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return next((value[key] for key in _NAME_KEYS if value.get(key)), None)
    plain: Value = value
    return plain
