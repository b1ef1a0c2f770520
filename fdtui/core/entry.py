"""One field while it is being edited: the text as typed, the value it means, what is wrong with it.

Nothing (`null`), empty (``""``) and *not returned* are three different things, and text that nobody
touched is never read back: its value stays what it was, byte for byte.
"""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from fdtui.core import dates
from fdtui.core.errors import BadJsonError
from fdtui.core.escapes import escaped, needs_escapes, unescaped
from fdtui.core.fields import (
    FIELD_KINDS,
    INVALID,
    NOT_A_USER,
    REQUIRED,
    check,
    parse,
    same,
    show,
)
from fdtui.core.frozen import frozen, replace
from fdtui.core.moments import as_date, as_datetime, local, read_moment, written
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType, Schema
from fdtui.core.strictjson import dumps, loads
from fdtui.core.values import Row, Value

_T = FieldType
TEXTS = frozenset({_T.TEXT, _T.LONG_TEXT})
"""Types of which an empty text is a value of its own; of all others it means nothing is there."""

ESCAPABLE = TEXTS | {_T.UNIQUE_ID, _T.URL, _T.EMAIL, _T.PHONE}
HINTS = {
    _T.NUMBER: "a number such as 1234.5",
    _T.CURRENCY: "an amount such as 1234.50",
    _T.DATE: "a day such as 2026-01-31, fri, +3d or 31 jan",
    _T.DATETIME: "a day and time such as fri 14:00, now, or 2026-01-31 14:00 +01:00",
    _T.EMAIL: "an e-mail such as ada@example.com",
    _T.PERSON: "an e-mail such as ada@example.com",
    _T.URL: "an address that begins with https:// or http://",
    _T.PHONE: "a number such as +44 20 7946 0018",
    _T.UNIQUE_ID: "an id that an address can name",
}
"""What a value of the type looks like, for whoever typed another."""


@frozen
class Moment:
    """When and where the user types: what ``tomorrow`` and a time without an offset mean."""

    now: datetime
    """With its offset."""
    zone: tzinfo | None = None
    """``None`` for the machine's own."""


@frozen
class Entry:
    """A field, its value as it was (``base``), and what has been made of it so far."""

    field: Field
    base: Value
    text: str
    is_null: bool
    in_escapes: bool = False
    """Whether the text spells out what cannot be seen, and a ``\\`` is written twice."""
    is_missing: bool = False
    """Whether the server did not return the field at all."""
    is_new: bool = False
    """Whether it belongs to a task that does not exist yet."""
    is_touched: bool = False

    def typed(self, text: str) -> Entry:
        """With another text; none at all is nothing again where nothing was there before."""
        is_null = not text and (self.field.type not in TEXTS or self.base is None)
        in_escapes = self.in_escapes and bool(text)
        return replace(self, text=text, is_null=is_null, in_escapes=in_escapes, is_touched=True)

    def cleared(self) -> Entry:
        """With nothing in it; once more, for a text, with an empty one."""
        if self.is_null and self.field.type in TEXTS:
            return replace(self, text="", is_null=False, in_escapes=False, is_touched=True)
        return replace(self, text="", is_null=True, in_escapes=False, is_touched=True)

    def given(self, value: Value) -> Entry:
        """With ``value``, as chosen from a list or a calendar, or recalled."""
        text, in_escapes = _spelled(self.field, value)
        return replace(self, text=text, is_null=value is None, in_escapes=in_escapes, is_touched=True)

    def on(self, base: Value, *, is_missing: bool = False) -> Entry:
        """The same over another base; an untouched one shows it."""
        if not self.is_touched:
            return entry_of(self.field, base, is_missing=is_missing)
        return replace(self, base=base, is_missing=is_missing)


@frozen
class Reading:
    """What an entry means: its value, and what is wrong with it (or nothing)."""

    value: Value
    problem: str = ""
    is_changed: bool = False


def entry_of(field: Field, base: Value, *, is_missing: bool = False, is_new: bool = False) -> Entry:
    """An entry that nobody has touched."""
    text, in_escapes = _spelled(field, base)
    return Entry(field, base, text, base is None, in_escapes, is_missing, is_new)


def text_of(field: Field, value: Value) -> str:
    """``value`` as the text in which it is edited."""
    return _spelled(field, value)[0]


def _spelled(field: Field, value: Value) -> tuple[str, bool]:
    if value is None:
        return "", False
    if field.type == _T.CHECKBOX and isinstance(value, bool):
        return "yes" if value else "no", False
    if field.type == _T.DATETIME and (moment := read_moment(value)) is not None:
        return written(local(moment), exact=True), False
    if field.type not in FIELD_KINDS or not isinstance(value, str):
        return (str(value) if _is_plain_number(field, value) else dumps(value)), False
    multiline = field.type == _T.LONG_TEXT
    if field.type in ESCAPABLE and needs_escapes(value, multiline=multiline):
        return escaped(value, multiline=multiline), True
    return value, False


def _is_plain_number(field: Field, value: Value) -> bool:
    numeric = field.type in (_T.NUMBER, _T.CURRENCY, _T.UNIQUE_ID)
    return numeric and not isinstance(value, bool | list | dict)


def options_of(entry: Entry) -> tuple[str, ...]:
    """The ticked options of a choice of several."""
    try:
        value = loads(entry.text) if entry.text else []
    except BadJsonError:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else ()


def read(entry: Entry, schema: Schema, moment: Moment) -> Reading:
    """What ``entry`` means; `fdtui.core.fields.check` judges it, as it does on the server."""
    if not entry.is_touched:
        lacks = entry.is_new and entry.field.required and entry.base in (None, "", [])
        return Reading(entry.base, REQUIRED if lacks else "", entry.is_new and entry.base is not None)
    try:
        value = _value(entry, moment)
    except BadJsonError as error:
        return Reading(entry.text, str(error), is_changed=True)
    except ValueError as error:
        return Reading(entry.text, f"{INVALID}: {error}", is_changed=True)
    changed = not same(entry.field, value, entry.base) or (entry.is_new and value is not None)
    if not changed and not entry.is_new:
        return Reading(entry.base)
    why = check(entry.field, value) or _stranger(entry, value, schema)
    if why == INVALID and entry.field.type in HINTS:
        why = f"{INVALID}: {HINTS[FieldType(entry.field.type)]}"
    return Reading(value, why, changed)


def _value(entry: Entry, moment: Moment) -> Value:
    field, text = entry.field, entry.text
    if entry.is_null:
        return None
    if entry.in_escapes:
        text = unescaped(text)
    match field.type:
        case _T.MULTIPLE_SELECT:
            value: Value = loads(text)
            return value
        case _T.FILE:
            return entry.base
        case _T.DATETIME if text == text_of(field, entry.base):
            return entry.base
        case _:
            return typed_value(field, text, moment)


def typed_value(field: Field, text: str, moment: Moment) -> Value:
    """What ``text`` means for ``field`` where and when it is typed; `check` judges it.

    Raises `BadJsonError` for a type that is typed as JSON.
    """
    match field.type:
        case _T.DATE:
            day = dates.day_of(text, moment.now.astimezone(moment.zone).date())
            return text if day is None else day.isoformat()
        case _T.DATETIME:
            when = dates.moment_of(text, moment.now, moment.zone)
            return text if when is None else dates.spelled(when)
        case _T.PHONE | _T.EMAIL | _T.URL | _T.PERSON:
            return text.strip()
        case _:
            return parse(field, text)


def at_that_time(day: date, like: datetime | None, moment: Moment) -> str:
    """That day at the time of ``like``, or at nine, as it can be typed.

    Where the clocks leap over that time, it is the one that they would have shown.
    """
    clock = time(9) if like is None else like.time()
    text = f"{day.isoformat()} {clock.isoformat('minutes' if not clock.second else 'seconds')}"
    when = dates.moment_of(text, moment.now, moment.zone)
    if when is None and like is not None:
        when = datetime.combine(day, like.timetz())
    return text if when is None else written(local(when, moment.zone))


def _stranger(entry: Entry, value: Value, schema: Schema) -> str:
    """What is wrong with a person that the workflow does not know."""
    if entry.field.type != _T.PERSON or not isinstance(value, str) or "people" in schema.inferred:
        return ""
    return "" if schema.person(value) else NOT_A_USER


def meaning(entry: Entry, reading: Reading, moment: Moment) -> str:
    """How the program understands what is typed, where that is not plain from the text; else empty."""
    value, today = reading.value, moment.now.astimezone(moment.zone).date()
    if reading.problem or not isinstance(value, str) or entry.is_null:
        return ""
    match entry.field.type:
        case _T.NUMBER | _T.CURRENCY:
            return show(entry.field, value)
        case _T.DATE:
            day = as_date(value)
            return dates.day_words(day, today) if day else ""
        case _T.DATETIME:
            when = as_datetime(value)
            return dates.moment_words(local(when, moment.zone), today) if when else ""
        case _:
            return ""


def settled(entry: Entry, moment: Moment) -> Entry:
    """The same, with a typed day or moment spelled out: ``tomorrow`` must not move with the days."""
    if entry.field.type not in (_T.DATE, _T.DATETIME) or not entry.is_touched or entry.is_null:
        return entry
    value = _value(entry, moment)
    if not isinstance(value, str) or check(entry.field, value):
        return entry
    when = as_datetime(value)
    return replace(entry, text=value if when is None else written(local(when, moment.zone), exact=True))


def fields_of(schema: Schema) -> tuple[Field, ...]:
    """Every field that a task of this workflow has, the built-in ones first and typed like others."""
    stages = tuple(stage.name for stage in schema.stages)
    stage = Field(STAGE, _T.SINGLE_SELECT, required=True, options=stages)
    custom = tuple(each for each in schema.fields if each.name not in (STAGE, ASSIGNEE))
    return (stage, Field(ASSIGNEE, _T.PERSON), *custom)


NULL, TYPED, ESCAPED = "0", "=", "\\"
"""First letters of an entry's text in a draft."""

BASE_PREFIX = "\0base\0"
"""Before a field's name in a draft: what the field was when the draft was begun."""


def to_draft(entry: Entry) -> str:
    """The entry as one text that `from_draft` reads."""
    if entry.is_null:
        return NULL
    return (ESCAPED if entry.in_escapes else TYPED) + entry.text


def draft_of(schema: Schema, wanted: Row, row: Row) -> tuple[tuple[str, str], ...]:
    """The draft of a form in which the fields of ``row`` were made what is ``wanted``."""
    texts: list[tuple[str, str]] = []
    for name, value in wanted.items():
        entry = entry_of(schema.meant(name), row.get(name)).given(value)
        texts += [(name, to_draft(entry)), (BASE_PREFIX + name, dumps(entry.base))]
    return tuple(texts)


def from_draft(entry: Entry, text: str) -> Entry:
    """The entry as it was when `to_draft` made ``text`` of it."""
    sign, rest = text[:1], text[1:]
    return replace(entry, text=rest, is_null=sign == NULL, in_escapes=sign == ESCAPED, is_touched=True)
