"""The page of the API, made of the OpenAPI document that the server answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from fdtui.server.answers.document import document
from tests.docs.markdown import cell, plain, table

_TITLES = {
    "workspace": "Workspace, stages, fields, people",
    "tasks": "Tasks",
    "batches": "Many tasks at once",
    "changes": "What changed",
    "executions": "Actions and executions",
    "comments": "Comments",
    "checklists": "Checklists",
    "activity": "Activity",
    "jobs": "Data syncs and exports",
    "files": "Files",
    "openapi": "The OpenAPI document",
}
"""Tag to heading, in the order of the page."""


def operations() -> Iterator[str]:
    """What can be asked: a section for each noun, with a heading for each method and address."""
    made = document()
    found = [
        (operation["tags"][0], method.upper(), path, operation)
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    ]
    order = list(_TITLES)
    found.sort(key=lambda each: order.index(each[0]))
    for tag, alike in groupby(found, lambda each: each[0]):
        yield from (f"## {_TITLES[tag]}", "")
        for _, method, path, operation in alike:
            yield from _operation(method, path, operation)


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield from (f"### `{method} {path}`", "", f"{plain(operation['summary'])}.", "")
    yield from table(
        ("parameter", "in", "what it says"),
        (
            (f"`{each['name']}`", each["in"], cell(plain(each["description"])))
            for each in operation["parameters"]
            if each["in"] != "path" and (method, each["name"]) != ("GET", "If-None-Match")
        ),
    )
    if "requestBody" in operation:
        yield from (f"Body: {_content(operation['requestBody']['content'])}.", "")
    answers = [
        f"{status} {_content(each.get('content', {}))}".strip()
        for status, each in operation["responses"].items()
        if status < "300"
    ]
    yield from (f"Answers: {'; '.join(answers)}.", "")


def _content(content: dict[str, Any]) -> str:
    return ", or ".join(
        _link(each["schema"]) if "schema" in each else f"`{kind}`" for kind, each in content.items()
    )


def _link(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"a list of {_link(schema['items'])}"
    name = schema["$ref"].rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def shapes() -> Iterator[str]:
    """The bodies and answers, by name."""
    for name, each in sorted(document()["components"]["schemas"].items()):
        yield from (f"### {name}", "")
        if "description" in each:
            yield from (plain(each["description"]), "")
        required = each.get("required", [])
        yield from table(
            ("key", "holds", "what it says"),
            (
                (
                    f"`{key}`",
                    cell(_kind(shape) + ("" if key in required else " (may be left out)")),
                    cell(plain(shape.get("description", ""))),
                )
                for key, shape in each.get("properties", {}).items()
            ),
        )


def _kind(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return _link(shape)
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(_kind(each) for each in shape["anyOf"]))
    if "enum" in shape:
        return ", ".join(f"`{each}`" for each in shape["enum"])
    if "const" in shape:
        return f"`{shape['const']}`"
    if shape.get("type") == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    return str(shape.get("type", "any value")).replace("boolean", "true or false")
