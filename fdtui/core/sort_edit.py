"""A sort while it is chosen: fields taken, turned and dropped. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.errors import UsageError
from fdtui.core.schema import Field
from fdtui.core.sort_terms import SortTerm, field_meant, read_sort, written_sort


def meant(text: str, fields: Sequence[Field]) -> list[tuple[SortTerm, Field | None]]:
    """The terms of a sort, each with its field; ``None`` for one that the workflow does not have."""
    found: list[tuple[SortTerm, Field | None]] = []
    for term in read_sort(text):
        try:
            found.append((term, field_meant(term.name, fields)))
        except UsageError:
            found.append((term, None))
    return found


def taken(text: str, name: str, fields: Sequence[Field]) -> str:
    """``text`` once the field ``name`` is taken: what it sorts by alone, or turned where it is there."""
    return turned(text, name, fields) or written_sort([SortTerm(name)])


def also_taken(text: str, name: str, fields: Sequence[Field]) -> str:
    """The same, but that a new one comes after those that are there."""
    return turned(text, name, fields) or written_sort([*read_sort(text), SortTerm(name)])


def turned(text: str, name: str, fields: Sequence[Field]) -> str:
    """``text`` with that field the other way; empty where it is not in it."""
    known = meant(text, fields)
    if not any(_is(field, name) for _, field in known):
        return ""
    return written_sort(term.turned() if _is(field, name) else term for term, field in known)


def dropped(text: str, name: str, fields: Sequence[Field]) -> str:
    """``text`` without that field."""
    return written_sort(term for term, field in meant(text, fields) if not _is(field, name))


def _is(field: Field | None, name: str) -> bool:
    return field is not None and field.name == name
