"""``fdtui serve``: our own Flowdash, for a team."""

from __future__ import annotations

import os
from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.options import common_options
from fdtui.config.paths import ensure_private, find_folders


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", default=8300, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--uds", metavar="PATH", help="A unix socket (mode 0600) instead of an address.")
@click.option(
    "--db",
    metavar="URL",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME (password in ~/.pgpass); else a file of yours.",
)
@click.option("--demo", is_flag=True, help="Fill the database with the demo workspace if it is empty.")
@click.option("--behind-proxy", is_flag=True, help="A proxy speaks TLS before us: allow any address.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve."
)
@common_options
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
    from fdtui.server.serve import serve as run

    run(
        host=host,
        port=port,
        uds=uds,
        db=db or own_database(),
        demo=demo,
        behind_proxy=behind_proxy,
        workers=workers,
        announce=output.data,
    )


def own_database() -> str:
    """The URL of the database in the data folder."""
    folder = ensure_private(find_folders(os.environ).data)
    return f"sqlite:///{Path(folder, 'server.db')}"
