"""Texts with places for a task's values: ``Welcome, {{Company Name}}``.

One pass and no code: what a value holds is never looked at again, so a value with braces stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from fdtui.core.several import joined
from fdtui.core.strictjson import dumps
from fdtui.core.values import Row, Value

NO_FIELD_NAMES = ("user.email", "user.name", "today")
"""The names that are no field's: who performs the action, and the day."""

_PLACE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


def names_in(value: Value) -> list[str]:
    """The names that ``value``, a template or a list or table of them, speaks of."""
    if isinstance(value, str):
        return _PLACE.findall(value)
    inner: Iterable[Value] = ()
    if isinstance(value, list):
        inner = value
    elif isinstance(value, dict):
        inner = value.values()
    return [name for each in inner for name in names_in(each)]


def fill(template: str, values: Row, *, escape: Callable[[str], str] = str) -> str:
    """``template`` with every name replaced by its value as text; an unknown name is nothing."""
    return _PLACE.sub(lambda match: escape(as_text(values.get(match[1]))), template)


def fill_value(template: Value, values: Row) -> Value:
    """What a field is to hold: a template that is one name alone keeps the value's own type.

    Empty text is no value.
    """
    if isinstance(template, list):
        return [fill_value(each, values) for each in template]
    if not isinstance(template, str):
        return template
    alone = _PLACE.fullmatch(template)
    filled = values.get(alone[1]) if alone else fill(template, values)
    return None if filled == "" else filled


def fill_all(templates: Mapping[str, Value], values: Row) -> dict[str, Value]:
    """The body of a change, field by field."""
    return {name: fill_value(template, values) for name, template in templates.items()}


def as_text(value: Value) -> str:
    """A value inside a sentence: nothing for ``None``, commas between several, files by name."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return joined(as_text(each) for each in value)
    if isinstance(value, dict):
        name = value.get("filename")
        return name if isinstance(name, str) else dumps(value)
    return str(value)
