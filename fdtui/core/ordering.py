"""How values of a field are ordered: by what they mean, with nothing at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from fdtui.core.fields import show
from fdtui.core.moments import read_moment
from fdtui.core.names import plain
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Row, Value, as_decimal

R = TypeVar("R", bound=Row)
Rank = tuple[int, Decimal, str]


def rank(field: Field, value: Value) -> Rank:
    """What ``value`` is ordered by: options as the field lists them, numbers and days as such.

    What is no number or day in a field of those comes behind all that are.
    """
    number: Decimal | None = None
    if field.options:
        named = str(value)
        number = Decimal(field.options.index(named)) if named in field.options else None
    elif isinstance(value, bool):
        number = Decimal(value)
    elif field.type in (FieldType.NUMBER, FieldType.CURRENCY, FieldType.UNIQUE_ID):
        number = as_decimal(value)
    elif field.type in (FieldType.DATE, FieldType.DATETIME) and (moment := read_moment(value)):
        number = Decimal(str(moment.timestamp()))
    if number is not None:
        return (0, number, "")
    return (1, Decimal(0), plain(show(field, value)))


def ordered(rows: Iterable[R], field: Field, *, falling: bool = False) -> list[R]:
    """``rows`` by their ``field``; equal ones stay as they are, and those without a value come last."""
    there: list[R] = []
    empty: list[R] = []
    for row in rows:
        (empty if row.get(field.name) in (None, "", []) else there).append(row)
    key: Callable[[R], Rank] = lambda row: rank(field, row.get(field.name))  # noqa: E731
    return sorted(there, key=key, reverse=falling) + empty
