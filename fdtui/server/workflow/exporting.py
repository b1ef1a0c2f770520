"""A workflow as the text of a file, which `definition.parse` reads as the same workflow.

The file begins with the place of the JSON Schema of such files, for editors: beside it, so that it works
without a network and wherever the file goes. ``fdtui workflow schema`` prints what belongs there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fdtui.server.workflow.definition import Workflow, tables_of

SCHEMA = "workflow.schema.json"
HEADER = (
    f"#:schema ./{SCHEMA}",
    f"# Editors complete and check this file after: fdtui workflow schema > {SCHEMA}",
)
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_INNER = {"actions": ("conditions", "steps")}
"""The keys of a section that hold tables of their own."""


def export(workflow: Workflow) -> str:
    """The TOML text; what is as if it were not said is left out."""
    tables = tables_of(workflow)
    lines = [*HEADER, f"id = {_value(tables['id'])}", f"name = {_value(tables['name'])}"]
    for section, entries in tables.items():
        if isinstance(entries, list):
            for entry in map(_with_colors, entries):
                lines += _table(section, entry, _INNER.get(section, ()))
    return "\n".join(lines) + "\n"


def _with_colors(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry with its options as the file has them: those that have a colour say it."""
    if "colors" not in entry:
        return entry
    colors = entry["colors"]
    options = [
        {"name": each, "color": colors[each]} if each in colors else each for each in entry["options"]
    ]
    return {key: each for key, each in entry.items() if key != "colors"} | {"options": options}


def schema() -> str:
    """The JSON Schema of workflow files, as the package holds it."""
    return (Path(__file__).parent.parent / "shapes" / SCHEMA).read_text("utf-8")


def _table(path: str, entry: Mapping[str, Any], inner: Iterable[str] = ()) -> Iterator[str]:
    yield ""
    yield f"[[{path}]]"
    for key, value in entry.items():
        if key not in inner and _is_told(key, value, entry):
            yield f"{_key(key)} = {_value(value)}"
    for key in inner:
        for each in entry.get(key, ()):
            yield from _table(f"{path}.{key}", each)


def _is_told(key: str, value: Any, entry: Mapping[str, Any]) -> bool:
    if key == "editable":
        return bool(value) == bool(entry.get("autoincrement"))
    if key == "to":
        return True  # assigning to "" says something
    return not (value is False or value is None or value in ("", [], {}))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return f"[{', '.join(_value(each) for each in value)}]"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """A basic string; JSON writes all of its escapes, but for the one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
