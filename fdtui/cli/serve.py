"""``fdtui serve``: our own Flowdash, for a team."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from fdtui.cli import output
from fdtui.cli.database import db_option, server_database
from fdtui.cli.options import honours
from fdtui.config.paths import ensure_private, find_folders
from fdtui.core.errors import UsageError

if TYPE_CHECKING:
    from fdtui.server.http.server_log import Form


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", default=8300, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--uds", metavar="PATH", help="A unix socket instead of an address.")
@click.option("--socket-mode", metavar="MODE", help="Who may open it: 0600 (you alone) or 0660, say.")
@db_option(
    "sqlite:///FILE or postgresql://USER@HOST/NAME (password in ~/.pgpass); else a file of yours."
)
@click.option("--demo", is_flag=True, help="Fill the database with the demo workspace if it is empty.")
@click.option("--behind-proxy", is_flag=True, help="A proxy speaks TLS before us: allow any address.")
@click.option(
    "--proxy-from",
    multiple=True,
    metavar="ADDRESS",
    help="Whose X-Forwarded-For and -Proto to believe, an address or network; else this machine's.",
)
@click.option("--public-url", default="", metavar="URL", help="Where others see us; may have a path.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve."
)
@click.option(
    "--requests-per-key", type=click.IntRange(1), metavar="N", help="Requests a minute for each key."
)
@click.option(
    "--upload-per-key", type=click.IntRange(1), metavar="MB", help="Megabytes an hour for each key."
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="What stderr is told; requests are told from info on.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A line of text, or of JSON, for each event.",
)
@click.option("--no-access-log", is_flag=True, help="Tell nothing of single requests.")
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
    socket_mode: str | None,
    proxy_from: tuple[str, ...],
    public_url: str,
    requests_per_key: int | None,
    upload_per_key: int | None,
    log_level: str,
    log_format: Form,
    no_access_log: bool,
) -> None:
    """Serve the Flowdash API.

    Prints FDTUI_URL=… and, when the database has no key yet, FDTUI_API_KEY=…, ready for export; the
    log goes to stderr.
    """
    from fdtui.server.http.operation import THIS_MACHINE, Operation
    from fdtui.server.http.serve import serve as run

    _check_address(uds)
    if proxy_from and not behind_proxy:
        raise UsageError("--proxy-from says which proxy, and none is expected.", "Add --behind-proxy.")
    operation = Operation(
        public_url=public_url,
        socket_mode=_mode(socket_mode, uds),
        proxy_from=proxy_from or THIS_MACHINE,
        log_level=log_level,
        log_format=log_format,
        access_log=not no_access_log,
        requests=requests_per_key,
        megabytes=upload_per_key,
    )
    run(
        host=host,
        port=port,
        uds=uds,
        db=db or _own_database(),
        demo=demo,
        behind_proxy=behind_proxy,
        workers=workers,
        operation=operation,
        announce=output.data,
        say=output.notify,
    )


def _check_address(uds: str | None) -> None:
    """Raise `UsageError` where an address is named that a unix socket leaves without effect."""
    context = click.get_current_context()
    for name in ("host", "port"):
        if uds is not None and context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise UsageError(f"--uds and --{name} both say where to listen.", "Use one of them.")


def _mode(text: str | None, uds: str | None) -> int:
    """The mode of the socket; raises `UsageError`."""
    if text is None:
        return 0o600
    if uds is None:
        raise UsageError("--socket-mode is for a unix socket.", "Name one with --uds.")
    if re.fullmatch(r"0?[0-7]{3}", text) is None:
        raise UsageError(f"--socket-mode {text} is not a mode.", "Write it as chmod does: 0660.")
    return int(text, 8)


def _own_database() -> str:
    ensure_private(find_folders(os.environ).data)
    return server_database()
