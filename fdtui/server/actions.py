"""The actions of a workflow: where they are offered, who may, what must be, what they do (Actions).

[[actions]]              id, name, stages?, roles?, required?, checklist?, assigned?, confirm?
[[actions.conditions]]   when (a query, as the board's filter), message
[[actions.steps]]        kind, and what the kind needs: see `fdtui.server.steps`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fdtui.core.query import QueryError, compile_query
from fdtui.core.query import parse as parse_query
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, Schema
from fdtui.server import templates
from fdtui.server.reading import Path, Source, Table
from fdtui.server.steps import (
    Assign,
    CallOut,
    CreateLinked,
    Delete,
    Email,
    Move,
    Schedule,
    Slack,
    Step,
    Update,
    UpdateLinked,
    read_step,
    table_of_step,
)

ACTION_KEYS: dict[str, type] = {
    "id": str,
    "name": str,
    "stages": list,
    "roles": list,
    "required": list,
    "checklist": bool,
    "assigned": bool,
    "confirm": str,
    "conditions": list,
    "steps": list,
}
_CONDITION_KEYS: dict[str, type] = {"when": str, "message": str}


@dataclass(frozen=True, slots=True)
class Condition:
    """A query that a task must pass, and what is said if it does not."""

    when: str
    message: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done with a task."""

    id: str
    name: str
    stages: tuple[str, ...] = ()
    """Where it is offered; empty for everywhere."""
    roles: tuple[str, ...] = ()
    """The ids of the roles that may, besides administrators; empty for everybody."""
    required: tuple[str, ...] = ()
    """Fields that must hold something."""
    checklist: bool = False
    """Whether the stage's checklist must be completed."""
    assigned: bool = False
    """Whether somebody must have the task."""
    confirm: str = ""
    """What a client may ask before; never enforced."""
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()

    def is_offered(self, stage: str) -> bool:
        """Whether a task in ``stage`` may have it done."""
        return not self.stages or stage in self.stages


def read_actions(source: Source, tables: Table) -> tuple[Action, ...]:
    """The actions of a workflow's file; raises `ConfigError`."""
    found = [_action(source, path, entry) for path, entry in source.tables(tables, "actions")]
    return tuple(found)


def table_of_action(action: Action) -> dict[str, Any]:
    """``action`` as `read_actions` takes it."""
    return {
        "id": action.id,
        "name": action.name,
        "stages": list(action.stages),
        "roles": list(action.roles),
        "required": list(action.required),
        "checklist": action.checklist,
        "assigned": action.assigned,
        "confirm": action.confirm,
        "conditions": [{"when": each.when, "message": each.message} for each in action.conditions],
        "steps": [table_of_step(each) for each in action.steps],
    }


def action_of_table(table: Table) -> Action:
    """The action that a store kept with `table_of_action`."""
    return _action(Source("execution"), (), table)


def _action(source: Source, path: Path, entry: Table) -> Action:
    source.check(path, entry, ACTION_KEYS, ("name",))
    conditions = []
    for place, each in source.tables(entry, "conditions", path):
        source.check(place, each, _CONDITION_KEYS, ("when", "message"))
        conditions.append(Condition(each["when"], each["message"]))
    return Action(
        id=entry["id"],
        name=entry["name"],
        stages=source.texts(path, entry, "stages"),
        roles=source.texts(path, entry, "roles"),
        required=source.texts(path, entry, "required"),
        checklist=entry.get("checklist", False),
        assigned=entry.get("assigned", False),
        confirm=entry.get("confirm", ""),
        conditions=tuple(conditions),
        steps=tuple(
            read_step(source, place, each) for place, each in source.tables(entry, "steps", path)
        ),
    )


def check_actions(
    source: Source, actions: Iterable[Action], schema: Schema, links: Mapping[str, str]
) -> None:
    """Refuse what an action says of stages, fields, roles and people that are not there.

    ``links`` are the links declared here; those of other workflows have their names over there, so a
    link that is unknown here is only known to be wrong when the action runs.
    """
    for number, action in enumerate(actions, 1):
        _check_action(source, ("actions", number), action, schema, links)


def _check_action(
    source: Source, path: Path, action: Action, schema: Schema, links: Mapping[str, str]
) -> None:
    stages = [each.name for each in schema.stages]
    names = [each.name for each in schema.fields]
    for stage in action.stages:
        source.known(path, "stages", stage, "stage", stages)
    for role in action.roles:
        source.known(path, "roles", role, "role of the id", [each.id for each in schema.roles])
    for name in action.required:
        source.known(path, "required", name, "field", [*names, *links])
    for number, condition in enumerate(action.conditions, 1):
        try:
            compile_query(parse_query(condition.when), schema)
        except QueryError as error:
            place = (*path, "conditions", number)
            source.refuse(place, f"when: {error.message}", error.hint, key="when")
    if Delete() in action.steps[:-1]:
        number = action.steps.index(Delete()) + 1
        source.refuse((*path, "steps", number), "must come last: after it there is no task.")
    for number, step in enumerate(action.steps, 1):
        _check_step(source, (*path, "steps", number), step, schema, links)


def _check_step(
    source: Source, path: Path, step: Step, schema: Schema, links: Mapping[str, str]
) -> None:
    names = [each.name for each in schema.fields]
    speaks: list[str] = []
    match step:
        case Move(stage) | Schedule(stage, _):
            source.known(path, "stage", stage, "stage", [each.name for each in schema.stages])
        case Assign(to):
            speaks = templates.names_in(to)
            if to and not speaks:
                source.known(path, "to", to, "person", [each.email for each in schema.people])
        case Update(fields):
            for name in fields:
                source.known(path, "fields", name, "field", [STAGE, ASSIGNEE, *names, *links])
            speaks = templates.names_in(dict(fields))
        case CreateLinked(_, fields) | UpdateLinked(_, fields):
            speaks = templates.names_in(dict(fields))
        case Slack(_, text):
            speaks = templates.names_in(text)
        case Email(to, subject, body):
            speaks = templates.names_in([to, subject, body])
        case CallOut(url):
            if not url.startswith(("http://", "https://")):
                source.refuse(path, "url must begin with https:// or http://.", key="url")
        case _:
            pass
    for name in speaks:
        source.known(path, "{{…}}", name, "field", [*names, *links, *BUILT_INS, *templates.OTHERS])
