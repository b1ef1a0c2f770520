"""``fdtui serve``: our own Flowdash, for a team."""

from __future__ import annotations

import os

import click
from click.core import ParameterSource

from fdtui.cli import output
from fdtui.cli.database import db_option, server_database
from fdtui.cli.options import honours
from fdtui.config.paths import ensure_private, find_folders
from fdtui.core.errors import UsageError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", default=8300, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--uds", metavar="PATH", help="A unix socket (mode 0600) instead of an address.")
@db_option(
    "sqlite:///FILE or postgresql://USER@HOST/NAME (password in ~/.pgpass); else a file of yours."
)
@click.option("--demo", is_flag=True, help="Fill the database with the demo workspace if it is empty.")
@click.option("--behind-proxy", is_flag=True, help="A proxy speaks TLS before us: allow any address.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve."
)
@honours((), why="it is itself the server", writes=True)
def serve(
    *,
    host: str,
    port: int,
    uds: str | None,
    db: str | None,
    demo: bool,
    behind_proxy: bool,
    workers: int,
) -> None:
    """Serve the Flowdash API.

    Prints FDTUI_URL=… and, when the database has no key yet, FDTUI_API_KEY=…, ready for export.
    """
    from fdtui.server.http.serve import serve as run

    _check_address(uds)
    run(
        host=host,
        port=port,
        uds=uds,
        db=db or _own_database(),
        demo=demo,
        behind_proxy=behind_proxy,
        workers=workers,
        announce=output.data,
    )


def _check_address(uds: str | None) -> None:
    """Raise `UsageError` where an address is named that a unix socket leaves without effect."""
    context = click.get_current_context()
    for name in ("host", "port"):
        if uds is not None and context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise UsageError(f"--uds and --{name} both say where to listen.", "Use one of them.")


def _own_database() -> str:
    ensure_private(find_folders(os.environ).data)
    return server_database()
