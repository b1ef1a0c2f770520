"""What a command line says about fields: `Name=text`, `Name:=JSON`, `Name=@file`, an object on stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from fdtui.core.entry import HINTS, Moment, entry_of, fields_of, read, typed_value
from fdtui.core.errors import BadJsonError, InvalidError, UsageError
from fdtui.core.fields import INVALID, NOT_A_STAGE, NOT_AN_OPTION, NOT_EDITABLE, check
from fdtui.core.frozen import frozen, replace
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted
from fdtui.core.schema import BUILT_INS, STAGE, Field, FieldType, Schema
from fdtui.core.strictjson import loads
from fdtui.core.values import Row, Value

STANDARD_INPUT = "-"
MAX_TEXT_BYTES = 8 * 2**20
"""Bytes of a text from a file or from stdin."""
VALUE_FORMS = 'Write "Field=value", "Field:=JSON", "Field=@file", or - for a JSON object on stdin.'
NOBODY = frozenset({"", "none"})


@frozen
class Assignment:
    """One thing said about a field: as a text to be read by its type, or as a JSON value."""

    field: Field
    text: str = ""
    value: Value = None
    is_json: bool = False


def assignments(said: Sequence[str], schema: Schema) -> tuple[Assignment, ...]:
    """What ``said`` means, stdin read once; raises `UsageError` and `BadJsonError`.

    A field that is named twice is a mistake.
    """
    if said.count(STANDARD_INPUT) > 1:
        raise UsageError("- stands twice, but stdin can be read once.")
    found: list[Assignment] = []
    for each in said:
        found += _from_stdin(schema) if each == STANDARD_INPUT else [_assignment(each, schema)]
    return _each_once(found)


def assignments_of(said: Mapping[str, Value], schema: Schema) -> tuple[Assignment, ...]:
    """What an object means: texts are read by the type of their field, all else is taken as it is.

    No text names a file. Raises `UsageError`.
    """
    return _each_once(
        [
            Assignment(find_field(name, schema), value)
            if isinstance(value, str)
            else Assignment(find_field(name, schema), value=value, is_json=True)
            for name, value in said.items()
        ]
    )


def _each_once(found: Sequence[Assignment]) -> tuple[Assignment, ...]:
    names = [each.field.name for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"{quoted(twice)} is given twice.")
    return tuple(found)


def _assignment(said: str, schema: Schema) -> Assignment:
    name, is_json, text = _parted(said, schema)
    field = find_field(name, schema)
    if is_json:
        return Assignment(field, value=_json(text, f"The value of {quoted(field.name)}"), is_json=True)
    if text.startswith("@"):
        text = _file(text[1:], field)
    return Assignment(field, text)


def _parted(said: str, schema: Schema) -> tuple[str, bool, str]:
    """Name, whether JSON follows, and the rest; a name may itself hold a ``=``."""
    places = [at for at, letter in enumerate(said) if letter == "="]
    parted = [(said[:at], False, said[at + 1 :]) for at in places]
    parted = [
        (name[:-1], True, rest) if name.endswith(":") and not _named(name, schema) else (name, no, rest)
        for name, no, rest in parted
    ]
    if not parted or not parted[0][0]:
        raise UsageError(f"{quoted(said[:80])} gives no field a value.", VALUE_FORMS)
    return next((each for each in parted if _named(each[0], schema)), parted[0])


def _named(name: str, schema: Schema) -> list[Field]:
    return find_all(name, fields_of(schema), lambda each: each.name)


def find_field(name: str, schema: Schema) -> Field:
    """The field that ``name`` means; raises `UsageError` that names the nearest.

    Where the install lists no fields, one that no task has filled yet is taken for a text.
    """
    found = _named(name, schema)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{quoted(name)} may be {', '.join(quoted(each.name) for each in found)}.",
            "Write it as it is spelled.",
        )
    if name in BUILT_INS:
        raise UsageError(f"{quoted(name)} cannot be set.")
    if "fields" in schema.inferred:
        return Field(name)
    import difflib

    names = [each.name for each in fields_of(schema)]
    near = difflib.get_close_matches(name, names, 1, 0.5)
    hint = f"Did you mean {quoted(near[0])}?" if near else f"It has {', '.join(map(quoted, names))}."
    raise UsageError(f"The workflow has no field {quoted(name[:80])}.", hint)


def find_stage(said: str, schema: Schema) -> str:
    """The stage that ``said`` means; raises `InvalidError`. One that no task is in may not be known."""
    names = [each.name for each in schema.stages]
    found = find_all(said, names, str)
    if not found and "stages" not in schema.inferred:
        raise InvalidError({STAGE: [NOT_A_STAGE]})
    return found[0] if found else said


def _from_stdin(schema: Schema) -> list[Assignment]:
    data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise UsageError(f"Stdin holds more than {MAX_TEXT_BYTES:,} bytes.")
    found = _json(data, "Stdin")
    if not isinstance(found, dict):
        raise UsageError("Stdin holds no JSON object.", 'Write {"Field": value, …}.')
    return [
        Assignment(find_field(name, schema), value=value, is_json=True) for name, value in found.items()
    ]


def _json(text: str | bytes, what: str) -> Value:
    try:
        value: Value = loads(text)
    except BadJsonError as error:
        raise UsageError(f"{what} is no JSON: {error}.") from None
    return value


def _file(path: str, field: Field) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_TEXT_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{quoted(path)} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{quoted(path)} is no text in UTF-8.") from None
    if len(data) > MAX_TEXT_BYTES:
        raise UsageError(f"{quoted(path)} is longer than {MAX_TEXT_BYTES:,} bytes.")
    # editors end the last line; a field of one line has none
    return text if field.type == FieldType.LONG_TEXT else text.removesuffix("\n").removesuffix("\r")


@frozen
class ValueReader:
    """Reads assignments for tasks of one workflow, as the editors of the board do."""

    schema: Schema
    me: str | None
    moment: Moment

    @classmethod
    def here(cls, schema: Schema, me: str | None) -> ValueReader:
        """For whoever types here and now."""
        return cls(schema, me, Moment(datetime.now().astimezone()))

    def values(self, said: Iterable[Assignment], base: Row, *, is_new: bool = False) -> dict[str, Value]:
        """The fields of a task that is ``base`` with their new values, those alone that change.

        Raises `InvalidError` with all that is wrong.
        """
        values, problems = dict[str, Value](), dict[str, list[str]]()
        for each in said:
            name = each.field.name
            value, why, is_changed = self._read(each, base.get(name), is_new=is_new)
            if why:
                problems[name] = [why]
            elif is_changed:
                values[name] = value
        if problems:
            raise InvalidError(problems)
        return values

    def value(self, said: Assignment) -> Value:
        """What is said of a field, of whatever task; raises `InvalidError`."""
        value, why, _ = self._read(said, None, is_new=True)
        if why:
            raise InvalidError({said.field.name: [why]})
        return value

    def _read(self, said: Assignment, base: Value, *, is_new: bool) -> tuple[Value, str, bool]:
        field = said.field
        try:
            value = said.value if said.is_json else self._typed(field, said.text, base)
        except BadJsonError as error:
            return None, f"{INVALID}: {error}", True
        if field.type == FieldType.FILE or field.type not in set(FieldType):
            return value, check(field, value), value != base
        entry = entry_of(field, base, is_new=is_new).given(value)
        reading = read(entry, self.schema, self.moment)
        if not reading.is_changed:
            return value, reading.problem, False
        if not field.editable or (field.type == FieldType.UNIQUE_ID and not is_new):
            return value, NOT_EDITABLE, True
        # what is given as JSON is sent as it is
        return (
            value if said.is_json else reading.value,
            self._why(said, value, reading.problem),
            True,
        )

    def _why(self, said: Assignment, value: Value, problem: str) -> str:
        """What is wrong; a value that JSON gives another type than the field has is wrong, too."""
        if said.is_json and not problem:
            problem = check(replace(said.field, required=False), value)
            if problem == INVALID and said.field.type in HINTS:
                return f"{INVALID}: {HINTS[FieldType(said.field.type)]}"
        if problem == NOT_AN_OPTION and said.field.name == STAGE:
            # a stage without tasks is not known where the install lists none: the server knows
            return "" if "stages" in self.schema.inferred else NOT_A_STAGE
        return problem

    def _typed(self, field: Field, text: str, base: Value) -> Value:
        if field.type == FieldType.PERSON:
            return self.person(text)
        if not text:
            return "" if field.type in (FieldType.TEXT, FieldType.LONG_TEXT) and base else None
        return typed_value(field, text, self.moment)

    def person(self, said: str) -> str | None:
        """The e-mail of whoever is meant by e-mail, by name, or by ``me``; ``None`` for ``none``."""
        said = said.strip()
        if said.casefold() in NOBODY:
            return None
        if said.casefold() == "me":
            if self.me is None:
                raise UsageError("Who “me” is, is not known.", "Set FDTUI_USER to your e-mail.")
            return self.schema.email(self.me)
        if "@" in said:
            return self.schema.email(said)
        named = find_all(said, self.schema.people, lambda each: each.name)
        if len(named) > 1:
            emails = ", ".join(each.email for each in named)
            raise UsageError(f"{quoted(said)} may be {emails}.", "Write the e-mail.")
        return named[0].email if named else said


def guards(said: Iterable[Assignment], reader: ValueReader) -> Mapping[str, Value]:
    """What `--if` demands: field names with the values that they have to have."""
    return {each.field.name: reader.value(each) for each in said}
