"""From what the command line said to settings, folders and keys."""

from __future__ import annotations

import os

from fdtui.config.load import Options, load
from fdtui.config.paths import find_folders
from fdtui.config.settings import Settings


def settings_of(said: Options, *, with_keys: bool = False) -> Settings:
    """The settings in force, the keys checked where they are used; raises `ConfigError`."""
    return load(os.environ, said, find_folders(os.environ), with_keys=with_keys)
