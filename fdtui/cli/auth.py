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
from fdtui.config.secrets import KEY_VARIABLE, find_key
from fdtui.core.errors import ConfigError, NotAuthenticatedError, NotFoundError, UsageError
from fdtui.core.safetext import quoted, safe

if TYPE_CHECKING:
    from fdtui.config.settings import Settings
    from fdtui.core.schema import WorkflowRef, Workspace


@click.group()
def auth() -> None:
    """Which key is used where, and whether it is accepted: login, status, logout."""


@auth.command()
@click.option("--profile", "name", metavar="NAME", help="The profile to make, or to give another key.")
@honours(CONNECTION - {"profile"}, own={"profile"}, why="it saves a profile", writes=True)
def login(*, name: str | None) -> None:
    """Save where Flowdash is (`--url`) and an API key, once the server has accepted it.

    The key is asked for unseen, or read from stdin; never write it on a command line.
    """
    from fdtui.config.profiles import check_name, save_profile

    settings, folders = settings_of(common()), find_folders(os.environ)
    profile = settings.profile
    name = name or profile.name or "default"
    check_name(name)
    if profile.local and name == profile.name:
        raise UsageError(
            f"The profile {quoted(name)} is a local workspace.", "Name another one: --profile NAME."
        )
    if not profile.url:
        raise UsageError("Where Flowdash is, is not said.", "Give its address: --url URL.")
    key = output.ask_secret(f"API key for {profile.url}")
    if not key:
        raise UsageError("No key was given.", "Type it, or write it to stdin.")
    workflows = asyncio.run(_accepted(profile.url, key, insecure_http=profile.insecure_http))
    path = save_profile(
        folders,
        name,
        url=profile.url,
        workflow=profile.workflow,
        user=profile.user,
        api_key=key,
        insecure_http=profile.insecure_http,
        make_default=not profile.name,
        path=settings.config_file,
    )
    names = ", ".join(quoted(each.name) for each in workflows[:10])
    output.notify(f"Saved as profile {quoted(name)} in {path}. The key may use {names}.")
    if os.environ.get(KEY_VARIABLE):
        output.notify(f"{KEY_VARIABLE} is set, and goes before it.")


@auth.command()
@click.option("--profile", "name", metavar="NAME", help="The profile that is to lose its key.")
@honours({"config", "read_only"}, own={"profile"}, why="it removes a saved key", writes=True)
def logout(*, name: str | None) -> None:
    """Remove the API key of a profile from the config file; exits with 3 where there is none."""
    from fdtui.config.profiles import forget_key

    settings = settings_of(common())
    name = name or settings.profile.name or "default"
    file = settings.config_file or find_folders(os.environ).config_file
    if not forget_key(file, name):
        raise NotFoundError(
            f"The profile {quoted(name)} has no key in {file}.",
            "`fdtui auth status` says where the key comes from.",
        )
    output.notify(f"Removed the key of profile {quoted(name)} from {file}; revoke it where it was made.")


async def _accepted(url: str, key: str, *, insecure_http: bool) -> tuple[WorkflowRef, ...]:
    """The workflows that the key may use; raises what speaks against it."""
    from fdtui.config.secret import Secret
    from fdtui.sync.options import SessionOptions
    from fdtui.wiring.gateways import open_client

    options = SessionOptions(read_only=True)
    client = await asyncio.to_thread(open_client, url, Secret(key), options, insecure_http)
    try:
        return await client.workflows()
    finally:
        await client.aclose()


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
