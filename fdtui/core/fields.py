"""The 15 field types in one table: how a value is checked, read from text, shown and compared.

The server's rules and the editors use the same table, so that what one accepts the other does.
A type that nobody knows yet behaves like `FieldType.TEXT` but takes and shows any JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from datetime import tzinfo
from decimal import ROUND_HALF_UP, Context, Decimal

from fdtui.core.frozen import frozen
from fdtui.core.moments import as_date, as_datetime, local, read_moment, written
from fdtui.core.names import find_name, meaning
from fdtui.core.schema import Field, FieldType
from fdtui.core.several import joined, parted
from fdtui.core.strictjson import dumps, loads
from fdtui.core.values import Value, as_decimal

INVALID = "is invalid"
REQUIRED = "is required"
NOT_EDITABLE = "is not editable"
NOT_A_STAGE = "is not a stage of this workflow"
NOT_A_USER = "is not a user of this workflow"
NOT_AN_OPTION = "is not one of its options"
NOT_A_FIELD = "is not a field of this workflow"
TAKEN = "has already been taken"
RESERVED = "is reserved"

MAX_UNIQUE_ID_BYTES = 8192
MAX_NUMBER_DIGITS = 100
MOST_MONEY = 18
"""Letters up to which a sum is seen to be one without counting with it."""
_EXACT = Context(prec=2 * MAX_NUMBER_DIGITS + 20)
RESERVED_IDS = frozenset({"active"})
"""Unique ids that no address can name, for an endpoint has taken the word (see Tasks API)."""

_EMAIL = re.compile(r"[^@\s\x00-\x20\x7f<>,;\"]+@[^@\s\x00-\x20\x7f<>,;\"]+")
_PHONE = re.compile(r"\+?[0-9() .\-/*#,;extEXT]+", re.ASCII)
_URL = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"/?#]+[^\s\x00-\x20\x7f<>\"]*", re.IGNORECASE)
_SEPARATORS = re.compile(r"(?<=\d)[,_' \u00a0\u202f](?=\d{3})")


@frozen
class FieldKind:
    """What a type can do. ``check`` answers one of the sentences above, or nothing if all is well."""

    check: Callable[[Value, Field], str]
    parse: Callable[[str, Field], Value]
    show: Callable[[Value], str]
    canonical: Callable[[Value], Hashable]
    kept: Callable[[Value], Value]
    """The one form in which a good value is stored, however it was written."""


def is_money(value: Value) -> bool:
    """Whether a sum is written as sums are kept, as most of them are: that is quick to see."""
    if not isinstance(value, str) or not value.isascii() or len(value) > MOST_MONEY:
        return False
    whole, _, cents = value.partition(".")
    is_plain = len(cents) == 2 and cents.isdigit() and whole.isdigit()
    return is_plain and (whole[0] != "0" or whole == "0")


def _text(value: Value, _: Field) -> str:
    return "" if isinstance(value, str) and "\0" not in value else INVALID


def _matching(pattern: re.Pattern[str]) -> Callable[[Value, Field], str]:
    def check(value: Value, _: Field) -> str:
        return "" if isinstance(value, str) and pattern.fullmatch(value) else INVALID

    return check


def _number(value: Value, _: Field) -> str:
    if is_money(value):
        return ""
    number = as_decimal(value)
    if number is None or len(str(value)) > MAX_NUMBER_DIGITS + 20:
        return INVALID
    return "" if abs(number.adjusted()) <= MAX_NUMBER_DIGITS else INVALID


def _date(value: Value, _: Field) -> str:
    return "" if isinstance(value, str) and as_date(value) else INVALID


def _datetime(value: Value, _: Field) -> str:
    return "" if isinstance(value, str) and as_datetime(value) else INVALID


def _phone(value: Value, _: Field) -> str:
    good = isinstance(value, str) and _PHONE.fullmatch(value) and any(map(str.isdigit, value))
    return "" if good else INVALID


def _checkbox(value: Value, _: Field) -> str:
    return "" if isinstance(value, bool) else INVALID


def _option(value: Value, field: Field) -> str:
    if not isinstance(value, str):
        return INVALID
    return "" if value in field.options else NOT_AN_OPTION


def _options(value: Value, field: Field) -> str:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return INVALID
    if any(each not in field.options for each in value):
        return NOT_AN_OPTION
    return "" if len(set(map(str, value))) == len(value) else INVALID


def _unique_id(value: Value, _: Field) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return INVALID
    text = str(value)
    if text in RESERVED_IDS:
        return RESERVED
    size = len(text.encode("utf-8", "surrogatepass"))
    return INVALID if text in {"", ".", ".."} or "\0" in text or size > MAX_UNIQUE_ID_BYTES else ""


def _files(value: Value, field: Field) -> str:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return INVALID
    if field.limit is not None and len(value) > field.limit:
        return f"allows at most {field.limit} files"
    return ""


def _anything(_: Value, __: Field) -> str:
    return ""


def _parse_text(text: str, _: Field) -> Value:
    return text


def _parse_number(text: str, _: Field) -> Value:
    return _SEPARATORS.sub("", text.strip().lstrip("$€£").strip())


def _parse_checkbox(text: str, _: Field) -> Value:
    word = text.strip().lower()
    if word in {"yes", "y", "true", "on", "1", "x"}:
        return True
    if word in {"no", "n", "false", "off", "0", ""}:
        return False
    return text


def _parse_options(text: str, field: Field) -> Value:
    return [find_name(each, field.options) or each for each in parted(text, field.options)]


def _parse_option(text: str, field: Field) -> Value:
    return find_name(text, field.options) or text


def _parse_json(text: str, _: Field) -> Value:
    value: Value = loads(text)
    return value


def _show_text(value: Value) -> str:
    return value if isinstance(value, str) else dumps(value)


def _group(number: Decimal, places: int | None) -> str:
    return f"{number:,f}" if places is None else f"{number:,.{places}f}"


def _show_number(value: Value) -> str:
    number = as_decimal(value)
    if number is None or abs(number.adjusted()) > 40:
        return _show_text(value)
    return _group(number, None)


def _show_currency(value: Value) -> str:
    if is_money(value):
        whole, _, cents = str(value).partition(".")
        return f"${int(whole):,}.{cents}"
    number = as_decimal(value)
    if number is None or abs(number.adjusted()) > 40:
        return _show_text(value)
    exponent = number.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    sign, number = ("-", -number) if number < 0 else ("", number)
    return f"{sign}${_group(number, places)}"


def _show_checkbox(value: Value) -> str:
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else _show_text(value)


def _show_datetime(value: Value, zone: tzinfo | None = None) -> str:
    moment = read_moment(value)
    return _show_text(value) if moment is None else written(local(moment, zone))


def _show_options(value: Value) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return joined(map(str, value))
    return _show_text(value)


def _show_files(value: Value) -> str:
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return joined(str(each.get("filename", "")) for each in value if isinstance(each, dict))
    return _show_text(value)


def _show_anything(value: Value) -> str:
    if isinstance(value, dict):
        words = [str(each) for each in value.values() if isinstance(each, str | int)]
        return " · ".join(words[:2])
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return ", ".join(_show_anything(each) for each in value)
    return _show_options(value)


def _plain(value: Value) -> Hashable:
    if isinstance(value, list | dict):
        return dumps(_sorted(value))
    return (type(value) is bool, value)


def _sorted(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _canonical_number(value: Value) -> Hashable:
    number = as_decimal(value)
    return _plain(value) if number is None else number


def _canonical_email(value: Value) -> Hashable:
    return _plain(meaning(value) if isinstance(value, str) else value)


def _canonical_datetime(value: Value) -> Hashable:
    moment = read_moment(value)
    return _plain(value) if moment is None else moment


def _canonical_options(value: Value) -> Hashable:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(sorted(map(str, value)))
    return _plain(value)


def _canonical_id(value: Value) -> Hashable:
    number = isinstance(value, int) and not isinstance(value, bool)
    return _plain(str(value) if number else value)


def _as_given(value: Value) -> Value:
    return value


def _or_null(value: Value) -> Value:
    return None if value == "" else value


def _kept_number(value: Value) -> Value:
    """Digits alone: ``1e3``, ``+5``, ``0010`` and ``-0`` are 1000, 5, 10 and 0."""
    number = as_decimal(value)
    if number is None or abs(number.adjusted()) > MAX_NUMBER_DIGITS:
        return _or_null(value)
    return f"{abs(number) if number.is_zero() else number:f}"


def _kept_currency(value: Value) -> Value:
    """Two decimals, a half rounded away from zero, as money is rounded."""
    if is_money(value):
        return value
    number = as_decimal(value)
    if number is None or abs(number.adjusted()) > MAX_NUMBER_DIGITS:
        return _or_null(value)
    cents = number.quantize(Decimal("0.01"), ROUND_HALF_UP, _EXACT)
    return f"{abs(cents) if cents.is_zero() else cents:f}"


_T = FieldType
FIELD_KINDS: dict[str, FieldKind] = {
    _T.TEXT: FieldKind(_text, _parse_text, _show_text, _plain, _as_given),
    _T.LONG_TEXT: FieldKind(_text, _parse_text, _show_text, _plain, _as_given),
    _T.NUMBER: FieldKind(_number, _parse_number, _show_number, _canonical_number, _kept_number),
    _T.PHONE: FieldKind(_phone, _parse_text, _show_text, _plain, _or_null),
    _T.CURRENCY: FieldKind(_number, _parse_number, _show_currency, _canonical_number, _kept_currency),
    _T.DATE: FieldKind(_date, _parse_text, _show_text, _plain, _or_null),
    _T.DATETIME: FieldKind(_datetime, _parse_text, _show_datetime, _canonical_datetime, _or_null),
    _T.PERSON: FieldKind(_matching(_EMAIL), _parse_text, _show_text, _canonical_email, _or_null),
    _T.SINGLE_SELECT: FieldKind(_option, _parse_option, _show_text, _plain, _or_null),
    _T.MULTIPLE_SELECT: FieldKind(_options, _parse_options, _show_options, _canonical_options, _or_null),
    _T.CHECKBOX: FieldKind(_checkbox, _parse_checkbox, _show_checkbox, _plain, _as_given),
    _T.UNIQUE_ID: FieldKind(_unique_id, _parse_text, _show_text, _canonical_id, _as_given),
    _T.FILE: FieldKind(_files, _parse_json, _show_files, _plain, _as_given),
    _T.EMAIL: FieldKind(_matching(_EMAIL), _parse_text, _show_text, _canonical_email, _or_null),
    _T.URL: FieldKind(_matching(_URL), _parse_text, _show_text, _plain, _or_null),
}
UNKNOWN_KIND = FieldKind(_anything, _parse_json, _show_anything, _plain, _as_given)


def kind_of(field: Field) -> FieldKind:
    """The row of the table for ``field``."""
    return FIELD_KINDS.get(field.type, UNKNOWN_KIND)


def is_empty(value: Value) -> bool:
    """Whether ``value`` counts as not given, for a required field."""
    return value is None or value in ("", [])


def check(field: Field, value: Value) -> str:
    """What is wrong with ``value`` for ``field``, as Flowdash's 422 would say it; else empty.

    Whether a person is known, and a unique id is free, only the workflow knows.
    """
    if field.required and is_empty(value):
        return REQUIRED
    if value is None or (value == "" and kept(field, value) is None):
        return ""
    return kind_of(field).check(value, field)


def judged(field: Field, value: Value) -> tuple[str, Value]:
    """What `check` says of ``value``, and if that is nothing, what is `kept` of it."""
    if is_empty(value):
        return check(field, value), kept(field, value)
    kind = kind_of(field)
    why = kind.check(value, field)
    return (why, None) if why else ("", kind.kept(value))


def kept(field: Field, value: Value) -> Value:
    """A good ``value`` in the one form in which it is stored.

    An empty text is nothing (``None``) but where a text may be empty.
    """
    return None if value is None else kind_of(field).kept(value)


def parse(field: Field, text: str) -> Value:
    """The value that ``text``, as typed by a person, means for ``field``; `check` judges it.

    Raises `BadJsonError` for a type that is typed as JSON.
    """
    return kind_of(field).parse(text, field)


def show(field: Field, value: Value, zone: tzinfo | None = None) -> str:
    """``value`` for a person to read, not yet safe for a terminal; empty for ``None``.

    A moment is shown in ``zone``, or where the machine is; so is what cannot be anything else in a
    field that nobody knows.
    """
    if value is None:
        return ""
    is_strange = field.type not in FIELD_KINDS and isinstance(value, str)
    if field.type == _T.DATETIME or (is_strange and as_datetime(str(value)) is not None):
        return _show_datetime(value, zone)
    return kind_of(field).show(value)


def same(field: Field, one: Value, other: Value) -> bool:
    """Whether two values mean the same (``"10000"``, ``10000.00`` and ``10000`` do)."""
    kind = kind_of(field)
    return kind.canonical(one) == kind.canonical(other)
