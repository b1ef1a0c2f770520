"""Todo.txt: a task a line, with signs for what is done, what is first, and what it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from fdtui.core.values import Value
from fdtui.importing.rows import ColumnRole, SourceRow, nonempty

TODOTXT_ROLES = {
    "Task": ColumnRole.TITLE,
    "State": ColumnRole.STAGE,
    "due": ColumnRole.DUE,
    "id": ColumnRole.ID,
}
_OPEN_TASK, _DONE_TASK = "Open", "Done"
_TODO_DAY = r"\d{4}-\d{2}-\d{2}"
_BEGIN = re.compile(
    rf"(?P<done>x )?(?:\((?P<priority>[A-Z])\) )?"
    rf"(?:(?P<first>{_TODO_DAY}) )?(?:(?P<second>{_TODO_DAY}) )?"
)
_PAIR = re.compile(r"(?<!\S)([A-Za-z][\w-]*):(?!//)(\S+)")
_TAG = re.compile(r"(?<!\S)([+@])(\S+)")


def read(text: TextIO) -> Iterator[SourceRow]:
    """The tasks; what is said by ``name:value`` is a column of that name, and leaves the text."""
    for number, line in enumerate(text, 1):
        said = line.strip("\ufeff\r\n \t")
        if said:
            values = _values(said)
            yield SourceRow(number, values, values)


def _values(said: str) -> dict[str, Value]:
    begin = _BEGIN.match(said)
    assert begin is not None  # noqa: S101 (it matches nothing, too)
    is_done, rest = bool(begin["done"]), said[begin.end() :]
    first, second = begin["first"], begin["second"]
    completed, created = (first, second) if is_done else (None, first or second)
    pairs = dict(_PAIR.findall(rest))
    tags = _TAG.findall(rest)
    return nonempty(
        {
            **pairs,
            "Task": " ".join(_PAIR.sub("", rest).split()),
            "State": _DONE_TASK if is_done else _OPEN_TASK,
            "Priority": begin["priority"] or pairs.get("pri"),
            "Completed": completed,
            "Created": created,
            "Projects": [name for sign, name in tags if sign == "+"],
            "Contexts": [name for sign, name in tags if sign == "@"],
        }
    )
