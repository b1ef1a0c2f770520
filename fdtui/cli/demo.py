"""``fdtui demo``."""

from __future__ import annotations

import click

from fdtui.cli.board import open_demo
from fdtui.cli.options import beginning, common, honours
from fdtui.core.views import BoardStart


@click.command()
@beginning
@honours({"workflow", "config", "read_only"}, why="the demo is a workspace of its own")
def demo(start: BoardStart) -> None:
    """The board on sample data.

    An embedded workspace in a temporary folder: no account, no network, no settings.
    """
    open_demo(common(), start)
