"""``fdtui backup`` and ``fdtui restore``: the database of your own server, as one file."""

from __future__ import annotations

from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.database import db_option, default_database
from fdtui.cli.options import honours

_DB = db_option("The server's database, as `fdtui serve` has it.")
_OWN_SERVER_ONLY = "it works on your own server's database, which --db names"
_FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.command()
@_FILE
@_DB
@honours({"read_only"}, why=_OWN_SERVER_ONLY)
def backup(*, file: Path, db: str | None) -> None:
    """Copy the database into FILE, as it is at this moment. Servers go on meanwhile."""
    from fdtui.server.store.backups import back_up
    from fdtui.server.store.existing import check_exists

    source = db or default_database()
    check_exists(source)
    back_up(source, file)
    output.notify(f"The backup is in {file}: complete, checked, readable only by you.")


@click.command()
@_FILE
@_DB
@click.option(
    "--revive",
    multiple=True,
    type=click.Choice(["keys", "people", "executions"]),
    help="Revive what was ended after the backup; repeatable.",
)
@honours((), why=_OWN_SERVER_ONLY, writes=True)
def restore(*, file: Path, db: str | None, revive: tuple[str, ...]) -> None:
    """Put the backup FILE in the database's place, once it is proven whole.

    What was there before is kept in a file of its own. Keys that were revoked after the backup are
    revoked again, people who were taken out are taken out again, and executions that were waiting are
    not run, unless --revive asks for it.
    """
    from datetime import UTC, datetime

    from fdtui.server.store.backups import restore as restore_backup

    done = restore_backup(file, db or default_database(), now=datetime.now(UTC), revive=revive)
    output.notify(f"{file} is restored.")
    for sentence in done.told:
        output.notify(sentence)
    if done.kept is not None:
        output.notify(f"The previous database is in {done.kept}.")
