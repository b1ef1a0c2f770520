"""From what the command line said to settings, folders and keys."""

from __future__ import annotations

import os

from fdtui.cli.options import Common
from fdtui.config.load import Options, load
from fdtui.config.paths import find_folders
from fdtui.config.settings import Settings


def settings_of(said: Common) -> Settings:
    """The settings in force; raises `ConfigError`."""
    options = Options(
        profile=said.profile,
        url=said.url,
        workflow=said.workflow,
        config=said.config,
        read_only=said.read_only,
        insecure_http=said.insecure_http,
    )
    return load(os.environ, options, find_folders(os.environ))
