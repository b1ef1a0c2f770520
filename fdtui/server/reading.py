"""How a workflow's file is read: every table against its keys, every error with its place.

Standard library only, and nothing of what a workflow is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from fdtui.core.errors import ConfigError

Table = Mapping[str, Any]
Path = tuple[str | int, ...]
"""Where something stands: ``("actions", 2, "steps", 1)``, counted from 1."""


@dataclass(frozen=True)
class Source:
    """A file by name, with its text where that is known."""

    name: str
    text: str = ""

    def at(self, path: Path, key: str = "") -> str:
        """The place as an error begins: file, line if it is known, table."""
        line = self._line(path, key)
        name = self.name if line is None else f"{self.name}, line {line}"
        return f"{name}: {' '.join(map(str, path))}" if path else name

    def refuse(self, path: Path, says: str, hint: str = "", *, key: str = "") -> NoReturn:
        """Raise `ConfigError`."""
        raise ConfigError(f"{self.at(path, key)} {says}", hint)

    def tables(self, holder: Table, key: str, path: Path = ()) -> Iterator[tuple[Path, Table]]:
        """The tables of a list, each with its path."""
        for number, entry in enumerate(holder.get(key, ()), 1):
            here = (*path, key, number)
            if not isinstance(entry, dict):
                self.refuse(here, "is no table.")
            yield here, entry

    def check(self, path: Path, entry: Table, keys: Mapping[str, type], needed: Iterable[str]) -> None:
        """Refuse keys that are unknown, missing or of another type."""
        for key in needed:
            if not entry.get(key):
                self.refuse(path, f"has no {key}.")
        for key, value in entry.items():
            if key not in keys:
                hint = nearest(key, keys) or f"Known are {', '.join(keys)}."
                self.refuse(path, f"has an unknown key {key!r}.", hint, key=key)
            if type(value) is not keys[key]:
                says = f"{key} must be of type {keys[key].__name__}."
                raise ConfigError(f"{self.at(path, key)}: {says}")

    def known(self, path: Path, key: str, name: str, what: str, names: Iterable[str]) -> None:
        """Refuse a ``name`` under ``key`` that is none of ``names``."""
        among = list(names)
        if name not in among:
            self.refuse(path, f"{key}: there is no {what} {name!r}.", nearest(name, among), key=key)

    def texts(self, path: Path, entry: Table, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not given."""
        values = entry.get(key, [])
        if not all(isinstance(each, str) and each for each in values):
            self.refuse(path, f"{key} must be a list of texts.", key=key)
        return tuple(values)

    def _line(self, path: Path, key: str) -> int | None:
        """The line of a table's header, or of ``key`` below it; ``None`` for tables written inline."""
        lines, at, names = self.text.splitlines(), -1, list[str]()
        for section, number in zip(path[::2], path[1::2], strict=True):
            names.append(re.escape(str(section)))
            dotted = r"\s*\.\s*".join(names)
            header = re.compile(rf"\s*\[\[\s*{dotted}\s*\]\]")
            found = [index for index in range(at + 1, len(lines)) if header.match(lines[index])]
            if len(found) < int(number):
                return None
            at = found[int(number) - 1]
        for index in range(at + 1, len(lines) if key else 0):
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", lines[index]):
                return index + 1
            if lines[index].lstrip().startswith("["):
                break
        return at + 1 if at >= 0 else None


def nearest(name: str, names: Iterable[str]) -> str:
    """A question that names what was probably meant; empty where nothing is near."""
    near = difflib.get_close_matches(name, [str(each) for each in names], 1, 0.6)
    return f"Did you mean {near[0]!r}?" if near else ""
