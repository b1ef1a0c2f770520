"""What a cell of another program means for a field of ours; `fdtui.core.fields.check` judges it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import TypeVar

from fdtui.core import dates
from fdtui.core.entry import HINTS
from fdtui.core.errors import BadJsonError
from fdtui.core.fields import INVALID, NOT_A_USER, check, parse
from fdtui.core.frozen import frozen
from fdtui.core.names import find_all, find_name
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field, FieldType, Person, Schema
from fdtui.core.several import joined, parted
from fdtui.core.strictjson import dumps, loads
from fdtui.core.values import Value
from fdtui.importing.moments import AmbiguousDayError, DateOrder, read_day, read_time

D = TypeVar("D")
_T = FieldType
_NAMED_EMAIL = re.compile(r"[^<>]*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_ADDRESS = re.compile(r"https?://[^\s,;]+(?:[,;](?=\S)(?!https?://)[^\s,;]+)*")
_HINTS = {
    **HINTS,
    _T.DATE: "a day such as 2026-01-31, 31/Jan/26 or Jan 31, 2026",
    _T.DATETIME: "a day and time such as 2026-01-31 14:00 or 31/Jan/26 2:00 PM",
}
_TICKED = frozenset({"✓", "✔", "☑", "☒", "done", "checked", "complete", "completed"})
_UNTICKED = frozenset({"☐", "open", "unchecked", "incomplete"})
_COMMA_DECIMAL = re.compile(
    r"[+-]?\d{1,3}(?:[. '\u00a0\u202f]?\d{3})*,\d{1,2}|[+-]?\d+,\d{4,}|[+-]?0,\d+"
)


@frozen
class CellReading:
    """How the cells of one import are read."""

    schema: Schema
    order: DateOrder | None = None
    zone: tzinfo | None = None
    people: tuple[tuple[str, str], ...] = ()
    """Names that the file has for people, with their e-mails; nobody's is empty."""
    is_exact: bool = False
    """Whether the values are those of Flowdash itself, and stay as they are."""


Reader = Callable[[Value], Value]
"""Reads the cells of a column for a field; raises `ValueError` that says what is wrong."""


def reader_of(field: Field, reading: CellReading) -> Reader:
    """What reads the cells that go to ``field``."""
    if reading.is_exact:
        return lambda value: value  # the server judges it
    make = _MAKERS.get(field.type)
    read = make(field, reading) if make is not None else _plain(field)

    def checked(value: Value) -> Value:
        made = read(value)
        why = check(field, made)
        if why:
            raise ValueError(_explained(field, why, value))
        return made

    return checked


def _explained(field: Field, why: str, value: Value) -> str:
    said = text_of(value)
    shown = f"{quoted(said[:60])} " if said else ""
    if why == INVALID and field.type in _HINTS:
        return f"{shown}{why}: {_HINTS[FieldType(field.type)]}"
    return f"{shown}{why}"


def text_of(value: Value) -> str:
    """``value`` in one text; several things parted by commas."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return joined(map(str, value))
    return dumps(value)


def _plain(field: Field) -> Reader:
    def read(value: Value) -> Value:
        return value if isinstance(value, str) else parse(field, text_of(value))

    return read


def _text(_: Field, __: CellReading) -> Reader:
    return lambda value: value if isinstance(value, str) or value is None else text_of(value)


def _stripped(_: Field, __: CellReading) -> Reader:
    return lambda value: text_of(value).strip() or None


def _number(field: Field, _: CellReading) -> Reader:
    def read(value: Value) -> Value:
        if not isinstance(value, str):
            return value
        text = value.strip().strip("$€£%").strip()
        if "," in text and _COMMA_DECIMAL.fullmatch(text):
            text = re.sub(r"[. '\u00a0\u202f]", "", text).replace(",", ".")
        return parse(field, text) or None

    return read


def _checkbox(field: Field, _: CellReading) -> Reader:
    def read(value: Value) -> Value:
        if not isinstance(value, str):
            return value
        word = value.strip().casefold()
        if word in _TICKED or word in _UNTICKED:
            return word in _TICKED
        return parse(field, value) if word else None

    return read


def _day(_: Field, reading: CellReading) -> Reader:
    return _dated(reading, read_day, date.isoformat)


def _moment(_: Field, reading: CellReading) -> Reader:
    return _dated(reading, read_time, dates.spelled)


def _dated(
    reading: CellReading,
    find: Callable[[str, DateOrder | None, tzinfo | None], D | None],
    spell: Callable[[D], str],
) -> Reader:
    """Reads what ``find`` makes of a text; a text in which it finds nothing stays as it is."""

    def read(value: Value) -> Value:
        text = text_of(value).strip()
        try:
            found = find(text, reading.order, reading.zone)
        except AmbiguousDayError as error:
            raise ValueError(f"{quoted(text)} {error}") from None
        return (text or None) if found is None else spell(found)

    return read


def _option(field: Field, _: CellReading) -> Reader:
    def read(value: Value) -> Value:
        if isinstance(value, list) and len(value) > 1:
            raise ValueError(f"holds {len(value)} values, and the field takes one")
        text = text_of(value[0] if isinstance(value, list) and value else value).strip()
        return find_name(text, field.options) or text or None

    return read


def _options(field: Field, _: CellReading) -> Reader:
    def read(value: Value) -> Value:
        if value is None:
            return None
        names = several(value, field.options)
        return list(dict.fromkeys(find_name(each, field.options) or each for each in names))

    return read


def several(value: Value, known: Sequence[str] = ()) -> list[str]:
    """The names that ``value`` lists: by commas, or by semicolons or lines where it has no comma."""
    if isinstance(value, list):
        return [text for each in value if (text := text_of(each).strip())]
    text = text_of(value)
    if text.strip() in known:
        return [text.strip()]
    if "," not in text:
        text = re.sub(r"[;\n]", ",", text)
    return parted(text, known)


def _person(_: Field, reading: CellReading) -> Reader:
    known = {name.casefold(): email for name, email in reading.people}
    schema, found = reading.schema, dict[str, str | None]()

    def read(value: Value) -> Value:
        said = (text_of(value[0]) if value else "") if isinstance(value, list) else text_of(value)
        said = said.strip()
        if said not in found:
            email = known.get(said.casefold())
            found[said] = _email(said, schema) if email is None else (schema.email(email) or None)
        return found[said]

    return read


def _email(said: str, schema: Schema) -> str | None:
    """The e-mail of whoever is meant by e-mail or by name; raises `ValueError` for nobody known."""
    if not said:
        return None
    framed = _NAMED_EMAIL.fullmatch(said)
    said = framed[1] if framed else said
    if "@" in said.strip("@"):
        person = schema.person(said)
        if person is None and "people" not in schema.inferred:
            raise ValueError(f"{quoted(said[:80])} {NOT_A_USER}")
        return said if person is None else person.email
    named = find_all(said.removeprefix("@"), schema.people, lambda each: each.name)
    if not named:
        named = _by_local_part(said.removeprefix("@"), schema.people)
    if len(named) == 1:
        return named[0].email
    if named:
        raise ValueError(f"{quoted(said[:80])} may be {', '.join(each.email for each in named)}")
    raise ValueError(f'{quoted(said[:80])} {NOT_A_USER}: say --person "{said[:80]}=E-MAIL"')


def _by_local_part(said: str, people: Sequence[Person]) -> list[Person]:
    return find_all(said, people, lambda each: each.email.partition("@")[0])


def _file(value: Value) -> Value:
    return {"remoteUrl": value} if isinstance(value, str) else value


def _listed(text: str) -> list[Value] | None:
    """The files that a table of ours names in JSON, which are there already; ``None`` for another."""
    if not text.startswith("["):
        return None
    try:
        found = loads(text)
    except BadJsonError:
        return None
    return found if all(isinstance(each, dict) and each.get("blobId") for each in found) else None


def _files(_: Field, __: CellReading) -> Reader:
    def read(value: Value) -> Value:
        if isinstance(value, list):
            return [_file(each) for each in value]
        kept = _listed(text_of(value))
        if kept is not None:
            return kept
        found = _ADDRESS.findall(text_of(value))
        if not found and text_of(value).strip():
            raise ValueError("names no address that begins with https://")
        return [{"remoteUrl": each} for each in found]

    return read


_MAKERS: dict[str, Callable[[Field, CellReading], Reader]] = {
    _T.TEXT: _text,
    _T.LONG_TEXT: _text,
    _T.UNIQUE_ID: _stripped,
    _T.PHONE: _stripped,
    _T.EMAIL: _stripped,
    _T.URL: _stripped,
    _T.NUMBER: _number,
    _T.CURRENCY: _number,
    _T.CHECKBOX: _checkbox,
    _T.DATE: _day,
    _T.DATETIME: _moment,
    _T.SINGLE_SELECT: _option,
    _T.MULTIPLE_SELECT: _options,
    _T.PERSON: _person,
    _T.FILE: _files,
}
