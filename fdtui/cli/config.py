"""``fdtui config``: where the settings are, what they say, and whether they are right."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any

import click

from fdtui.cli import output
from fdtui.cli.options import CONNECTION, common, honours, settings_here
from fdtui.cli.pager import pages
from fdtui.config.paths import find_folders
from fdtui.config.secret import Secret
from fdtui.config.secrets import KEY_VARIABLE
from fdtui.core.errors import ConfigError, all_of

HIDDEN = "…"
"""Stands for a secret."""


@click.group()
def config() -> None:
    """Where the settings are, what they say, and whether they are right."""


@config.command()
@click.option("--data", "folder", flag_value="data", help="The folder of databases instead.")
@click.option(
    "--state", "folder", flag_value="state", help="The folder of what waits to be sent instead."
)
@click.option("--cache", "folder", flag_value="cache", help="The folder that may be deleted instead.")
@honours({"config", "read_only"}, why="the file is the same for all of them")
def path(*, folder: str | None) -> None:
    """The file that holds the settings, whether or not it exists; or one of the folders."""
    folders = find_folders(os.environ)
    if folder is not None:
        output.data(str(getattr(folders, folder)))
        return
    said = common().config or os.environ.get("FDTUI_CONFIG")
    output.data(said or str(folders.config_file))


@config.command()
@honours(CONNECTION)
@pages
def show() -> None:
    """The settings in force, and where each comes from. Secrets are not shown."""
    settings = settings_here()
    for name, value in _describe(settings.profile):
        told, source = _toml(value), settings.sources.get(name)
        if name == "api_key" and os.environ.get(KEY_VARIABLE, "").strip():
            told, source = _toml(HIDDEN), KEY_VARIABLE  # it is asked first
        output.toml(f"{name} = {told}" + (f"  # {source}" if source else ""))
    for table in ("board", "actions", "notify"):
        for name, value in _describe(getattr(settings, table)):
            output.toml(f"{table}.{name} = {_toml(value)}")
    output.toml(f"keys.preset = {_toml(settings.keys.preset)}")
    for command, keys in settings.keys.changes.items():
        output.toml(f'keys."{command}" = {_toml(keys)}')


@config.command()
@honours(CONNECTION - {"workflow"}, why="it asks no server, so it cannot know workflows")
def check() -> None:
    """Check all settings; list every mistake."""
    from fdtui.cli.checking import mistakes
    from fdtui.config.load import load

    found: list[ConfigError] = []
    folders = find_folders(os.environ)
    settings = load(os.environ, common(), folders, with_keys=True, told=found)
    found += mistakes(settings, folders)
    if found:
        raise all_of(found)
    output.notify(f"{settings.config_file or 'No config file'}: no mistakes found.")


@config.command()
@honours({"read_only"}, why="the schema is the same for every file")
def schema() -> None:
    """The JSON Schema of config.toml, with which editors complete and check it."""
    from fdtui.config.schema import shipped

    output.data(shipped().rstrip("\n"))


def _toml(value: object) -> str:
    """A setting as ``config.toml`` has it; what is not set has no value there."""
    if value is None:
        return '""  # not set'
    if isinstance(value, Secret):
        return _toml(HIDDEN)
    if isinstance(value, tuple | list | frozenset):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value if isinstance(value, bool | int | float) else str(value), ensure_ascii=False)


def _describe(values: Any) -> list[tuple[str, object]]:
    return [(each.name, getattr(values, each.name)) for each in dataclasses.fields(values)]
