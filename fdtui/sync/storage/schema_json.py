"""The shape of a workflow as JSON: one spelling for the journal and the cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fdtui.core.schema import Field, Person, Role, Schema, Stage


def attributes(value: Any) -> dict[str, Any]:
    """The attributes of a frozen value, by name."""
    return {name: getattr(value, name) for name in value.__match_args__}


def schema_written(schema: Schema) -> dict[str, Any]:
    """The shape of a workflow as a JSON object."""
    body = attributes(schema)
    for name in ("stages", "fields", "people", "roles"):
        body[name] = [attributes(each) for each in body[name]]
    return body | {"inferred": sorted(schema.inferred)}


def schema_read(body: Mapping[str, Any]) -> Schema:
    """See `schema_written`; raises `KeyError` or `TypeError` for what it did not write."""
    return Schema(
        tuple(Stage(**each) for each in body["stages"]),
        tuple(_field(each) for each in body["fields"]),
        tuple(Person(**each) for each in body["people"]),
        tuple(Role(**each) for each in body["roles"]),
        frozenset(body["inferred"]),
        tuple(body["unreadable"]),
        stages_guessed=body["stages_guessed"],
    )


def _field(each: Mapping[str, Any]) -> Field:
    colors = tuple((option, color) for option, color in each.get("colors", ()))
    return Field(**{**each, "options": tuple(each["options"]), "colors": colors})
