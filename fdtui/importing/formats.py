"""Which format a file has, by what it begins with and what it is called; and how it is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TextIO

from fdtui.core.errors import UsageError
from fdtui.core.safetext import quoted
from fdtui.core.values import Value
from fdtui.importing import (
    asana,
    delimited,
    github,
    jira,
    jsonrows,
    linear,
    markdown,
    taskwarrior,
    todotxt,
    trello,
)
from fdtui.importing.rows import ColumnRole, ForeignFile, SourceRow

FORMATS = {
    "csv": "CSV",
    "json": "JSON",
    "jsonl": "JSON Lines",
    "trello": "Trello board",
    "jira": "Jira CSV",
    "github": "GitHub",
    "asana": "Asana CSV",
    "linear": "Linear CSV",
    "taskwarrior": "Taskwarrior",
    "todotxt": "Todo.txt",
    "markdown": "Markdown",
}
"""The name of each format for `--format`, and for a person."""
_SEPARATOR_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_KNOWN_TABLES: Mapping[str, tuple[Callable[[Sequence[str]], bool], Mapping[str, ColumnRole]]] = {
    "jira": (jira.is_header, jira.JIRA_ROLES),
    "asana": (asana.is_header, asana.ASANA_ROLES),
    "linear": (linear.is_header, linear.LINEAR_ROLES),
    "github": (github.is_header, github.PROJECT_TABLE_ROLES),
}
_TAKEN_APART: Mapping[str, Callable[[Mapping[str, Value]], dict[str, Value]]] = {
    "jira": jira.values,
    "asana": asana.values,
    "linear": linear.values,
    "github": github.table_values,
}
"""What a program's cells mean beyond what a table says."""


def recognised(head: str, name: str, forced: str = "", *, is_whole: bool = True) -> ForeignFile:
    """The file that begins with ``head``, or all of it where that ``is_whole``, and is called ``name``.

    Raises `UsageError` where nothing can be made of it.
    """
    if forced and forced not in FORMATS:
        raise UsageError(f"{quoted(forced[:80])} is no format.", f"There are {', '.join(FORMATS)}.")
    text = head.lstrip("\ufeff \t\r\n")
    if not text:
        raise UsageError(f"{quoted(name)} is empty.", "Nothing was changed.")
    found = forced or _format_of(text, name.lower(), is_whole=is_whole)
    return _MADE[found](head) if found in _MADE else _table(found, head)


def _format_of(text: str, name: str, *, is_whole: bool) -> str:
    if text[0] in "[{":
        return _json_format(text, is_whole=is_whole)
    if name.endswith((".md", ".markdown")):
        return "markdown"
    if name.endswith(("todo.txt", "done.txt")):
        return "todotxt"
    if name.endswith((".csv", ".tsv", ".tab")):
        return ""
    if markdown.is_markdown(text):
        return "markdown"
    if name.endswith(".txt") and len(delimited.layout_of(text).header) == 1:
        return "todotxt"
    return ""


def _json_format(text: str, *, is_whole: bool) -> str:
    if text[0] == "[":
        first = _first_of(text[1:])
        if taskwarrior.is_task(first):
            return "taskwarrior"
        return "github" if github.is_issue(first) else "json"
    first, rest = _leading(text)
    if first is None:  # longer than what was read of it
        return "trello" if '"idBoard"' in text or '"idList"' in text else "json"
    if trello.is_board(first):
        return "trello"
    if github.is_project(first) or github.is_issue(first):
        return "github"
    if taskwarrior.is_task(first):
        return "taskwarrior"
    holds_list = any(isinstance(each, list) for each in first.values())
    return "json" if holds_list and not rest.strip() and is_whole else "jsonl"


def _first_of(text: str) -> object:
    return _leading(text.lstrip())[0]


def _leading(text: str) -> tuple[dict[str, object] | None, str]:
    """The object that ``text`` begins with, if it is whole, and what follows."""
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None, ""
    return (value if isinstance(value, dict) else None), text[end:]


def _table(found: str, head: str) -> ForeignFile:
    layout = delimited.layout_of(head)
    header = layout.header
    known = found or next((name for name, (fits, _) in _KNOWN_TABLES.items() if fits(header)), "csv")
    roles = _KNOWN_TABLES[known][1] if known in _KNOWN_TABLES else {}
    if known == "asana":
        roles = asana.roles(header)
    parted = f", separated by {_SEPARATOR_WORDS.get(layout.separator, quoted(layout.separator))}"
    apart = _TAKEN_APART.get(known)
    read = partial(delimited.read, layout=layout)
    return ForeignFile(
        known,
        f"{FORMATS[known]}{parted if len(header) > 1 else ''}",
        read if apart is None else partial(_apart, read=read, values=apart),
        roles=roles,
        columns=header,
        separator=layout.separator,
    )


def _apart(
    text: TextIO,
    read: Callable[[TextIO], Iterator[SourceRow]],
    values: Callable[[Mapping[str, Value]], dict[str, Value]],
) -> Iterator[SourceRow]:
    for row in read(text):
        yield row if row.problem else SourceRow(row.line, values(row.values), row.raw)


def _of_json(head: str) -> ForeignFile:
    is_list = head.lstrip("\ufeff \t\r\n").startswith("[")
    read = jsonrows.read_list if is_list else jsonrows.read_object
    return ForeignFile("json", FORMATS["json"], read, "line" if is_list else "item")


def _of_lines(_: str) -> ForeignFile:
    return ForeignFile("jsonl", FORMATS["jsonl"], jsonrows.read_lines)


def _of_trello(_: str) -> ForeignFile:
    return ForeignFile(
        "trello", FORMATS["trello"], trello.read, "card", trello.TRELLO_ROLES, stages=trello.stages
    )


def _of_github(head: str) -> ForeignFile:
    text = head.lstrip("\ufeff \t\r\n")
    if text[0] not in "[{":
        return _table("github", head)
    if text[0] == "{" and not github.is_issue(_leading(text)[0]):
        return ForeignFile("github", "GitHub project", github.read_project, "item", github.GITHUB_ROLES)
    read = partial(github.read_issues, is_list=text[0] == "[")
    return ForeignFile("github", "GitHub issues", read, roles=github.GITHUB_ROLES)


def _of_taskwarrior(head: str) -> ForeignFile:
    is_list = head.lstrip("\ufeff \t\r\n").startswith("[")
    read = partial(taskwarrior.read, is_list=is_list)
    return ForeignFile("taskwarrior", FORMATS["taskwarrior"], read, roles=taskwarrior.TASKWARRIOR_ROLES)


def _of_todotxt(_: str) -> ForeignFile:
    return ForeignFile("todotxt", FORMATS["todotxt"], todotxt.read, roles=todotxt.TODOTXT_ROLES)


def _of_markdown(_: str) -> ForeignFile:
    return ForeignFile("markdown", FORMATS["markdown"], markdown.read, roles=markdown.MARKDOWN_ROLES)


_MADE: Mapping[str, Callable[[str], ForeignFile]] = {
    "json": _of_json,
    "jsonl": _of_lines,
    "trello": _of_trello,
    "github": _of_github,
    "taskwarrior": _of_taskwarrior,
    "todotxt": _of_todotxt,
    "markdown": _of_markdown,
}
"""How the formats are read that are no tables."""
