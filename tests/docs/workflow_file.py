"""The tables of workflow files, made of the shapes that check them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fdtui.server.shapes import workflow
from tests.docs.markdown import cell, plain, table

_WORDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "`true` or `false`",
    "object": "table",
    "array": "list",
}


def sections() -> Iterator[str]:
    """A table for the file, and one for each kind of entry in it."""
    schema = workflow.schema()
    yield from _shape("The file", schema)
    entries = {**workflow.SECTIONS, "actions.conditions": workflow.Condition}
    for name, shape in entries.items():
        yield from _shape(f"`[[{name}]]`", schema["$defs"][shape.__name__])
    named = schema["$defs"][workflow.Named.__name__]
    yield from _shape("An option or checklist item that was renamed", named)


def steps() -> Iterator[str]:
    """What an action can do, and what each step takes."""
    defs = workflow.schema()["$defs"]
    for kind, shape in workflow.STEPS.items():
        made = defs[shape.__name__]
        yield from (f"### `{kind}`", "", plain(made["description"]), "")
        yield from _keys({**made, "properties": _without_kind(made["properties"])})


def _without_kind(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in properties.items() if name != "kind"}


def _shape(title: str, made: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {title}", "", plain(made["description"]), "")
    yield from _keys(made)


def _keys(made: dict[str, Any]) -> Iterator[str]:
    required = made.get("required", [])
    return table(
        ("key", "holds", "default", "what it says"),
        (
            (
                f"`{name}`",
                _kind(each),
                "**required**" if name in required else _default(each),
                cell(plain(each["description"])),
            )
            for name, each in made["properties"].items()
        ),
    )


def _kind(each: dict[str, Any]) -> str:
    """What a key may hold, in a word or two."""
    if "enum" in each:
        return ", ".join(f"`{value}`" for value in each["enum"])
    if "$ref" in each:
        return _named(each["$ref"])
    if "anyOf" in each or "oneOf" in each:
        options = each.get("anyOf", []) + each.get("oneOf", [])
        words = [_kind(option) for option in options if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    kind = each["type"]
    if isinstance(kind, list):
        return "text, number, `true`, `false`, date or list"
    if kind == "array":
        return f"list of {_kind(each['items']).replace('text', 'texts').replace('table', 'tables')}"
    if kind == "object":
        return "table"
    return _WORDS[kind]


def _named(reference: str) -> str:
    name = reference.rpartition("/")[2]
    if name == "FieldType":
        return ", ".join(f"`{each.value}`" for each in workflow.FieldType)
    return "table"


def _default(each: dict[str, Any]) -> str:
    value = each.get("default")
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return f"`{str(value).lower()}`"
    return f"`{value}`"
