"""What a setting may be: a kind takes what TOML gave and answers the value, or says what is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fdtui.config.secret import Secret

Kind = Callable[[Any], Any]
"""Raises `ValueError` with the end of a sentence: ``must be …``."""


def text(value: Any) -> str:
    """A line of text."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be a line of text")
    return value


def secret(value: Any) -> Secret:
    """A line of text that is shown nowhere."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return Secret(value)


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A list of lines; it may be empty."""
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError('must be a list of texts, such as ["one", "two"]')
    return tuple(value)


def command(value: Any) -> tuple[str, ...]:
    """A program and its arguments; no shell reads it."""
    words = texts(value)
    if not words:
        raise ValueError('must name a program, such as ["pass", "show", "flowdash"]')
    return words


def between(low: float, high: float) -> Kind:
    """A number in a range."""

    def number(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return float(value)

    return number


def one_of(*choices: str) -> Kind:
    """One of some words."""

    def choice(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return choice
