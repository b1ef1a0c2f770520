"""How a workflow's tables are read: each against its keys, an error with its place.

Standard library only, and nothing of what a workflow is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen

Table = Mapping[str, Any]
TablePath = tuple[str | int, ...]
"""Where something stands: ``("actions", 2, "steps", 1)``, counted from 1."""


@frozen
class SourceFile:
    """Where tables come from, by name."""

    name: str

    def refuse(self, path: TablePath, says: str, hint: str = "") -> NoReturn:
        """Raise `ConfigError` that begins with the place: the name, the table."""
        place = f"{self.name}: {' '.join(map(str, path))}" if path else self.name
        raise ConfigError(f"{place} {says}", hint)

    def tables(self, holder: Table, key: str, path: TablePath = ()) -> Iterator[tuple[TablePath, Table]]:
        """The tables of a list, each with its path."""
        for number, entry in enumerate(holder.get(key, ()), 1):
            here = (*path, key, number)
            if not isinstance(entry, dict):
                self.refuse(here, "is not a table.")
            yield here, entry

    def check(
        self, path: TablePath, entry: Table, keys: Mapping[str, type], needed: Iterable[str]
    ) -> None:
        """Refuse keys that are unknown, missing or of another type."""
        for key in needed:
            if not entry.get(key):
                self.refuse(path, f"has no {key}.")
        for key, value in entry.items():
            if key not in keys:
                hint = nearest(key, keys) or f"Known: {', '.join(keys)}."
                self.refuse(path, f"has an unknown key {key!r}.", hint)
            if type(value) is not keys[key]:
                self.refuse(path, f"{key} must be of type {keys[key].__name__}.")

    def texts(self, path: TablePath, entry: Table, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not given."""
        values = entry.get(key, [])
        if not all(isinstance(each, str) and each for each in values):
            self.refuse(path, f"{key} must be a list of texts.")
        return tuple(values)


def nearest(name: str, names: Iterable[str]) -> str:
    """A question that names what was probably meant; empty where nothing is near."""
    near = nearest_of(name, names)
    return f"Did you mean {near!r}?" if near else ""


def nearest_of(name: str, names: Iterable[str]) -> str:
    """The one of ``names`` that was probably meant, whatever its case; empty where nothing is near."""
    known = [str(each) for each in names]
    import difflib  # noqa: PLC0415 - only a mistake needs it

    near = difflib.get_close_matches(name, known, 1, 0.6)
    if near:
        return near[0]
    return next((each for each in known if each.casefold() == name.casefold()), "")
