"""What a setting may be: a kind takes what TOML gave and answers the value, or says what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fdtui.config.secret import Secret
from fdtui.core.safetext import is_control
from fdtui.core.views import MAX_VIEW_NAME, why_no_name

Kind = Callable[[Any], Any]
"""Raises `ValueError` with the end of a sentence: ``must be …``."""

K = TypeVar("K", bound=Kind)

SCHEMAS: dict[Kind, Mapping[str, Any]] = {}
"""What each kind takes, as JSON Schema says it; `fdtui.config.schema` puts them together."""


def _as(schema: Mapping[str, Any]) -> Callable[[K], K]:
    """Note what a kind takes."""

    def note(kind: K) -> K:
        SCHEMAS[kind] = schema
        return kind

    return note


@_as({"type": "string", "minLength": 1})
def text(value: Any) -> str:
    """A line of text."""
    if not isinstance(value, str) or not value.strip() or any(map(is_control, value)):
        raise ValueError("must be a line of text")
    return value


@_as({"type": "string", "minLength": 1, "maxLength": MAX_VIEW_NAME})
def view_name(value: Any) -> str:
    """A name that a view can have."""
    if why := why_no_name(text(value)):
        raise ValueError(why)
    return str(value).strip()


@_as({"type": "string", "minLength": 1})
def secret(value: Any) -> Secret:
    """A line of text that is shown nowhere."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return Secret(value)


@_as({"type": "boolean"})
def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


@_as({"type": "array", "items": {"type": "string", "minLength": 1}})
def texts(value: Any) -> tuple[str, ...]:
    """A list of lines; it may be empty."""
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError('must be a list of texts, such as ["one", "two"]')
    return tuple(value)


@_as({"type": "array", "items": {"type": "string"}})
def words(value: Any) -> tuple[str, ...]:
    """A list of texts, of which one may be empty."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError('must be a list of texts, such as ["one", ""]')
    return tuple(value)


@_as({"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}})
def counts(value: Any) -> tuple[tuple[str, int], ...]:
    """A table of names and whole numbers."""
    if not isinstance(value, dict) or not all(type(each) is int and each > 0 for each in value.values()):
        raise ValueError('must be a table of whole numbers from 1, such as { "In Progress" = 5 }')
    return tuple(value.items())


@_as({"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}})
def command(value: Any) -> tuple[str, ...]:
    """A program and its arguments; no shell reads it."""
    found = texts(value)
    if not found:
        raise ValueError('must name a program, such as ["pass", "show", "flowdash"]')
    return found


def between(low: float, high: float) -> Kind:
    """A number in a range."""

    @_as({"type": "number", "minimum": low, "maximum": high})
    def number(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(value)

    return number


def one_of(*choices: str) -> Kind:
    """One of some words."""

    @_as({"type": "string", "enum": list(choices)})
    def choice(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return choice
