"""A workflow as a file: its stages, fields, roles, people and links, read from TOML.

    id = "2ylSaZ"
    name = "Company onboarding"
    [[stages]]     name, color?, end?
    [[fields]]     id, name, type?, required?, editable?, options?, limit?, autoincrement?
    [[roles]]      id, name, admin?
    [[people]]     id, email, first_name?, last_name?, role
    [[links]]      id, name, many?, to, back, back_many?     (declared in one of the two workflows)

The store keeps the same tables as JSON, so that there is one reader for both. Standard library only.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fdtui.core.errors import ConfigError
from fdtui.core.schema import BUILT_INS, Field, FieldType, Person, Role, Schema, Stage

Table = Mapping[str, Any]

_KEYS: dict[str, dict[str, type]] = {
    "stages": {"name": str, "color": str, "end": bool},
    "fields": {
        "id": str,
        "name": str,
        "type": str,
        "required": bool,
        "editable": bool,
        "options": list,
        "limit": int,
        "autoincrement": bool,
    },
    "roles": {"id": str, "name": str, "admin": bool},
    "people": {"id": str, "email": str, "first_name": str, "last_name": str, "role": str},
    "links": {"id": str, "name": str, "many": bool, "to": str, "back": str, "back_many": bool},
}
_NEEDED = {
    "stages": ("name",),
    "fields": ("id", "name"),
    "roles": ("id", "name"),
    "people": ("id", "email"),
    "links": ("id", "name", "to", "back"),
}
_TOP = {"id": str, "name": str, **dict.fromkeys(_KEYS, list)}


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship between two workflows; ``name`` is its key here, ``back`` its key over there."""

    id: str
    name: str
    to: str
    back: str
    many: bool = False
    """Whether the key here holds a list."""
    back_many: bool = False
    """Whether the key over there holds a list."""


@dataclass(frozen=True)
class Workflow:
    """Everything that the file says; a person's `Person.role_id` is the id of a role."""

    id: str
    name: str
    schema: Schema
    links: tuple[Link, ...] = ()

    @property
    def first_stage(self) -> str:
        """Where a new task starts."""
        return self.schema.stages[0].name

    @property
    def end_stages(self) -> tuple[str, ...]:
        """The stages whose tasks are done."""
        return tuple(stage.name for stage in self.schema.stages if stage.end)


def parse(text: str, source: str = "workflow") -> Workflow:
    """The workflow that a TOML file's ``text`` describes.

    Raises `ConfigError` that names ``source`` and the key.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: {error}.") from None
    return read(tables, source)


def read(tables: Table, source: str = "workflow") -> Workflow:
    """The workflow that ``tables`` describe; raises `ConfigError` as `parse` does."""
    _check_keys(tables, _TOP, ("id", "name", "stages"), source)
    for section, keys in _KEYS.items():
        for number, entry in enumerate(tables.get(section, ()), 1):
            where = f"{source}: {section} {number}"
            if not isinstance(entry, dict):
                raise ConfigError(f"{where} is no table.")
            _check_keys(entry, keys, _NEEDED[section], where)
    workflow = Workflow(
        id=tables["id"],
        name=tables["name"],
        schema=Schema(
            stages=tuple(_stage(entry) for entry in tables["stages"]),
            fields=tuple(_field(entry) for entry in tables.get("fields", ())),
            people=tuple(_person(entry) for entry in tables.get("people", ())),
            roles=tuple(Role(**entry) for entry in tables.get("roles", ())),
        ),
        links=tuple(Link(**entry) for entry in tables.get("links", ())),
    )
    _check_sense(workflow, source)
    return workflow


def tables_of(workflow: Workflow) -> dict[str, Any]:
    """``workflow`` as `read` takes it."""
    schema = workflow.schema
    return {
        "id": workflow.id,
        "name": workflow.name,
        "stages": [
            {"name": each.name, "color": each.color, "end": bool(each.end)} for each in schema.stages
        ],
        "fields": [_field_table(each) for each in schema.fields],
        "roles": [{"id": each.id, "name": each.name, "admin": each.admin} for each in schema.roles],
        "people": [_person_table(each) for each in schema.people],
        "links": [
            {
                "id": each.id,
                "name": each.name,
                "to": each.to,
                "back": each.back,
                "many": each.many,
                "back_many": each.back_many,
            }
            for each in workflow.links
        ],
    }


def _stage(entry: Table) -> Stage:
    return Stage(entry["name"], entry.get("end", False), entry.get("color", ""))


def _field(entry: Table) -> Field:
    kind = entry.get("type", FieldType.TEXT)
    autoincrement = entry.get("autoincrement", False)
    return Field(
        name=entry["name"],
        type=kind,
        id=entry["id"],
        editable=entry.get("editable", not autoincrement),
        required=entry.get("required", False),
        options=tuple(entry.get("options", ())),
        limit=entry.get("limit"),
        autoincrement=autoincrement,
    )


def _person(entry: Table) -> Person:
    return Person(
        email=entry["email"],
        first_name=entry.get("first_name", ""),
        last_name=entry.get("last_name", ""),
        id=entry["id"],
        role_id=entry.get("role"),
    )


def _field_table(each: Field) -> dict[str, Any]:
    table: dict[str, Any] = {
        "id": each.id,
        "name": each.name,
        "type": str(each.type),
        "editable": each.editable,
        "required": each.required,
    }
    if each.options:
        table["options"] = list(each.options)
    if each.limit is not None:
        table["limit"] = each.limit
    if each.autoincrement:
        table["autoincrement"] = True
    return table


def _person_table(each: Person) -> dict[str, Any]:
    table = {
        "id": each.id,
        "email": each.email,
        "first_name": each.first_name,
        "last_name": each.last_name,
    }
    return {**table, "role": each.role_id} if each.role_id is not None else table


def _check_keys(entry: Table, keys: Mapping[str, type], needed: Iterable[str], where: str) -> None:
    for key in needed:
        if not entry.get(key):
            raise ConfigError(f"{where} has no {key}.")
    for key, value in entry.items():
        if key not in keys:
            raise ConfigError(f"{where} has an unknown key {key!r}.", f"Known are {', '.join(keys)}.")
        if type(value) is not keys[key]:
            raise ConfigError(f"{where}: {key} must be of type {keys[key].__name__}.")


def _check_sense(workflow: Workflow, source: str) -> None:
    schema = workflow.schema
    names = [*BUILT_INS, *(each.name for each in schema.fields), *(each.name for each in workflow.links)]
    for what, values in (
        ("stages of the name", [each.name for each in schema.stages]),
        ("fields or links of the name", names),
        ("fields of the id", [each.id for each in schema.fields]),
        ("people of the e-mail", [each.email for each in schema.people]),
    ):
        value, count = Counter(values).most_common(1)[0] if values else ("", 1)
        if count > 1:
            raise ConfigError(f"{source}: there are {count} {what} {value!r}.")
    for field in schema.fields:
        if field.type not in set(FieldType):
            raise ConfigError(f"{source}: the field {field.name!r} has the unknown type {field.type!r}.")
    if sum(field.type == FieldType.UNIQUE_ID for field in schema.fields) > 1:
        raise ConfigError(f"{source}: a workflow has one unique id at the most.")
