"""The JSON Schema of ``config.toml``, made of the settings' own declarations.

Editors complete and check a settings file with it. It lies beside the file, so that it is found without
a network, and ships in the package as ``config.schema.json``.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from fdtui.config.kinds import SCHEMAS
from fdtui.config.load import TOP
from fdtui.config.paths import write_private
from fdtui.config.settings import Keys, Profile, Settings, ViewSettings
from fdtui.core.commands import COMMANDS
from fdtui.core.errors import StorageError

NAME = "config.schema.json"
HEADER = f"#:schema ./{NAME}"
"""The first line of a new settings file; Taplo and what is built on it read it."""
_KEYS: Mapping[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}},
    ]
}


def shipped() -> str:
    """The schema, as the package holds it."""
    return Path(__file__).with_name(NAME).read_text("utf-8")


def write_settings(file: Path, text: str, *, is_folder_ours: bool = True) -> None:
    """Write a settings file, and beside it the schema that its first line may name.

    Raises `StorageError`; then the old contents are still there.
    """
    write_private(file, text, is_folder_ours=is_folder_ours)
    if text.startswith(HEADER):
        with suppress(StorageError):  # an editor would miss it, and nothing else does
            write_private(file.with_name(NAME), shipped(), is_folder_ours=is_folder_ours)


def schema() -> dict[str, Any]:
    """The schema, made of the declarations."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of fdtui",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _of(name) for name in TOP},
    }


def _of(name: str) -> dict[str, Any]:
    if name == "profile":
        says = "The profile to use when nothing says otherwise."
        return {"type": "string", "minLength": 1, "description": says}
    if name == "profiles":
        return {"type": "object", "additionalProperties": _table(Profile)}
    if name == "views":
        return {"type": "array", "items": {**_table(ViewSettings), "required": ["name"]}}
    return _keys() if name == "keys" else _table(typing.get_type_hints(Settings)[name])


def _table(shape: type[Any]) -> dict[str, Any]:
    properties = {
        each.name: {**SCHEMAS[each.metadata["kind"]], "description": each.metadata["says"]}
        for each in dataclasses.fields(shape)
        if each.metadata
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _keys() -> dict[str, Any]:
    """A command may be quoted or not: TOML reads ``task.move-next`` as a table in a table."""
    commands = {each.id: {**_KEYS, "description": each.help} for each in COMMANDS}
    preset = _table(Keys)["properties"]
    nested = {"anyOf": [*_KEYS["anyOf"], {"type": "object"}]}
    return {"type": "object", "properties": {**preset, **commands}, "additionalProperties": nested}
