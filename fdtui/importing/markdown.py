"""Markdown that lists tasks: a table, or a checklist below headings, as notes keep them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TextIO

from fdtui.core.values import Value
from fdtui.importing.rows import ColumnRole, SourceRow, nonempty, to_do

MARKDOWN_ROLES = {
    "Task": ColumnRole.TITLE,
    "Section": ColumnRole.STAGE,
    "State": ColumnRole.STAGE,
    "Items": ColumnRole.CHECKLIST,
    "Text": ColumnRole.BODY,
}
OPEN_STATE, DONE_STATE = "Open", "Done"
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_ITEM = re.compile(r"(?P<indent>\s*)[-*+] \[(?P<mark>[ xX])\] (?P<text>.*)")
_HEADING = re.compile(r"#{1,6} (.+?)#*\s*")
_BREAK = re.compile(r"<br */?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\|`*_\[\]<>#+.!(){}~-])")
_TAB = 4
"""Blanks that a tab is worth."""


def is_markdown(head: str) -> bool:
    """Whether a text that begins with ``head`` holds a table or a checklist."""
    lines = head.splitlines()
    tables = ("|" in above and _RULE.fullmatch(rule) and "-" in rule for above, rule in pairwise(lines))
    return any(tables) or any(_ITEM.fullmatch(line) for line in lines)


def read(text: TextIO) -> Iterator[SourceRow]:
    """The rows of its tables and the items of its checklists, whichever it has."""
    header: tuple[str, ...] = ()
    before, section, item = "", "", None
    for number, ended in enumerate(text, 1):
        line = ended.strip("\ufeff").rstrip("\r\n")
        cells = _cells(line) if "|" in line else []
        if cells and _RULE.fullmatch(line):
            header = tuple(_cells(before))
        elif cells and header:
            values = dict(zip(header, cells, strict=False))
            problem = f"it has {len(cells)} cells, and the header {len(header)}"
            is_bad = len(cells) > len(header)
            yield SourceRow(number, nonempty(dict(values)), values, problem if is_bad else "")
        elif not cells:
            header = ()
            item, done, section = _line(number, line, item, section)
            if done is not None:
                yield done
        before = line
    if item is not None:
        yield item.row()


class _ListItem:
    """An item of the outermost list, with what stands below it."""

    def __init__(self, number: int, found: re.Match[str], section: str) -> None:
        self._number, self._section = number, section
        self._is_done, self._title = found["mark"] != " ", found["text"].strip()
        self._indent = _width(found["indent"])
        self._items: list[Value] = []
        self._text: list[str] = []

    def holds(self, indent: str) -> bool:
        """Whether what is so far to the right belongs to it."""
        return _width(indent) > self._indent

    def add(self, line: str) -> None:
        """Take a line that stands below it."""
        found = _ITEM.fullmatch(line)
        if found:
            self._items.append(to_do(found["text"].strip(), is_done=found["mark"] != " "))
        else:
            self._text.append(line.strip())

    def row(self) -> SourceRow:
        """The task that it is; its state is said by the mark where no heading says where it is."""
        values: dict[str, Value] = {
            "Task": self._title,
            "Section": self._section,
            "State": "" if self._section else (DONE_STATE if self._is_done else OPEN_STATE),
            "Done": self._is_done if self._section else None,
            "Text": "\n".join(self._text).strip(),
            "Items": self._items,
        }
        kept = nonempty(values)
        return SourceRow(self._number, kept, kept)


def _line(
    number: int, line: str, item: _ListItem | None, section: str
) -> tuple[_ListItem | None, SourceRow | None, str]:
    """What is open behind a line of no table, what the line has closed, and the heading above it."""
    heading, found = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
    indent = line[: len(line) - len(line.lstrip())]
    closed = item.row() if item is not None else None
    if heading:
        return None, closed, heading[1].strip()
    if found and (item is None or not item.holds(found["indent"])):
        return _ListItem(number, found, section), closed, section
    if item is not None and (found or item.holds(indent) or not line.strip()):
        item.add(line)
        return item, None, section
    return None, closed, section


def _cells(line: str) -> Sequence[str]:
    inner = line.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [_ESCAPED.sub(r"\1", _BREAK.sub("\n", part.strip())) for part in _parted(inner)]


def _parted(text: str) -> list[str]:
    """``text`` at its bars, but for those behind a backslash."""
    parts, at, begin = [], 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "|":
            parts.append(text[begin:at])
            begin = at + 1
        at += 1
    return [*parts, text[begin:]]


def _width(indent: str) -> int:
    return len(indent.expandtabs(_TAB))
