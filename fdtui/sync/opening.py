"""How a workflow is opened: which one, what shape it has, which tasks."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Awaitable
from typing import TypeVar

from fdtui.core.answers import Listing
from fdtui.core.errors import ApiError, ConfigError, NotFoundError
from fdtui.core.frozen import frozen, replace
from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef, Workspace
from fdtui.core.task import uid_of
from fdtui.core.values import Row
from fdtui.sync import infer
from fdtui.sync.gateway import Gateway

T = TypeVar("T")
MAX_GUESSES = 4


@frozen
class Opened:
    """A workflow, its shape, and its tasks as listed."""

    schema: Schema
    listing: Listing


async def list_workflows(
    gateway: Gateway, wanted: str | None
) -> tuple[Workspace | None, tuple[WorkflowRef, ...]]:
    """The workspace and its workflows; ``wanted`` stands for the list where there is no such call."""
    workspace, workflows = await asyncio.gather(
        _if_there(gateway.workspace()), _if_there(gateway.workflows())
    )
    if workflows is None:
        workflows = (WorkflowRef(wanted, wanted),) if wanted else ()
    return workspace, workflows


def choose(workflows: tuple[WorkflowRef, ...], wanted: str | None) -> WorkflowRef:
    """The workflow of the id or name ``wanted``, or the first.

    Raises `ConfigError` that names what there is.
    """
    for each in workflows:
        if wanted in {None, each.id, each.name}:
            return each
    if not workflows:
        raise ConfigError(
            "This server does not list its workflows, or has none for this key.",
            "Name the workflow's id: --workflow ID or FDTUI_WORKFLOW.",
        )
    names = [name for each in workflows for name in (each.name, each.id)]
    near = difflib.get_close_matches(str(wanted), names, 1)
    listed = ", ".join(f"{each.name} ({each.id})" for each in workflows[:10])
    hint = f"Did you mean “{near[0]}”?" if near else f"There are: {listed}."
    raise ConfigError(f"There is no workflow “{wanted}” for this key.", hint)


async def open_workflow(gateway: Gateway, workflow: str, unique_id: str | None) -> Opened:
    """Everything of ``workflow``; what the install does not tell is read off the tasks.

    ``unique_id`` is the user's word for the unique-id field, used where the fields do not tell.
    """
    listing, stages, fields, people, roles = await asyncio.gather(
        gateway.tasks(workflow),
        _if_there(gateway.stages(workflow)),
        _if_there(gateway.fields(workflow)),
        _if_there(gateway.users(workflow)),
        _if_there(gateway.roles(workflow)),
    )
    if listing is None:
        raise ApiError("The server says that nothing changed, but it was asked for everything.")
    rows = listing.rows
    parts = {"stages": stages, "fields": fields, "people": people}
    schema = Schema(
        await _stages(gateway, workflow, rows, stages),
        await _fields(gateway, workflow, rows, fields, unique_id),
        infer.inferred_people(rows) if people is None else people,
        roles or (),
        frozenset(name for name, part in parts.items() if part is None),
    )
    return Opened(schema, listing)


async def _stages(
    gateway: Gateway, workflow: str, rows: tuple[Row, ...], told: tuple[Stage, ...] | None
) -> tuple[Stage, ...]:
    if told is not None and all(stage.end is not None for stage in told):
        return told
    active = await _if_there(gateway.active(workflow))
    alive = None if active is None else active.rows
    return infer.inferred_stages(rows, alive) if told is None else infer.ended(told, rows, alive)


async def _fields(
    gateway: Gateway,
    workflow: str,
    rows: tuple[Row, ...],
    told: tuple[Field, ...] | None,
    unique_id: str | None,
) -> tuple[Field, ...]:
    if told is None:
        name = unique_id or await _unique_id(gateway, workflow, rows)
        return infer.inferred_fields(rows, name)
    return told if unique_id is None else _with_unique_id(told, unique_id)


def _with_unique_id(fields: tuple[Field, ...], name: str) -> tuple[Field, ...]:
    if any(each.type == FieldType.UNIQUE_ID for each in fields):
        return fields
    return tuple(replace(f, type=FieldType.UNIQUE_ID) if f.name == name else f for f in fields)


async def _unique_id(gateway: Gateway, workflow: str, rows: tuple[Row, ...]) -> str | None:
    """The field by whose value the server finds a task: asked, not guessed."""
    for name in infer.unique_id_candidates(rows)[:MAX_GUESSES]:
        uid = uid_of(rows[0], name)
        if uid is None or uid in {".", ".."}:
            continue
        try:
            row = await gateway.task(workflow, uid, unique_id=name)
        except NotFoundError:
            continue
        if uid_of(row, name) == uid:
            return name
    return None


def regrown(schema: Schema, rows: tuple[Row, ...]) -> Schema:
    """``schema`` after another listing: what it infers may have grown."""
    if not schema.inferred:
        return schema
    unique_id = schema.unique_id.name if schema.unique_id else None
    now = Schema(
        infer.inferred_stages(rows, None),
        infer.inferred_fields(rows, unique_id),
        infer.inferred_people(rows),
    )
    return infer.grown(schema, now)


async def _if_there(call: Awaitable[T]) -> T | None:
    try:
        return await call
    except NotFoundError:
        return None
