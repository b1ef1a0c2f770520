"""How a workflow is opened: which one, what shape it has, which tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from fdtui.core.answers import Listing
from fdtui.core.errors import (
    ApiError,
    ConfigError,
    NotAuthenticatedError,
    NotFoundError,
    UnreachableError,
    UsageError,
)
from fdtui.core.frozen import frozen, replace
from fdtui.core.names import find_all, find_name
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef, Workspace
from fdtui.core.task import uid_of
from fdtui.core.values import Row
from fdtui.sync.reading import inference

if TYPE_CHECKING:
    from fdtui.sync.gateway import Gateway

T = TypeVar("T")
MAX_GUESSES = 4
LACKING = frozenset({403, 404, 405, 410, 501})
"""Statuses by which an install says that it has no such call, or not for this key."""


@frozen
class Hints:
    """What the user says where an install does not."""

    unique_id: str | None = None
    """The name of the unique-id field."""
    stages: tuple[str, ...] = ()
    """The stages in board order."""
    learned: Callable[[str, tuple[Stage, ...]], tuple[tuple[Stage, ...], bool]] | None = None
    """What moves have taught of a workflow: the order of these stages, and whether it is sure."""


@frozen
class Opened:
    """A workflow, its shape, and its tasks as listed."""

    schema: Schema
    listing: Listing


async def list_workflows(
    gateway: Gateway, wanted: str | None
) -> tuple[Workspace | None, tuple[WorkflowRef, ...]]:
    """The workspace and its workflows; ``wanted`` stands for the list where there is no such call."""
    return await asyncio.gather(_if_there(gateway.workspace), only_workflows(gateway, wanted))


async def only_workflows(gateway: Gateway, wanted: str | None) -> tuple[WorkflowRef, ...]:
    """The workflows alone, for who does not show whose they are; ``wanted`` as above."""
    workflows = await _if_there(gateway.workflows)
    if workflows is None:
        return (WorkflowRef(wanted, wanted),) if wanted else ()
    return workflows


def choose(workflows: tuple[WorkflowRef, ...], wanted: str | None) -> WorkflowRef:
    """The workflow of the id or name ``wanted``, or the first; an id comes before a name.

    Raises `ConfigError` that names what there is, `UsageError` where ``wanted`` means several.
    """
    if wanted is None and workflows:
        return workflows[0]
    for each in workflows:
        if each.id == wanted:
            return each
    named = find_all(wanted or "", workflows, lambda each: each.name)
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(f"{safe(each.name)} ({safe(each.id)})" for each in named[:10])
        raise UsageError(
            f"There are {len(named)} workflows {quoted(wanted or '')}: {ids}.", "Give the id."
        )
    if not workflows:
        raise ConfigError(
            "This server does not list its workflows, or has none for this key.",
            "Name the workflow's id: --workflow ID or FDTUI_WORKFLOW.",
        )
    names = [name for each in workflows for name in (each.name, each.id)]
    import difflib  # noqa: PLC0415 - only a mistake needs it

    near = difflib.get_close_matches(str(wanted), names, 1)
    listed = ", ".join(f"{each.name} ({each.id})" for each in workflows[:10])
    hint = f"Did you mean “{near[0]}”?" if near else f"There are: {listed}."
    raise ConfigError(f"There is no workflow “{wanted}” for this key.", hint)


async def open_workflow(gateway: Gateway, workflow: str, hints: Hints = Hints()) -> Opened:  # noqa: B008 (a value)
    """Everything of ``workflow``; what the install does not say is inferred from the tasks.

    ``hints`` are used where the install does not tell. People and roles that cannot be read keep no
    board from opening: they count as not told, and `Schema.unreadable` names them.
    """
    listing, stages, fields, (people, has_people), (roles, has_roles) = await asyncio.gather(
        gateway.tasks(workflow),
        _if_there(partial(gateway.stages, workflow)),
        _if_there(partial(gateway.fields, workflow)),
        _if_readable(partial(gateway.users, workflow)),
        _if_readable(partial(gateway.roles, workflow)),
    )
    if listing is None:
        raise ApiError("The server says that nothing changed, but it was asked for everything.")
    rows = listing.rows
    parts = {"stages": stages, "fields": fields, "people": people}
    readable = {"people": has_people, "roles": has_roles}
    found = await _stages(gateway, workflow, rows, stages)
    is_sure = stages is not None
    if stages is None:
        found, is_sure = _in_order(workflow, found, hints)
    schema = Schema(
        found,
        await _fields(gateway, workflow, rows, fields, hints.unique_id),
        inference.inferred_people(rows) if people is None else people,
        roles or (),
        frozenset(name for name, part in parts.items() if part is None),
        tuple(name for name, is_readable in readable.items() if not is_readable),
        stages_guessed=not is_sure,
    )
    return Opened(schema, listing)


async def shape_by_now(gateway: Gateway, workflow: str, recalled: Schema, hints: Hints) -> Schema | None:
    """The shape that was ``recalled`` with a token of the feed, which tells what changes of it.

    Where it lacks something that may be told now, or the user says something of it, it is asked for as
    by `told_shape`.
    """
    if recalled.unreadable or hints.unique_id is not None:
        return await told_shape(gateway, workflow, hints)
    return recalled


async def told_shape(gateway: Gateway, workflow: str, hints: Hints) -> Schema | None:
    """The shape of ``workflow`` where the install tells all of it, so that it needs no tasks."""
    stages, fields, (people, _), (roles, has_roles) = await asyncio.gather(
        _if_there(partial(gateway.stages, workflow)),
        _if_there(partial(gateway.fields, workflow)),
        _if_readable(partial(gateway.users, workflow)),
        _if_readable(partial(gateway.roles, workflow)),
    )
    if stages is None or fields is None or people is None or any(each.end is None for each in stages):
        return None
    custom = fields if hints.unique_id is None else _with_unique_id(fields, hints.unique_id)
    unreadable = () if has_roles else ("roles",)
    return Schema(stages, custom, people, roles or (), unreadable=unreadable)


def reordered(workflow: str, schema: Schema, hints: Hints) -> Schema:
    """``schema`` with its stages in the order that is said or learned, where the install tells none."""
    if "stages" not in schema.inferred:
        return schema
    stages, is_sure = _in_order(workflow, schema.stages, hints)
    return replace(schema, stages=stages, stages_guessed=not is_sure)


def _in_order(workflow: str, found: tuple[Stage, ...], hints: Hints) -> tuple[tuple[Stage, ...], bool]:
    """The stages as the user says, else as moves have taught; and whether that is no guess."""
    is_sure = False
    if hints.learned is not None:
        found, is_sure = hints.learned(workflow, found)
    ordered = inference.ordered(found, hints.stages)
    names = [each.name for each in ordered]
    said = {find_name(each, names) for each in hints.stages}
    is_said = set(names) <= said
    return ordered, is_said or (is_sure and ordered == found)


async def _stages(
    gateway: Gateway, workflow: str, rows: tuple[Row, ...], told: tuple[Stage, ...] | None
) -> tuple[Stage, ...]:
    if told is not None and all(stage.end is not None for stage in told):
        return told
    active = await _if_there(partial(gateway.active, workflow))
    alive = None if active is None else active.rows
    return inference.inferred_stages(rows, alive) if told is None else inference.ended(told, rows, alive)


async def _fields(
    gateway: Gateway,
    workflow: str,
    rows: tuple[Row, ...],
    told: tuple[Field, ...] | None,
    unique_id: str | None,
) -> tuple[Field, ...]:
    if told is None:
        names = {name: None for row in rows for name in row}
        known = find_name(unique_id, names) or unique_id if unique_id else None
        return inference.inferred_fields(rows, known or await _unique_id(gateway, workflow, rows))
    return told if unique_id is None else _with_unique_id(told, unique_id)


def _with_unique_id(fields: tuple[Field, ...], name: str) -> tuple[Field, ...]:
    if any(each.type == FieldType.UNIQUE_ID for each in fields):
        return fields
    known = find_name(name, [each.name for each in fields])
    return tuple(replace(f, type=FieldType.UNIQUE_ID) if f.name == known else f for f in fields)


async def _unique_id(gateway: Gateway, workflow: str, rows: tuple[Row, ...]) -> str | None:
    """The field by whose value the server finds a task: asked, not guessed."""
    for name in inference.unique_id_candidates(rows)[:MAX_GUESSES]:
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
        inference.inferred_stages(rows, None),
        inference.inferred_fields(rows, unique_id),
        inference.inferred_people(rows),
    )
    return inference.grown(schema, now)


async def _if_there(call: Callable[[], Awaitable[T]]) -> T | None:
    """What ``call`` answers; ``None`` where the install says twice that it has no such thing.

    Once may be a slip of something in front of it, and would leave the shape guessed.
    """
    for _ in range(2):
        try:
            return await call()
        except ApiError as error:
            if error.status not in LACKING and not isinstance(error, NotFoundError):
                raise
    return None


async def _if_readable(call: Callable[[], Awaitable[T]]) -> tuple[T | None, bool]:
    """What ``call`` answers, and whether that could be read; ``None`` as by `_if_there`.

    Twice asked, too. No answer at all, and a refused key, are about more than this call and raise.
    """
    for _ in range(2):
        try:
            return await _if_there(call), True
        except (UnreachableError, NotAuthenticatedError):
            raise
        except ApiError:
            continue
    return None, False
