"""``fdtui demo``."""

from __future__ import annotations

import click

from fdtui.cli.board import open_demo
from fdtui.cli.options import common, honours


@click.command()
@honours({"workflow", "config", "read_only"}, why="the demo is a workspace of its own")
def demo() -> None:
    """The board on sample data.

    An embedded workspace in a temporary folder: no account, no network, no settings.
    """
    open_demo(common())
