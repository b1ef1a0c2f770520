"""What a field may hold on the wire, and how two such values compare."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

Value: TypeAlias = "str | bool | int | float | Decimal | list[Value] | dict[str, Value] | None"
"""A JSON value. Fractions arrive as `Decimal`, so that no digit is lost."""

Row: TypeAlias = Mapping[str, Value]
"""A task as the API lists it: field name to value."""


def as_decimal(value: object) -> Decimal | None:
    """The number that ``value`` means, or ``None`` where it means none.

    Text is taken with nothing around it: no spaces, separators, hexadecimal, infinities.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | Decimal):
        number = Decimal(value)
    elif isinstance(value, str | float):
        text = str(value)
        if not text.isascii() or text.strip("+-.eE0123456789") != "" or not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
    else:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 400 else None
