"""``fdtui mcp``: workflows, tasks and actions as tools for an agent, over stdin and stdout."""

from __future__ import annotations

import asyncio
import importlib.util

import click

from fdtui.cli.options import ASKING, check_may_write, honours, settings_here
from fdtui.core.errors import UsageError

INSTALL = "Install it: `pip install 'fdtui[mcp]'`, or `uv tool install 'fdtui[mcp]'`."


@click.command()
@click.option(
    "--allow-changes",
    is_flag=True,
    help="Offer tools that change tasks and run actions, too; the host asks before it uses one.",
)
@honours(ASKING, why="it speaks the Model Context Protocol")
def mcp(*, allow_changes: bool) -> None:
    """Serve workflows, tasks and actions as tools for an agent; a host starts this.

    It speaks the Model Context Protocol on stdin and stdout, and ends when the host closes them.
    """
    settings_here()  # what is wrong with them is said now, and not to the first call
    if allow_changes:
        check_may_write()
    if importlib.util.find_spec("mcp") is None:
        raise UsageError("The package `mcp` is not installed.", INSTALL)
    from fdtui.cli.mcp_server.serving import serve

    asyncio.run(serve(changes=allow_changes))
