"""A workflow as a file: its stages, fields, roles, people, links and actions, read from TOML.

    id = "2ylSaZ"
    name = "Company onboarding"
    [[stages]]     name, color?, limit?, end?, checklist?
    [[fields]]     id?, name, type?, required?, editable?, options?, limit?, autoincrement?
    [[roles]]      id?, name, admin?
    [[people]]     id?, email, first_name?, last_name?, role?
    [[links]]      id?, name, many?, to, back, back_many?    (declared in one of the two workflows)
    [[actions]]    see `fdtui.server.workflow.actions`
    [[syncs]]      name, database, query                     ($NAMES of the environment in database)

Ids may be left out, and ``was`` gives the name that something had before (see `naming`);
roles are named by id or name. The store keeps the same tables as JSON, so that there is one reader for
both. Standard library only: it reads what was checked (`fdtui.server.shapes`), and stops at the first
thing that cannot be read.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, field, replace
from typing import Any

from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen
from fdtui.core.schema import BUILT_INS, Field, FieldType, Person, Role, Schema, Stage
from fdtui.server.workflow import naming
from fdtui.server.workflow.actions import ActionDefinition, read_actions, table_of_action
from fdtui.server.workflow.naming import Renamed
from fdtui.server.workflow.reading import SourceFile, Table, nearest

_SECTION_KEYS: dict[str, dict[str, type]] = {
    "stages": {"name": str, "color": str, "limit": int, "end": bool, "checklist": list},
    "fields": {
        "id": str,
        "name": str,
        "type": str,
        "required": bool,
        "editable": bool,
        "options": list,
        "colors": dict,
        "limit": int,
        "autoincrement": bool,
    },
    "roles": {"id": str, "name": str, "admin": bool},
    "people": {"id": str, "email": str, "first_name": str, "last_name": str, "role": str},
    "links": {"id": str, "name": str, "many": bool, "to": str, "back": str, "back_many": bool},
    "syncs": {"name": str, "database": str, "query": str},
}
_REQUIRED_KEYS = {
    "stages": ("name",),
    "fields": ("name",),
    "roles": ("name",),
    "people": ("email",),
    "links": ("name", "to", "back"),
    "syncs": ("name", "database", "query"),
}
_TOP_KEYS = {"id": str, "name": str, **dict.fromkeys(_SECTION_KEYS, list), "actions": list}


@frozen
class LinkDefinition:
    """A relationship between two workflows; ``name`` is its key here, ``back`` its key over there."""

    id: str
    name: str
    to: str
    back: str
    many: bool = False
    """Whether the key here holds a list."""
    back_many: bool = False
    """Whether the key over there holds a list."""


@frozen
class Sync:
    """A query whose rows become tasks; ``$NAME`` in ``database`` is taken from the environment."""

    name: str
    database: str
    query: str


@frozen
class Workflow:
    """Everything that the file says; a person's `Person.role_id` is the id of a role."""

    id: str
    name: str
    schema: Schema
    links: tuple[LinkDefinition, ...] = ()
    actions: tuple[ActionDefinition, ...] = ()
    checklists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The titles that a task's checklist begins with, by stage."""
    renamed: Renamed = field(default_factory=Renamed, compare=False)
    """What had another name before, where the file told it."""
    syncs: tuple[Sync, ...] = ()

    def action(self, action_id: str) -> ActionDefinition | None:
        """The action of that id."""
        return next((each for each in self.actions if each.id == action_id), None)

    @property
    def first_stage(self) -> str:
        """Where a new task starts."""
        return self.schema.stages[0].name

    @property
    def end_stages(self) -> tuple[str, ...]:
        """The stages whose tasks are done."""
        return tuple(stage.name for stage in self.schema.stages if stage.end)


def parse(text: str, source: str = "workflow", *, known: Workflow | None = None) -> Workflow:
    """The workflow that a TOML file's ``text`` describes; ``known`` is the one that it will replace.

    The file is one of ours, or was checked (`fdtui.server.shapes.check`); what it says of things that
    are not there is not looked at. Raises `ConfigError` that names ``source`` and the first table that
    cannot be read.
    """
    place = SourceFile(source)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: {error}.") from None
    place.check((), tables, _TOP_KEYS, ("id", "name", "stages"))
    tables, renamed = naming.complete(tables, None if known is None else tables_of(known))
    return replace(read(tables, source), renamed=renamed)


def read(tables: Table, source: str = "workflow") -> Workflow:
    """The workflow that ``tables`` describe, complete with ids; raises `ConfigError` as `parse` does.

    What an action says of people and the like is not looked at: it may have gone since.
    """
    place = SourceFile(source)
    _check_tables(tables, place)
    workflow = _read(tables, place)
    _check_sense(workflow, place)
    return workflow


def _check_tables(tables: Table, source: SourceFile) -> None:
    source.check((), tables, _TOP_KEYS, ("id", "name", "stages"))
    for section, keys in _SECTION_KEYS.items():
        for path, entry in source.tables(tables, section):
            source.check(path, entry, keys, _REQUIRED_KEYS[section])


def _read(tables: Table, source: SourceFile) -> Workflow:
    stages = list(source.tables(tables, "stages"))
    checklists = {entry["name"]: source.texts(path, entry, "checklist") for path, entry in stages}
    return Workflow(
        id=tables["id"],
        name=tables["name"],
        schema=Schema(
            stages=tuple(_stage(entry) for entry in tables["stages"]),
            fields=tuple(_field(entry) for entry in tables.get("fields", ())),
            people=tuple(_person(entry) for entry in tables.get("people", ())),
            roles=tuple(Role(**entry) for entry in tables.get("roles", ())),
        ),
        links=tuple(LinkDefinition(**entry) for entry in tables.get("links", ())),
        actions=read_actions(source, tables),
        syncs=tuple(Sync(**entry) for entry in tables.get("syncs", ())),
        checklists={stage: titles for stage, titles in checklists.items() if titles},
    )


def tables_of(workflow: Workflow) -> dict[str, Any]:
    """``workflow`` as `read` takes it."""
    schema = workflow.schema
    return {
        "id": workflow.id,
        "name": workflow.name,
        "stages": [_stage_table(each, workflow.checklists.get(each.name)) for each in schema.stages],
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
        "actions": [table_of_action(each) for each in workflow.actions],
        **({"syncs": [asdict(each) for each in workflow.syncs]} if workflow.syncs else {}),
    }


def _stage(entry: Table) -> Stage:
    return Stage(entry["name"], entry.get("end", False), entry.get("color", ""), entry.get("limit"))


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
        colors=tuple(entry.get("colors", {}).items()),
    )


def _person(entry: Table) -> Person:
    return Person(
        email=entry["email"],
        first_name=entry.get("first_name", ""),
        last_name=entry.get("last_name", ""),
        id=entry["id"],
        role_id=entry.get("role"),
    )


def _stage_table(each: Stage, checklist: tuple[str, ...] | None) -> dict[str, Any]:
    table: dict[str, Any] = {"name": each.name, "color": each.color, "end": bool(each.end)}
    if each.limit is not None:
        table["limit"] = each.limit
    return {**table, "checklist": list(checklist)} if checklist else table


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
    if each.colors:
        table["colors"] = dict(each.colors)
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


def _check_sense(workflow: Workflow, source: SourceFile) -> None:
    schema = workflow.schema
    names = [*BUILT_INS, *(each.name for each in schema.fields), *(each.name for each in workflow.links)]
    for what, values in (
        ("stages of the name", [each.name for each in schema.stages]),
        ("fields or links of the name", names),
        ("fields of the id", [each.id for each in schema.fields]),
        ("roles of the id", [each.id for each in schema.roles]),
        ("people of the id", [each.id for each in schema.people]),
        ("people of the e-mail", [each.email for each in schema.people]),
        ("links of the id", [each.id for each in workflow.links]),
        ("actions of the id", [each.id for each in workflow.actions]),
    ):
        value, count = Counter(values).most_common(1)[0] if values else ("", 1)
        if count > 1:
            source.refuse((), f"has {count} {what} {value!r}.")
    for number, each in enumerate(schema.fields, 1):
        if each.type not in set(FieldType):
            says = f"{each.name!r} has the unknown type {each.type!r}."
            source.refuse(("fields", number), says, nearest(each.type, FieldType))
    if sum(each.type == FieldType.UNIQUE_ID for each in schema.fields) > 1:
        source.refuse((), "has more than one unique id field.")
