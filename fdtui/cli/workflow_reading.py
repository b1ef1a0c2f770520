"""What workflows are made of, as a server tells it or a database of your own holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fdtui.cli.client import chosen, whole_schema, with_gateway
from fdtui.cli.database import workspace_store
from fdtui.cli.options import common, settings_here
from fdtui.core.errors import NotFoundError, UsageError
from fdtui.core.frozen import frozen
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted
from fdtui.core.schema import Schema, WorkflowRef

if TYPE_CHECKING:
    from fdtui.server.store import Store
    from fdtui.server.workflow.definition import Workflow
    from fdtui.sync.gateway import Gateway


@frozen
class WorkflowShape:
    """A workflow as it is shown; a server tells neither checklists, links nor actions."""

    ref: WorkflowRef
    schema: Schema
    definition: Workflow | None = None
    """All of it, where it is in a database of your own."""


def listed(db: str | None) -> tuple[WorkflowRef, ...]:
    """The workflows of the database ``db``, or of what the settings name."""
    if not _is_served(db):
        with workspace_store(db) as store:
            return tuple(WorkflowRef(each.id, each.name) for each in _all(store))

    async def work(gateway: Gateway) -> tuple[WorkflowRef, ...]:
        from fdtui.sync.reading.opening import only_workflows

        return await only_workflows(gateway, settings_here().profile.workflow or None)

    return with_gateway(work)


def shape_of(name: str, db: str | None) -> WorkflowShape:
    """The workflow that ``name`` means; raises `NotFoundError`, and `UsageError` for several."""
    if not _is_served(db):
        with workspace_store(db) as store:
            found = find(store, name)
            return WorkflowShape(WorkflowRef(found.id, found.name), found.schema, found)

    async def work(gateway: Gateway) -> WorkflowShape:
        from fdtui.sync.reading.opening import Hints, only_workflows

        ref = chosen(await only_workflows(gateway, name), name)
        profile = settings_here().profile
        hints = Hints(profile.unique_id or None, profile.stages)
        return WorkflowShape(ref, await whole_schema(gateway, ref.id, hints))

    return with_gateway(work)


def find(store: Store, name: str) -> Workflow:
    """The workflow of ``store`` that ``name`` means; raises `NotFoundError` or `UsageError`."""
    known = _all(store)
    found = [each for each in known if each.id == name] or find_all(name, known, lambda each: each.name)
    if not found:
        raise NotFoundError(f"There is no workflow {quoted(name)}.", "`fdtui workflow list` has them.")
    if len(found) > 1:
        raise UsageError(f"There are {len(found)} workflows {quoted(name)}.", "Give the id.")
    return found[0]


def describe(shape: WorkflowShape) -> Iterator[str]:
    """A line for each stage, field, link, role, person and action."""
    schema, known = shape.schema, shape.definition
    yield f"{shape.ref.name} ({shape.ref.id})"
    for stage in schema.stages:
        items = len(known.checklists.get(stage.name, ())) if known else 0
        told = [*(["end"] if stage.end else []), *([f"checklist of {items}"] if items else [])]
        yield f"stage   {stage.name}" + (f" ({', '.join(told)})" if told else "")
    for field in schema.fields:
        yield f"field   {field.name}: {field.type}{', required' if field.required else ''}"
    for link in known.links if known else ():
        yield f"link    {link.name}: {'many ' if link.many else ''}of {link.to}, back as {link.back}"
    for role in schema.roles:
        yield f"role    {role.name}{' (administrators)' if role.admin else ''}"
    for person in schema.people:
        yield f"person  {person.email}: {person.name}"
    for action in known.actions if known else ():
        where = ", ".join(action.stages) or "everywhere"
        yield f"action  {action.name}: {where}, {len(action.steps)} steps"


def record(shape: WorkflowShape) -> dict[str, Any]:
    """The shape of ``--json``; links and actions are ``null`` where a server does not tell them."""
    schema, known = shape.schema, shape.definition
    return {
        "id": shape.ref.id,
        "name": shape.ref.name,
        "stages": [{"name": each.name, "end": each.end} for each in schema.stages],
        "fields": [
            {
                "name": each.name,
                "type": str(each.type),
                "required": each.required,
                "editable": each.editable,
                "options": list(each.options),
            }
            for each in schema.fields
        ],
        "roles": [{"name": each.name, "admin": each.admin} for each in schema.roles],
        "people": [{"email": each.email, "name": each.name} for each in schema.people],
        "links": [{"name": each.name, "to": each.to, "many": each.many} for each in known.links]
        if known
        else None,
        "actions": [{"name": each.name, "stages": list(each.stages)} for each in known.actions]
        if known
        else None,
        "inferred": sorted(schema.inferred),
    }


def _is_served(db: str | None) -> bool:
    """Whether a server is asked; raises `UsageError` where that and ``--db`` are both said."""
    if db is None:
        profile = settings_here().profile
        return bool(profile.url) and not profile.local
    if common().url is not None:
        raise UsageError("--url and --db both say where the workflows are.", "Use one of them.")
    return False


def _all(store: Store) -> list[Workflow]:
    from fdtui.server.store import workspace

    return list(store.read(lambda tx: workspace.catalog(store, tx)).workflows.values())
