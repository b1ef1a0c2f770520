"""``fdtui config``: where the settings are, what they say, and whether they are right."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any

import click

from fdtui.cli import output
from fdtui.cli.options import common, common_options
from fdtui.cli.setup import settings_of
from fdtui.config.paths import find_folders
from fdtui.config.secret import Secret
from fdtui.config.secrets import VARIABLE
from fdtui.core.keymap import build_keymap

HIDDEN = "…"
"""Stands for a secret."""


@click.group()
def config() -> None:
    """Where the settings are, what they say, and whether they are right."""


@config.command()
@common_options
def path() -> None:
    """The file that holds the settings, whether or not it exists."""
    said = common().config or os.environ.get("FDTUI_CONFIG")
    output.data(said or str(find_folders(os.environ).config_file))


@config.command()
@common_options
def show() -> None:
    """The settings in force, and where each comes from. Secrets are not shown."""
    settings = settings_of(common())
    for name, value in _told(settings.profile):
        told, source = _toml(value), settings.sources.get(name)
        if name == "api_key" and os.environ.get(VARIABLE, "").strip():
            told, source = _toml(HIDDEN), VARIABLE  # it is asked first
        output.data(f"{name} = {told}" + (f"  # {source}" if source else ""))
    for table in ("board", "actions", "notify"):
        for name, value in _told(getattr(settings, table)):
            output.data(f"{table}.{name} = {_toml(value)}")
    output.data(f"keys.preset = {_toml(settings.keys.preset)}")
    for command, keys in settings.keys.changes.items():
        output.data(f'keys."{command}" = {_toml(keys)}')


@config.command()
@common_options
def check() -> None:
    """Read everything as the program would; says nothing is wrong, or what is."""
    settings = settings_of(common())
    build_keymap(settings.keys.preset, settings.keys.changes)
    output.narrate(f"{settings.config_file or 'No config file'}: nothing is wrong.")


def _toml(value: object) -> str:
    """A setting as ``config.toml`` has it; what is not set has no value there."""
    if value is None:
        return '""  # not set'
    if isinstance(value, Secret):
        return _toml(HIDDEN)
    if isinstance(value, tuple | list | frozenset):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value if isinstance(value, bool | int | float) else str(value), ensure_ascii=False)


def _told(values: Any) -> list[tuple[str, object]]:
    return [(each.name, getattr(values, each.name)) for each in dataclasses.fields(values)]
