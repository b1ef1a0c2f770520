"""``fdtui backup`` and ``fdtui restore``: the database of a server of one's own, as one file."""

from __future__ import annotations

from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.serve import own_database

_DB = click.option("--db", metavar="URL", help="The server's database, as `fdtui serve` has it.")
_FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.command()
@_FILE
@_DB
def backup(*, file: Path, db: str | None) -> None:
    """Copy the database into FILE, as it is at this moment. Servers go on meanwhile."""
    from fdtui.server.store.backups import back_up

    back_up(db or own_database(), file)
    output.narrate(f"The backup is in {file}: whole, checked, and for your eyes alone.")


@click.command()
@_FILE
@_DB
def restore(*, file: Path, db: str | None) -> None:
    """Put the backup FILE in the database's place, once it is proven whole.

    What was there before is kept in a file of its own.
    """
    from fdtui.server.store.backups import restore as put_back

    kept = put_back(file, db or own_database())
    output.narrate(f"{file} is restored.")
    if kept is not None:
        output.narrate(f"What was there before is in {kept}.")
