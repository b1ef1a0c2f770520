"""How values of a field are ordered: by what they mean, with nothing at the end.

A value becomes a few bytes that compare as the values do, so that tasks are put in order without
reading any of them twice, whatever they are sorted by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from fdtui.core.fields import is_empty, show
from fdtui.core.frozen import frozen
from fdtui.core.moments import read_moment
from fdtui.core.names import plain
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.values import Row, Value, as_decimal

R = TypeVar("R", bound=Row)
MOST_LETTERS = 256
"""Letters of a text that it is ordered by."""
_NUMBER_TYPES = frozenset({FieldType.NUMBER, FieldType.CURRENCY})
_DATE_TYPES = frozenset({FieldType.DATE, FieldType.DATETIME})
_INVERTED = bytes(range(255, -1, -1))
_MEANT, _UNREADABLE, _MISSING = b"\1", b"\2", b"\3"
"""What comes first whatever the direction: what the field is for, then any text, then nothing."""
_NEGATIVE, _ZERO, _POSITIVE = b"\1", b"\2", b"\3"
_DIGIT_RUNS = re.compile(r"[0-9]+")
_OFFSET = 1 << 15
"""What makes an exponent positive."""


@frozen
class SortKey:
    """A field that rows are sorted by, and in which direction."""

    field: Field
    is_falling: bool = False


class RowOrder:
    """An order of rows by some fields, the first of which counts most."""

    def __init__(self, keys: tuple[SortKey, ...], schema: Schema) -> None:
        """``schema`` knows the names of people."""
        self.keys = keys
        self._schema = schema

    def of(self, row: Row) -> bytes:
        """What compares as ``row`` does: no value last in both directions, equal values alike."""
        return b"".join(self._part(key, row.get(key.field.name)) for key in self.keys)

    def _part(self, key: SortKey, value: Value) -> bytes:
        if is_empty(value):
            return _MISSING
        kind, rank = rank_of(key.field, value, self._schema)
        return kind + (rank.translate(_INVERTED) if key.is_falling else rank)


def rank_of(field: Field, value: Value, schema: Schema) -> tuple[bytes, bytes]:
    """What a value that is there is ordered by, after its kind.

    Options go as the field lists them, people by name, numbers and moments as such, the numbers in a
    unique id too. What is none of these in a field of those comes behind all that are.
    """
    if field.options:
        places = _option_places(field, value)
        return (_UNREADABLE, _text(show(field, value))) if places is None else (_MEANT, places)
    if isinstance(value, bool):
        return _MEANT, b"\1" if value else b"\0"
    if field.type in _NUMBER_TYPES:
        number = as_decimal(value)
        return (_UNREADABLE, _text(show(field, value))) if number is None else (_MEANT, _number(number))
    if field.type in _DATE_TYPES:
        moment = read_moment(value)
        if moment is None:
            return _UNREADABLE, _text(show(field, value))
        return _MEANT, _number(Decimal(str(moment.timestamp())))
    if field.type == FieldType.PERSON and isinstance(value, str):
        person = schema.person(value)
        return _MEANT, _text(value if person is None else person.name)
    if field.type == FieldType.UNIQUE_ID:
        return _MEANT, _text(_DIGIT_RUNS.sub(_sized, str(value)[:MOST_LETTERS]))
    return _MEANT, _text(show(field, value))


def _option_places(field: Field, value: Value) -> bytes | None:
    """The places of the options, of several one after the other; ``None`` for what is no option."""
    chosen = value if isinstance(value, list) else [value]
    if not all(each in field.options for each in chosen):
        return None
    places = sorted(field.options.index(str(each)) for each in chosen)
    return b"".join((place + 1).to_bytes(4, "big") for place in places) + bytes(4)


def _number(number: Decimal) -> bytes:
    """``number`` to its last digit: by its sign, then its size, then its digits."""
    if number.is_zero():
        return _ZERO
    digits = "".join(map(str, number.as_tuple().digits)).lstrip("0").rstrip("0")
    size = (number.adjusted() + _OFFSET).to_bytes(4, "big") + digits.encode() + b"\0"
    return _POSITIVE + size if number > 0 else _NEGATIVE + size.translate(_INVERTED)


def _text(text: str) -> bytes:
    return plain(text[:MOST_LETTERS]).replace("\0", "").encode("utf-8", "surrogatepass") + b"\0"


def _sized(found: re.Match[str]) -> str:
    """Digits that compare as the number does: after how many there are."""
    digits = found[0].lstrip("0")
    return f"{len(digits):03}{digits}"


def ordered(rows: Iterable[R], order: RowOrder) -> list[R]:
    """``rows`` in that order; equal ones stay as they are."""
    return sorted(rows, key=order.of)
