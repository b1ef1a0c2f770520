"""JSON that lists tasks: a list of objects, an object that holds one, or an object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from fdtui.core.errors import BadJsonError
from fdtui.core.strictjson import RepeatedKeys, loads, placed_items
from fdtui.importing.rows import SourceRow

_PIECE = 1 << 18
_LIST_NAMES = ("items", "tasks", "issues", "data", "rows", "results")
"""Names under which an object holds its list of tasks."""


def read_list(text: TextIO) -> Iterator[SourceRow]:
    """The objects of a list, one held at a time; raises `BadJsonError` where it breaks off."""
    for line, item in placed_items(iter(lambda: text.read(_PIECE), "")):
        yield row_of(line, item)


def read_lines(text: TextIO) -> Iterator[SourceRow]:
    """An object a line; a line that is none has a problem."""
    for number, line in enumerate(text, 1):
        said = line.strip("\ufeff \t\r\n")
        if not said:
            continue
        try:
            yield row_of(number, loads(said))
        except BadJsonError as error:
            why = f"{str(error).rpartition(' at line')[0]} (column {error.column})"
            yield SourceRow(number, {}, said, f"it is no JSON: {why}")


def read_object(text: TextIO) -> Iterator[SourceRow]:
    """The list that a whole object holds, counted by its items."""
    for number, item in enumerate(list_in(loads(text.read(), forgiving=True)), 1):
        yield row_of(number, item)


def list_in(value: Any) -> list[Any]:
    """The list of tasks in ``value``; raises `BadJsonError` where it holds none, or several."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise BadJsonError("neither a list nor an object")
    lists = {name: each for name, each in value.items() if _is_of_objects(each)}
    named = [name for name in _LIST_NAMES if name in lists] or list(lists)
    if len(named) == 1:
        found: list[Any] = lists[named[0]]
        return found
    if any(value.get(name) == [] for name in _LIST_NAMES):
        return []
    raise BadJsonError("no list of tasks in it" if not named else "several lists in it")


def row_of(line: int, item: Any) -> SourceRow:
    """The row that an object is."""
    if isinstance(item, RepeatedKeys):
        return SourceRow(line, item, item, "a key stands in it twice")
    if not isinstance(item, dict):
        return SourceRow(line, {}, item, "it is no object")
    return SourceRow(line, item, item)


def _is_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
