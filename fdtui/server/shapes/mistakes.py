"""What is wrong with a workflow file: each mistake with its path, in words of our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from fdtui.core.safetext import safe
from fdtui.server.shapes.places import Path
from fdtui.server.shapes.workflow import STEPS, TABLE, TEXT, Workflow, shape_at
from fdtui.server.workflow.reading import nearest

_MAX_SHOWN_LENGTH = 80
"""Characters that are repeated of a name that is wrong."""
_MAX_COMPARED = 20_000
"""Pairs of names that are compared for one file; a thousand take about 50 ms."""
_MAX_LISTED = 12
"""Names that are listed at most where none is near."""
_SAYS = {
    "missing": "is missing.",
    "bool_type": "must be true or false.",
    "string_type": "must be a text.",
    "int_type": "must be a whole number.",
    "list_type": "must be a list.",
    "dict_type": "must be a table.",
    "model_type": "must be a table.",
    "model_attributes_type": "must be a table.",
    "string_too_short": "must not be empty.",
    "too_short": "must not be empty.",
    "union_tag_not_found": "is missing.",
    "string_pattern_mismatch": "must begin with https:// or http://.",
}
_TAGGED = {"steps": set(STEPS), "options": {TEXT, TABLE}, "checklist": {TEXT, TABLE}}
"""The lists whose entries are of several shapes: pydantic puts the shape's name into the path."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong at ``path``, and the next step where it is known.

    ``name`` is none ``among`` those that there are: what is near is looked for when it is worded.
    """

    path: Path
    says: str
    hint: str = ""
    name: str = ""
    among: tuple[str, ...] = ()


def unknown(path: Path, what: str, name: object, among: Iterable[str]) -> Mistake:
    """The mistake of a ``name`` that is none ``among`` those that there are."""
    says = f"there is no {what} {shown(name)}."
    return Mistake(path, says, name=str(name), among=tuple(dict.fromkeys(among)))


def sentences(mistakes: Iterable[Mistake]) -> Iterator[str]:
    """Each in a sentence or two, with what was probably meant.

    Names are compared `_MAX_COMPARED` times at most: where everything is wrong it would take minutes.
    """
    left = _MAX_COMPARED
    for each in mistakes:
        near = ""
        if len(each.among) <= left:
            near = nearest(each.name[:_MAX_SHOWN_LENGTH], each.among)
            left -= len(each.among)
        yield " ".join(filter(None, (each.says, each.hint, near or _known(each.among))))


def _known(names: Sequence[str]) -> str:
    if not names:
        return ""
    told = ", ".join(shown(each) for each in names[:_MAX_LISTED])
    return f"Known: {told}{' …' if len(names) > _MAX_LISTED else ''}."


def shown(name: object) -> str:
    """A name in quotes, bounded, on one line."""
    text = str(name)
    return safe(repr(text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[:_MAX_SHOWN_LENGTH]}…"))


def of_shape(tables: dict[str, Any]) -> list[Mistake]:
    """All keys that are unknown, missing, or hold what they cannot."""
    try:
        Workflow.model_validate(tables)
    except ValidationError as error:
        return [_mistake(each, tables) for each in error.errors(include_url=False)]
    return []


def _mistake(error: ErrorDetails, tables: dict[str, Any]) -> Mistake:
    path, kind, context = tuple(_untagged(error["loc"])), error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        shape = shape_at(path[:-1], _at(tables, path[:-1]))
        return Mistake(path, "unknown key.", name=str(path[-1]), among=tuple(shape.model_fields))
    if kind == "union_tag_invalid":
        return unknown((*path, "kind"), "kind", error["input"].get("kind"), STEPS)
    if kind == "union_tag_not_found":
        path = (*path, "kind") if isinstance(error["input"], dict) else path
        return Mistake(path, "is missing." if isinstance(error["input"], dict) else "must be a table.")
    if kind == "enum":
        among = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        return unknown(path, "type", error["input"], among)
    if kind == "plain":
        return Mistake(path, f"must be {error['msg']}.")
    if kind in ("greater_than_equal", "less_than_equal"):
        return Mistake(path, _bounds(path, context))
    if kind == "string_pattern_mismatch" and "\0" in str(error["input"]):
        return Mistake(path, "must hold no NUL.")
    hint = 'Write to = "" for nobody.' if kind == "missing" and path[-1] == "to" else ""
    return Mistake(path, _SAYS.get(kind, "is not as it should be."), hint if len(path) > 4 else "")


def _bounds(path: Path, context: dict[str, Any]) -> str:
    if "ge" in context:
        return f"must be {context['ge']} or more."
    return f"must be {context['le']} or less."


def _untagged(loc: Iterable[str | int]) -> Iterator[str | int]:
    before: list[str | int] = ["", ""]
    for each in loc:
        tags = _TAGGED.get(str(before[-2]), set()) if isinstance(before[-1], int) else set()
        if each not in tags:
            yield each
        before = [before[-1], each]


def _at(tables: Any, path: Path) -> Any:
    for each in path:
        tables = tables[each]
    return tables
