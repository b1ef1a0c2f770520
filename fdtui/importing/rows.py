"""What every reader of a foreign format makes of it: rows of columns, with their places in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TextIO

from fdtui.core.frozen import frozen
from fdtui.core.several import parted
from fdtui.core.values import Value

WHY_NOT = "Not imported because"
"""The column that we write beside rows that were not imported; it is no part of them."""


class ColumnRole(Enum):
    """What a column is for, where the program that wrote it says so."""

    ID = "unique id"
    TITLE = "title"
    BODY = "description"
    STAGE = "stage"
    ASSIGNEE = "assignee"
    DUE = "due date"
    FILES = "files"
    COMMENTS = "comments"
    CHECKLIST = "checklist"
    LEFT_OUT = "left out"
    """Told by the program for itself alone, or told by another column as well."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One task to be. ``problem`` says why it cannot be read at all, or is empty."""

    line: int
    """Its line in the file, or its number there, counted from 1."""
    values: Mapping[str, Value]
    """By column; what a column holds several times is a list, what is not there is missing."""
    raw: object = None
    """What stands in the file, so that it can be written down to be corrected: cells or an object."""
    problem: str = ""
    is_archived: bool = False
    """Whether the other program has it put away, or deleted."""


@frozen
class ForeignFile:
    """A file that was recognised, and how to read it, as often as one likes."""

    format: str
    says: str
    """The format, separator and encoding for a person: ``Jira CSV, separated by ;``."""
    read: Callable[[TextIO], Iterator[SourceRow]]
    noun: str = "line"
    """What is counted in `SourceRow.line`."""
    roles: Mapping[str, ColumnRole] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    """The columns by their places, where a table has such; a name may stand several times."""
    separator: str = ""
    """What parts the cells of a row, where it has cells."""
    stages: Callable[[TextIO], Iterable[str]] = lambda _: ()
    """The stages that the file names beside its rows, in their order."""


def nonempty(values: Mapping[str, Value]) -> dict[str, Value]:
    """``values`` without those that hold nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def with_lists(row: Mapping[str, Value], names: Iterable[str]) -> dict[str, Value]:
    """``row`` with lists in the columns of these names, in whose cells several things stand."""
    found = dict(row)
    for name in names:
        if isinstance(found.get(name), str):
            found[name] = list(parted(str(found[name])))
    return found


def comment(author: Value, at: Value, body: Value) -> dict[str, Value]:
    """What somebody said, in the one form that all readers give it."""
    return {"author": str(author or ""), "timestamp": str(at or ""), "body": str(body or "")}


def to_do(title: Value, *, is_done: bool) -> dict[str, Value]:
    """An item of a checklist, in the one form that all readers give it."""
    return {"title": str(title or ""), "status": "Completed" if is_done else "Blank"}


def remote_file(url: Value, name: Value = "") -> dict[str, Value]:
    """A file that is somewhere else, in the one form that all readers give it."""
    entry: dict[str, Value] = {"remoteUrl": str(url or "")}
    return {**entry, "filename": str(name)} if name else entry
