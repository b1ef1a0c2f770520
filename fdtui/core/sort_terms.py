"""A sort as text: ``due desc, severity``, as a view, a script or a user writes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen
from fdtui.core.names import find_all, meaning
from fdtui.core.ordering import SortKey
from fdtui.core.safetext import quoted
from fdtui.core.schema import ASSIGNEE, Field, FieldType

MAX_SORT_LENGTH = 2_000
"""Letters of a sort that are read."""
_SORT_TERM = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,])+')
_DIRECTION = re.compile(r"^(.*\S)\s+(asc|desc|ascending|descending)$", re.IGNORECASE | re.DOTALL)
_NEEDS_QUOTES = re.compile(r'[",\\]|^\s|\s$|^-|^$')
_ASSIGNEE_WORDS = frozenset({"assignee", "assigned", "who"})


@frozen
class SortTerm:
    """A field as it is named in a sort, and in which direction."""

    name: str
    is_falling: bool = False

    def turned(self) -> SortTerm:
        """The same, the other way."""
        return SortTerm(self.name, not self.is_falling)


def read_sort(text: str) -> tuple[SortTerm, ...]:
    """The terms of a sort: names parted by commas, each followed by ``asc`` or ``desc``.

    ``-name`` is ``name desc``. A name in quotes may hold anything.
    """
    parts = (each.strip() for each in _SORT_TERM.findall(text[:MAX_SORT_LENGTH]))
    return tuple(_term(each) for each in parts if each)


def _term(said: str) -> SortTerm:
    is_falling = said.startswith("-")
    name = said.removeprefix("-").strip() if is_falling else said
    if (found := _DIRECTION.match(name)) is not None:
        name, is_falling = found[1], is_falling != found[2].lower().startswith("desc")
    if len(name) > 1 and name[0] == name[-1] == '"':
        return SortTerm(re.sub(r"\\(.)", r"\1", name[1:-1]), is_falling)
    return SortTerm(name, is_falling)


def written_sort(terms: Iterable[SortTerm]) -> str:
    """The text that `read_sort` reads as ``terms``."""
    return ", ".join(f"{_spelled(each.name)}{' desc' * each.is_falling}" for each in terms)


def _spelled(name: str) -> str:
    if not _NEEDS_QUOTES.search(name) and not _DIRECTION.match(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def sort_keys(terms: Iterable[SortTerm], fields: Sequence[Field]) -> tuple[SortKey, ...]:
    """What the terms mean among ``fields``, each field once.

    Raises `UsageError` that names the first that is unknown, and the nearest one.
    """
    keys: dict[str, SortKey] = {}
    for term in terms:
        field = field_meant(term.name, fields)
        keys.setdefault(field.name, SortKey(field, term.is_falling))
    return tuple(keys.values())


def field_meant(said: str, fields: Sequence[Field]) -> Field:
    """The one of ``fields`` that is named, or has a word that no other has; raises `UsageError`.

    ``id`` is the unique id, and ``assignee`` whom a task is assigned to.
    """
    found = find_all(said, fields, lambda each: each.name) or _by_alias(said, fields)
    found = found or [each for each in fields if meaning(said) in meaning(each.name).split()]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(quoted(each.name) for each in found)
        raise UsageError(f"{quoted(said[:80])} may be {names}.", "Write the whole name.")
    from fdtui.core.query.naming import nearest  # noqa: PLC0415  # not before something is wrong

    near = nearest(said, [each.name for each in fields])
    listed = ", ".join(quoted(each.name) for each in fields)
    hint = f"There are {listed}." if near is None else f"Did you mean {quoted(near)}?"
    raise UsageError(f"There is no field {quoted(said[:80])}.", hint)


def _by_alias(said: str, fields: Sequence[Field]) -> list[Field]:
    word = meaning(said)
    if word == "id":
        return [each for each in fields if each.type == FieldType.UNIQUE_ID][:1]
    return [each for each in fields if each.name == ASSIGNEE] if word in _ASSIGNEE_WORDS else []
