"""From what the command line said to settings, folders and keys."""

from __future__ import annotations

import os

import click

from fdtui.cli.options import common
from fdtui.config.load import Options, load
from fdtui.config.paths import find_folders
from fdtui.config.settings import Settings

_KEPT = "fdtui.settings"
"""Where click's context keeps them."""


def settings_here() -> Settings:
    """The settings in force for the running command, which reads them once; raises `ConfigError`."""
    kept = click.get_current_context().meta
    if _KEPT not in kept:
        kept[_KEPT] = settings_of(common())
    settings: Settings = kept[_KEPT]
    return settings


def settings_of(said: Options, *, with_keys: bool = False) -> Settings:
    """The settings in force, the keys checked where they are used; raises `ConfigError`."""
    return load(os.environ, said, find_folders(os.environ), with_keys=with_keys)
