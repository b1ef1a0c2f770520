"""A connected client for commands without a screen: where, which workflow, and which unique id."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from fdtui.cli import output
from fdtui.cli.options import common, is_reading, settings_here
from fdtui.cli.requests import request_log
from fdtui.config.paths import find_folders
from fdtui.core.errors import ConfigError, NotFoundError, UsageError
from fdtui.core.frozen import frozen
from fdtui.core.names import find_name
from fdtui.core.safetext import safe
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.task import NO_UNIQUE_ID, Task, task_from_row, uid_of
from fdtui.core.values import Row

if TYPE_CHECKING:
    from fdtui.sync.gateway import Gateway
    from fdtui.sync.reading.opening import Hints

T = TypeVar("T")
CHOOSE = "Choose one with --workflow or FDTUI_WORKFLOW."
"""How to say which workflow is meant."""


@frozen
class ConnectedWorkflow:
    """What a command works with."""

    gateway: Gateway
    workflow: WorkflowRef
    schema: Schema

    @property
    def unique_id(self) -> str:
        """The name of the unique-id field; raises `UsageError` where there is none."""
        if self.schema.unique_id is None:
            raise UsageError(NO_UNIQUE_ID, "Name it: unique_id in the profile.")
        return self.schema.unique_id.name

    async def read(self, said: str) -> Task:
        """The task that ``said`` means."""
        _, row = await self.task(said)
        return task_from_row(row, self.unique_id)

    async def task(self, said: str) -> tuple[str, Row]:
        """The task that ``said`` means, and its unique id as the server spells it.

        Only where no task has exactly this id are all looked at for one that means the same.
        """
        name = self.unique_id
        try:
            return said, await self.gateway.task(self.workflow.id, said, unique_id=name)
        except NotFoundError:
            listing = await self.gateway.tasks(self.workflow.id)
            known = [uid_of(row, name) for row in listing.rows] if listing else []
            uid = find_name(said, filter(None, known))
            if uid is None or uid == said:
                raise
        return uid, await self.gateway.task(self.workflow.id, uid, unique_id=name)


def with_workflow(
    work: Callable[[ConnectedWorkflow], Awaitable[T]],
    *,
    reads_only: bool | None = None,
    is_whole: bool = False,
) -> T:
    """Connect as the options and settings say, do the work, and let go again.

    No change leaves where the work ``reads_only``; by default, where its command declared so. With
    ``is_whole`` the schema has stages and people, too, and not the fields alone.
    """
    return asyncio.run(
        _with_workflow(work, is_reading() if reads_only is None else reads_only, is_whole)
    )


async def _with_workflow(
    work: Callable[[ConnectedWorkflow], Awaitable[T]], reads_only: bool, is_whole: bool
) -> T:
    async def in_workflow(gateway: Gateway) -> T:
        return await work(await connect(gateway, is_whole=is_whole))

    return await _with_gateway(in_workflow, reads_only)


def with_gateway(work: Callable[[Gateway], Awaitable[T]]) -> T:
    """Connect as the options and settings say, read, and let go again; no workflow is chosen."""
    return asyncio.run(_with_gateway(work, reads_only=True))


async def _with_gateway(work: Callable[[Gateway], Awaitable[T]], reads_only: bool) -> T:
    gateway = await open_gateway(reads_only=reads_only)
    try:
        return await work(gateway)
    finally:
        await gateway.aclose()


async def open_gateway(*, reads_only: bool) -> Gateway:
    """The server or workspace that the options and settings name; whoever opens it closes it."""
    from fdtui import wiring

    settings = settings_here()
    return await wiring.gateway_of(
        settings,
        find_folders(os.environ),
        os.environ,
        note=output.notify,
        reads_only=reads_only,
        log=request_log(settings.profile) if common().verbose else None,
    )


async def connect(
    gateway: Gateway, said: str | None = None, *, is_whole: bool, hint: str = CHOOSE
) -> ConnectedWorkflow:
    """The workflow that is ``said``, or else the one of the settings; ``hint`` says how to say it."""
    from fdtui.sync.reading.opening import Hints, only_workflows

    profile = settings_here().profile
    wanted = said or profile.workflow or None
    workflow = chosen(await only_workflows(gateway, wanted), wanted, hint)
    hints = Hints(profile.unique_id or None, profile.stages)
    read = whole_schema if is_whole else _schema
    return ConnectedWorkflow(gateway, workflow, await read(gateway, workflow.id, hints))


def chosen(
    workflows: tuple[WorkflowRef, ...],
    wanted: str | None,
    hint: str = CHOOSE,
) -> WorkflowRef:
    """The workflow that was named, or the only one: a script must not get one that nobody named.

    ``hint`` says how to name one.
    """
    from fdtui.sync.reading.opening import choose

    if wanted is None and len(workflows) > 1:
        listed = ", ".join(f"{safe(each.name)} ({safe(each.id)})" for each in workflows[:10])
        more = ", …" if len(workflows) > 10 else ""
        raise UsageError(
            f"There are {len(workflows)} workflows: {listed}{more}.",
            hint,
        )
    try:
        return choose(workflows, wanted)
    except ConfigError as error:
        raise (NotFoundError if wanted else UsageError)(error.message, error.hint) from None


async def _schema(gateway: Gateway, workflow: str, hints: Hints) -> Schema:
    try:
        schema = Schema(fields=await gateway.fields(workflow))
    except NotFoundError:
        schema = Schema()
    if schema.unique_id is not None:
        return schema
    from fdtui.sync.reading.opening import open_workflow  # reads the shape off the tasks

    return (await open_workflow(gateway, workflow, hints)).schema


async def whole_schema(gateway: Gateway, workflow: str, hints: Hints) -> Schema:
    """The schema with stages and people, read off the tasks where the install does not tell them."""
    from fdtui.sync.reading.opening import open_workflow, told_shape

    told = await told_shape(gateway, workflow, hints)
    return told or (await open_workflow(gateway, workflow, hints)).schema
