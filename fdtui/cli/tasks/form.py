"""A task's fields as a TOML form in the user's own editor."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from fdtui.cli import output
from fdtui.cli.tasks.values import Assignment, ValueReader
from fdtui.core.entry import HINTS, TEXTS, fields_of, text_of
from fdtui.core.errors import FdtuiError, InvalidError, UsageError
from fdtui.core.safetext import safe
from fdtui.core.schema import ASSIGNEE, Field, FieldType, Schema
from fdtui.core.values import Row, Value

FORM_HEAD = "Save and quit to send; a line that you delete, or put a # before, changes nothing."
EDIT_AGAIN = "Edit it again?"


async def edited(
    base: Row, values: Mapping[str, Value], reader: ValueReader, *, is_new: bool = False
) -> dict[str, Value]:
    """What the user makes in an editor of a task that is ``base``, with ``values`` filled in.

    Those fields alone that change. What is wrong can be edited again; otherwise the text is kept in a
    file. Raises `InvalidError` and `UsageError`.
    """
    fields = editable_fields(reader.schema, is_new=is_new)
    text = form_text(fields, {**base, **values}, reader.schema)
    before = _parsed(form_text(fields, base, reader.schema))
    while True:
        text = await _in_editor(text)
        try:
            return reader.values(_changes(_parsed(text), before, fields), base, is_new=is_new)
        except (InvalidError, UsageError) as error:
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                raise _kept(text, error) from None
            output.report_error(error)
            if not output.confirm(EDIT_AGAIN):
                raise _kept(text, error) from None


def editable_fields(schema: Schema, *, is_new: bool) -> list[Field]:
    """The fields that a form has."""
    return [
        each
        for each in fields_of(schema)
        if each.editable
        and not each.autoincrement
        and each.type != FieldType.FILE
        and each.type in set(FieldType)
        and (is_new or each.type != FieldType.UNIQUE_ID)
    ]


def form_text(fields: list[Field], row: Row, schema: Schema) -> str:
    """The form of ``row``; a field that holds nothing stands there as an empty text."""
    lines = [f"# {FORM_HEAD}"]
    for each in fields:
        lines += ["", *_about(each, schema), f"{_text(each.name)} = {_value(each, row.get(each.name))}"]
    return "\n".join(lines) + "\n"


def _about(field: Field, schema: Schema) -> Iterator[str]:
    """What may stand there, as a comment."""
    options = field.options
    if field.name == ASSIGNEE:
        options = tuple(each.email for each in schema.people[:50])
    told = ", ".join(options) or HINTS.get(FieldType(field.type), "")
    needed = "required" if field.required else ""
    if words := ": ".join(filter(None, [needed, told])):
        yield f"# {safe(words)}"


def _value(field: Field, value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list() if all(isinstance(each, str) for each in value):
            return f"[{', '.join(_text(str(each)) for each in value)}]"
        case str() if field.type == FieldType.LONG_TEXT and "\n" in value:
            inner = _text(value)[1:-1].replace("\\n", "\n").replace("\\\\\n", "\\\\\\n")
            return f'"""\n{inner}"""'
        case str() if field.type in TEXTS:
            return _text(value)
        case None if field.type == FieldType.MULTIPLE_SELECT:
            return "[]"
        case _:
            return _text(text_of(field, value))


def _text(text: str) -> str:
    """A basic string; JSON writes all of its escapes, but for the one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The form is no TOML: {error}.") from None


def _changes(
    form: Mapping[str, Any], before: Mapping[str, Any], fields: list[Field]
) -> Iterator[Assignment]:
    """What was made of the form."""
    known = {each.name: each for each in fields}
    for name, value in form.items():
        if name not in known:
            raise UsageError(f"The form has no field {safe(name)}.")
        if name in before and value == before[name] and type(value) is type(before[name]):
            continue
        match value:
            case str():
                yield Assignment(known[name], value)
            case bool() | list() | dict():
                yield Assignment(known[name], value=value, is_json=True)
            case date() | datetime() | time():
                yield Assignment(known[name], value.isoformat())
            case _:
                yield Assignment(known[name], str(value))


async def _in_editor(text: str) -> str:
    from fdtui.tui.forms.external import ExternalText, command_of, run_editor

    command = command_of(os.environ)
    if not command:
        raise UsageError("There is no editor.", "Set EDITOR to the one that you like.")
    external = ExternalText(text)
    found = external.take(await run_editor(command, external.path, os.environ))
    if found.text is None:
        raise FdtuiError(found.problem)
    return found.text


def _kept(text: str, error: FdtuiError) -> FdtuiError:
    """``error``, with the text in a file and its path on stderr."""
    from fdtui.tui.forms.external import ExternalText

    output.notify(f"What you typed is kept in {ExternalText(text).path}.")
    return error
