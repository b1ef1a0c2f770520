"""What a query is made of: its parts with where they stand in the text, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen

Span: TypeAlias = tuple[int, int]
"""Where a part of a text begins and ends, in letters from 0."""


class QueryError(UsageError):
    """The text is no query; ``column`` (from 1) is where it goes wrong."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(f"{message} (column {column}).", hint)
        self.column = column


@frozen
class Problem:
    """Something in a query that means nothing, or not what was meant."""

    message: str
    """A sentence without its full stop."""
    span: Span
    hint: str = ""
    fix: str | None = None
    """What could stand in place of the span instead."""
    of: Literal["form", "field", "value"] = "form"
    """What is wrong: how the query is written, a field's name, or a value of a field that there is."""
    is_unfinished: bool = False
    """Whether it may well be right as soon as more has been typed."""

    @property
    def error(self) -> QueryError:
        """The same, to be raised."""
        return QueryError(self.message, self.span[0] + 1, self.hint)

    @property
    def sentence(self) -> str:
        """The message and the hint."""
        return f"{self.message}. {self.hint}".strip()


@frozen
class Word:
    """A value as it was typed; one in quotes is no keyword."""

    text: str
    span: Span = (0, 0)
    is_quoted: bool = False


@frozen
class Text:
    """Any field holds this text."""

    text: str
    span: Span = (0, 0)
    is_quoted: bool = False


@frozen
class Comparison:
    """One field, compared with one value or several; with none while the query is unfinished."""

    name: str
    """Empty for the workflow's deadline."""
    operator: str
    values: tuple[Word, ...]
    span: Span = (0, 0)
    name_span: Span = (0, 0)


@frozen
class Not:
    """The opposite."""

    part: Node
    span: Span = (0, 0)


@frozen
class Every:
    """All parts hold."""

    parts: tuple[Node, ...]
    span: Span = (0, 0)


@frozen
class Some:
    """At least one part holds."""

    parts: tuple[Node, ...]
    span: Span = (0, 0)


Node: TypeAlias = Text | Comparison | Not | Every | Some


def leaves(node: Node) -> Iterator[Text | Comparison]:
    """The texts and comparisons in a query, from left to right."""
    match node:
        case Text() | Comparison():
            yield node
        case Not(part=part):
            yield from leaves(part)
        case Every(parts=parts) | Some(parts=parts):
            for each in parts:
                yield from leaves(each)


def terms(node: Node) -> tuple[Node, ...]:
    """The parts all of which must hold."""
    return node.parts if isinstance(node, Every) else (node,)
