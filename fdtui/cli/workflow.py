"""``fdtui workflow``: workflows as files, in a database of your own; and what a server has."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.database import db_option, workspace_store
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, honours, wants_json
from fdtui.cli.pager import pages
from fdtui.cli.tables import print_rows
from fdtui.cli.workflow_reading import describe, find, listed, record, shape_of
from fdtui.core.errors import UsageError
from fdtui.core.safetext import safe
from fdtui.core.schema import Field
from fdtui.core.values import Row

_db = db_option("The database; by default the local profile's, or the server's own.")
_OWN_DATABASE_ONLY = "it works on a database of your own, which --db names, and not on a server"
_ASKING_OPTIONS = honours(
    (ASKING - {"workflow"}) | JSON,
    why="which workflow is said by ID-or-name, and a list has them all",
)
_READ_OPTIONS = honours({"profile", "config", "read_only"}, why=_OWN_DATABASE_ONLY)


@click.group()
def workflow() -> None:
    """Workflows as files: apply, export, list, show, schema."""


@workflow.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@_db
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would change.")
@click.option("--allow-loss", is_flag=True, help="Apply even what loses data.")
@honours({"profile", "config"}, why=_OWN_DATABASE_ONLY, writes=True, unless="dry_run")
def apply(*, file: str, db: str | None, yes: bool, dry_run: bool, allow_loss: bool) -> None:
    """Create or change a workflow as FILE (TOML) says; the plan is shown first."""
    from fdtui.server import workflow_apply
    from fdtui.server.store.activity import Actor

    text, name = _text_of(file)
    with workspace_store(db, is_writing=not dry_run) as store:
        definition = workflow_apply.read_file(store, text, name)
        changes = workflow_apply.planned(store, definition)
        for each in changes:
            output.data(f"{'LOSES DATA  ' if each.loses else ''}{safe(each.says)}")
        if not changes:
            output.notify("Nothing would change.")
        if dry_run or not changes:
            return
        if any(each.loses for each in changes) and not allow_loss:
            raise workflow_apply.LosesDataError(changes)
        if not yes and not output.confirm("Apply this?"):
            output.notify("Nothing was changed.")
            return
        actor = Actor(os.environ.get("USER") or "fdtui", datetime.now(UTC))
        workflow_apply.apply(store, definition, actor, allow_loss=allow_loss)
    output.notify("Done.")


@workflow.command()
@click.argument("name", metavar="ID-or-name")
@_db
@_READ_OPTIONS
def export(*, name: str, db: str | None) -> None:
    """Write a workflow as TOML, which `apply` takes for the same."""
    from fdtui.server.workflow import exporting

    with workspace_store(db) as store:
        output.toml(exporting.export(find(store, name)).rstrip("\n"))


@workflow.command()
@honours({"read_only"}, why="the schema is the same for every file")
def schema() -> None:
    """The JSON Schema of such files, with which editors complete and check them."""
    from fdtui.server.workflow import exporting

    output.data(exporting.schema().rstrip("\n"))


@workflow.command(name="list")
@_db
@_ASKING_OPTIONS
@lists(is_filtered=False)
def list_workflows(*, db: str | None, listing: ListForm) -> None:
    """The workflows of the server, or of the database: id and name."""
    rows: list[Row] = [{"id": each.id, "name": each.name} for each in listed(db)]
    if listing.is_plain and not output.is_terminal():
        output.lines(f"{safe(str(each['id']))}\t{safe(str(each['name']))}" for each in rows)
        return
    print_rows(rows, (Field("id"), Field("name")), ("id", "name"), listing)


@workflow.command()
@click.argument("name", metavar="ID-or-name")
@_db
@_ASKING_OPTIONS
@pages
def show(*, name: str, db: str | None) -> None:
    """What a workflow is made of: stages, fields, roles, people; of your own also links and actions."""
    shape = shape_of(name, db)
    if wants_json():
        output.json_(record(shape))
        return
    for line in describe(shape):
        output.data(safe(line))


def _text_of(file: str) -> tuple[str, str]:
    """The text of a file, or of stdin for ``-``, and its name for errors."""
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8"), "stdin"
        return Path(file).read_text("utf-8"), file
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
