"""Where each value of a TOML text stands, by line. Standard library only.

`tomllib` forgets the places, so the text is walked once more. It was accepted before, so nothing is
judged here.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Where something stands: ``("actions", 2, "steps", 0)``, counted from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[^\s.=\[\]{}#,"\']+')
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}'
    r'|"(?:[^"\\]|\\.)*"|\'[^\']*\'',
    re.DOTALL,
)
_OTHER = re.compile(r"[^,\]}#\n]+")


def lines_of(text: str) -> Mapping[Path, int]:
    """For each table, key and entry of ``text``, valid TOML, the line where it begins."""
    walk = _Walk(text)
    walk.document()
    return walk.found


def line_at(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of what stands at ``path``, or of the nearest table around it; ``None`` for the file."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def written(path: Path) -> str:
    """``path`` in an error: ``actions[2].steps[0].kind``."""
    text = ""
    for each in path:
        if isinstance(each, int):
            text += f"[{each}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", each)
            text += ("." if text else "") + (each if bare else repr(each[:80]))
    return text


class _Walk:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._counts: dict[Path, int] = {}
        self.found: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._skip():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        """``[table]``, or ``[[tables]]``, of which each counts."""
        many = self._text.startswith("[[", self._at)
        here, path = self._at, Path()
        self._at += 2 if many else 1
        keys = self._keys()
        self._skip()
        self._at += 2 if many else 1
        for number, key in enumerate(keys, 1):
            path = (*path, key)
            if many and number == len(keys):
                self._counts[path] = self._counts.get(path, 0) + 1
            self._note(path, here)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        self._note(path, here)
        return path

    def _pair(self, table: Path) -> None:
        here, path = self._at, table
        for key in self._keys():
            path = (*path, key)
            self._note(path, here)
        self._skip()
        self._at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip()
        opened = self._text[self._at : self._at + 1]
        if opened in ("[", "{"):
            self._at += 1
            self._inside(path, "]" if opened == "[" else "}")
            return
        match = _TEXT.match(self._text, self._at) or _OTHER.match(self._text, self._at)
        self._at = match.end() if match else len(self._text)

    def _inside(self, path: Path, closing: str) -> None:
        number = 0
        while self._skip():
            if self._text[self._at] == closing:
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
            elif closing == "}":
                self._pair(path)
            else:
                self._note((*path, number), self._at)
                self._value((*path, number))
                number += 1

    def _keys(self) -> list[str]:
        keys = []
        while self._skip():
            match = _KEY.match(self._text, self._at)
            if match is None:
                break
            keys.append(_plain(match[0]))
            self._at = match.end()
            self._skip()
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return keys

    def _skip(self) -> bool:
        """Go on to what says something; false at the end."""
        match = _BLANK.match(self._text, self._at)
        if match:
            self._at = match.end()
        return self._at < len(self._text)

    def _note(self, path: Path, at: int) -> None:
        self.found.setdefault(path, bisect_right(self._ends, at - 1) + 1)


def _plain(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] == '"' else key
