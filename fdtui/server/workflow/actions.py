"""The actions of a workflow: where they are offered, who may, what must be, what they do (Actions).

[[actions]]              id, name, stages?, roles?, required?, checklist?, assigned?, confirm?
[[actions.conditions]]   when (a query, as the board's filter), message
[[actions.steps]]        kind, and what the kind needs: see `fdtui.server.workflow.steps`
"""

from __future__ import annotations

from typing import Any

from fdtui.core.frozen import frozen
from fdtui.server.workflow.reading import SourceFile, Table, TablePath
from fdtui.server.workflow.steps import Step, read_step, table_of_step

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


@frozen
class Condition:
    """A query that a task must pass, and what is said if it does not."""

    when: str
    message: str


@frozen
class ActionDefinition:
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
    """What clients should ask before they run it; never enforced."""
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()

    def is_offered(self, stage: str) -> bool:
        """Whether a task in ``stage`` may have it done."""
        return not self.stages or stage in self.stages


def read_actions(source: SourceFile, tables: Table) -> tuple[ActionDefinition, ...]:
    """The actions of a workflow's file; raises `ConfigError`."""
    found = [_action(source, path, entry) for path, entry in source.tables(tables, "actions")]
    return tuple(found)


def table_of_action(action: ActionDefinition) -> dict[str, Any]:
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


def action_of_table(table: Table) -> ActionDefinition:
    """The action that a store kept with `table_of_action`."""
    return _action(SourceFile("execution"), (), table)


def _action(source: SourceFile, path: TablePath, entry: Table) -> ActionDefinition:
    source.check(path, entry, ACTION_KEYS, ("name",))
    conditions = []
    for place, each in source.tables(entry, "conditions", path):
        source.check(place, each, _CONDITION_KEYS, ("when", "message"))
        conditions.append(Condition(each["when"], each["message"]))
    return ActionDefinition(
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
