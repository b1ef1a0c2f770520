"""What an action asks of a task before it may be done, in the sentences that Flowdash documents."""

from __future__ import annotations

from datetime import date

from fdtui.core import fields
from fdtui.core.query import QueryError, compile_query, parse
from fdtui.core.schema import ASSIGNEE, STAGE, Schema
from fdtui.core.task import Task
from fdtui.core.values import Row
from fdtui.server.workflow.actions import ActionDefinition

CHECKLIST = "Checklist must be completed"
ASSIGNED = "Must be assigned"


def unmet(
    action: ActionDefinition, schema: Schema, row: Row, *, checklist_done: bool, today: date
) -> tuple[str, ...]:
    """Everything that ``row``, a rendered task, lacks for ``action``; nothing if it may be done."""
    stage = str(row[STAGE])
    if not action.is_offered(stage):
        return (f"{action.name} is not available at the stage {stage}",)
    says = [f"{name} is required" for name in action.required if fields.is_empty(row.get(name))]
    if action.checklist and not checklist_done:
        says.append(CHECKLIST)
    if action.assigned and not row[ASSIGNEE]:
        says.append(ASSIGNED)
    task = Task("", None, row)
    for condition in action.conditions:
        try:
            holds = compile_query(parse(condition.when), schema, today=today)(task)
        except QueryError:  # the workflow has changed since: better not done than done wrongly
            holds = False
        if not holds:
            says.append(condition.message)
    return tuple(says)


def why_not(action: ActionDefinition, schema: Schema, email: str) -> str:
    """Why the person with that e-mail may not do ``action``; empty if they may."""
    person = schema.person(email)
    if person is None:
        return f"{email} is not a user of this workflow"
    role = next((each for each in schema.roles if each.id == person.role_id), None)
    if not action.roles or person.role_id in action.roles or (role is not None and role.admin):
        return ""
    return f"{person.name} has no permission for {action.name}"
