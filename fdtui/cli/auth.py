"""``fdtui auth``: which server, in whose name, with which key, and whether it is accepted."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import click

from fdtui.cli import output
from fdtui.cli.options import CONNECTION, JSON, common, honours, wants_json
from fdtui.cli.setup import settings_of
from fdtui.config.paths import find_folders
from fdtui.config.secrets import find_key
from fdtui.core.errors import ConfigError, NotAuthenticatedError
from fdtui.core.safetext import quoted, safe

if TYPE_CHECKING:
    from fdtui.config.settings import Settings
    from fdtui.core.schema import WorkflowRef, Workspace


@click.group()
def auth() -> None:
    """Which key is used where, and whether it is accepted: status."""


@auth.command()
@honours((CONNECTION - {"workflow"}) | JSON, why="a key is for all workflows that it may use")
def status() -> None:
    """Ask the server whether it accepts the key, and say where the key comes from.

    Exits with 4 where there is no key, or the server does not accept it.
    """
    settings = settings_of(common())
    profile = settings.profile
    source = _source(settings)
    workspace, workflows = asyncio.run(_asked(settings))
    told = {
        "profile": profile.name,
        "url": profile.url or None,
        "database": _database(settings),
        "key": source,
        "user": profile.user or None,
        "workspace": workspace.name if workspace is not None else None,
        "workflows": [each.name for each in workflows],
    }
    if wants_json():
        output.json_(told)
        return
    for name, value in told.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        if text:
            output.data(f"{name}: {safe(str(text))}")


def _source(settings: Settings) -> str | None:
    """Who gave the key; raises `NotAuthenticatedError` where nobody did."""
    profile = settings.profile
    if profile.local:
        return None
    if not profile.url:
        raise ConfigError(
            "Nothing says where Flowdash is.", "Start `fdtui` once, or set FDTUI_URL and FDTUI_API_KEY."
        )
    key = find_key(settings, os.environ, note=output.notify)
    if key is None:
        raise NotAuthenticatedError(
            f"There is no API key for {quoted(profile.url)}.",
            "Set FDTUI_API_KEY, or api_key_command in the profile.",
        )
    return key.source


def _database(settings: Settings) -> str | None:
    from fdtui.config.profiles import existing_database

    if not settings.profile.local:
        return None
    return str(existing_database(find_folders(os.environ), settings.profile))


async def _asked(settings: Settings) -> tuple[Workspace | None, tuple[WorkflowRef, ...]]:
    from fdtui import wiring
    from fdtui.sync.reading.opening import list_workflows

    gateway = await wiring.gateway_of(
        settings, find_folders(os.environ), os.environ, note=output.notify, reads_only=True
    )
    try:
        return await list_workflows(gateway, settings.profile.workflow or None)
    finally:
        await gateway.aclose()
