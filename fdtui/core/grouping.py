"""The cards of each column in groups, by person or by an option: what a group is, and its order.

A group comes first in the bytes that a card is ordered by (`fdtui.core.ordering`), so that the cards
of a group stand together, and where one ends is found by a search and not by reading tasks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from fdtui.core.fields import is_empty, show
from fdtui.core.frozen import frozen
from fdtui.core.names import meaning, plain
from fdtui.core.ordering import MOST_LETTERS, RowOrder, SortKey
from fdtui.core.schema import ASSIGNEE, Field, FieldType, Schema
from fdtui.core.values import Row, Value, as_decimal

NO_GROUP = ""
"""The id of the group of those that have no value."""
GROUPING_TYPES = frozenset(
    (FieldType.PERSON, FieldType.SINGLE_SELECT, FieldType.MULTIPLE_SELECT, FieldType.CHECKBOX)
)
SUMMED_TYPES = frozenset((FieldType.NUMBER, FieldType.CURRENCY))
_MEANT, _UNREADABLE, _MISSING = b"\1", b"\2", b"\3"
_END = b"\0"
"""Ends a group's part of a card's key; it stands nowhere else in it."""
_AFTER_END = b"\1"


@frozen
class CardGroup:
    """The cards that have the same value in the field that the board is grouped by."""

    id: str
    """What settings and a fold know it by: an option, an e-mail; empty for no value."""
    name: str
    """What it is called on the screen, not yet safe for a terminal."""
    key: bytes
    """What it is ordered by."""
    field: Field
    """The field."""


@frozen
class GroupSection:
    """The cards of a group in one column: the rows from ``start`` to before ``end``."""

    group: CardGroup
    start: int
    end: int
    total: float = 0.0
    """The sum of a number over them, where one is asked for."""
    summed: Field | None = None
    """The field of that number; ``None`` where none is."""

    def __len__(self) -> int:
        return self.end - self.start


class GroupOrder(RowOrder):
    """An order whose first part is a group; may also know a number of each row, for sums."""

    def __init__(
        self, field: Field, keys: tuple[SortKey, ...], schema: Schema, summed: Field | None = None
    ) -> None:
        super().__init__(keys, schema)
        self.field, self.summed = field, summed
        self._by_value: dict[object, CardGroup] = {}
        self._by_key: dict[bytes, CardGroup] = {}

    def of(self, row: Row) -> bytes:
        """What compares as ``row`` does: by its group, then as without groups."""
        return self.group_of(row).key + super().of(row)

    def group_of(self, row: Row) -> CardGroup:
        """The group of a row."""
        value = row.get(self.field.name)
        known = tuple(map(str, value)) if isinstance(value, list) else value
        if isinstance(known, dict):
            known = str(known)
        found = self._by_value.get((type(known), known))
        if found is None:
            made = group_of(self.field, value, self._schema)
            # Values that are spelled in two ways may be one group, and it has one name.
            found = self._by_value[type(known), known] = self._by_key.setdefault(made.key, made)
        return found

    def number(self, row: Row) -> float:
        """What a row adds to the sum of its group."""
        number = as_decimal(row.get(self.summed.name)) if self.summed is not None else None
        return float(number) if number is not None else 0.0

    def spans(self, keys: Sequence[bytes]) -> Iterator[tuple[CardGroup, int, int]]:
        """The groups of cards with these keys, which are in order, each with its start and its end."""
        start = 0
        while start < len(keys):
            part = keys[start][: keys[start].index(_END) + 1]
            end = bisect_left(keys, part[:-1] + _AFTER_END, start)
            yield self._by_key[part], start, end
            start = end


def group_of(field: Field, value: Value, schema: Schema) -> CardGroup:
    """The group of a value: options go as the field lists them, people by name, no value last."""

    def made(name: str, kind: bytes, rank: bytes, known_as: str | None = None) -> CardGroup:
        return CardGroup(name if known_as is None else known_as, name, kind + rank + _END, field)

    if is_empty(value):
        name = "unassigned" if field.name == ASSIGNEE else f"no {field.name}"
        return made(name, _MISSING, b"", NO_GROUP)
    if field.options:
        chosen = value if isinstance(value, list) else [value]
        if all(each in field.options for each in chosen):
            places = sorted({field.options.index(str(each)) for each in chosen})
            options: list[Value] = [field.options[each] for each in places]
            name = show(field, options) if isinstance(value, list) else str(value)
            return made(name, _MEANT, b",".join(b"%05d" % each for each in places))
    elif isinstance(value, bool):
        return made("ticked" if value else "not ticked", _MEANT, b"1" if value else b"0")
    elif field.type == FieldType.PERSON and isinstance(value, str):
        person = schema.person(value)
        email = value if person is None else person.email
        name = value if person is None else person.name
        return made(name, _MEANT, _text(name) + b"\1" + _text(meaning(email)), email)
    name = show(field, value)
    return made(name, _UNREADABLE, _text(name))


def _text(text: str) -> bytes:
    return plain(text[:MOST_LETTERS]).replace("\0", "").encode("utf-8", "surrogatepass")


def grouping_fields(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Those of ``fields`` by which cards can be grouped; the stage is what a column is."""
    return tuple(each for each in fields[1:] if each.type in GROUPING_TYPES or each.options)


def summed_fields(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Those of ``fields`` that can be summed over a group."""
    return tuple(each for each in fields if each.type in SUMMED_TYPES)
