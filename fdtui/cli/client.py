"""A connected client for commands without a screen: where, which workflow, and which unique id."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from fdtui.cli import output
from fdtui.cli.options import common
from fdtui.cli.setup import settings_of
from fdtui.config.paths import find_folders
from fdtui.core.errors import NotFoundError, ReadOnlyError, UsageError
from fdtui.core.frozen import frozen
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.task import NO_UNIQUE_ID
from fdtui.sync.gateway import Gateway

T = TypeVar("T")


@frozen
class Desk:
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


def check_may_write() -> None:
    """Raise `ReadOnlyError` where the settings allow no change, before anything else is looked at."""
    if settings_of(common()).profile.read_only:
        raise ReadOnlyError


def at_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Connect as the options and settings say, do the work, and let go again."""
    return asyncio.run(_at_desk(work))


async def _at_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    from fdtui import wiring
    from fdtui.sync.opening import choose, list_workflows

    settings = settings_of(common())
    gateway = await wiring.gateway_of(
        settings, find_folders(os.environ), os.environ, note=output.narrate
    )
    try:
        wanted = settings.profile.workflow or None
        _, workflows = await list_workflows(gateway, wanted)
        workflow = choose(workflows, wanted)
        schema = await _schema(gateway, workflow.id, settings.profile.unique_id or None)
        return await work(Desk(gateway, workflow, schema))
    finally:
        await gateway.aclose()


async def _schema(gateway: Gateway, workflow: str, unique_id: str | None) -> Schema:
    try:
        schema = Schema(fields=await gateway.fields(workflow))
    except NotFoundError:
        schema = Schema()
    if schema.unique_id is not None:
        return schema
    from fdtui.sync.opening import open_workflow  # reads the shape off the tasks

    return (await open_workflow(gateway, workflow, unique_id)).schema
