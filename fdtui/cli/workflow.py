"""``fdtui workflow``: workflows as files, in a database of your own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fdtui.cli import output
from fdtui.cli.database import db_option, workspace_store
from fdtui.cli.options import honours
from fdtui.core.errors import NotFoundError, UsageError
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted, safe

if TYPE_CHECKING:
    from fdtui.server.store import Store
    from fdtui.server.workflow.definition import Workflow

_db = db_option("The database; by default the local profile's, or the server's own.")
_OWN_DATABASE_ONLY = "it works on a database of your own, which --db names, and not on a server"
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
        output.toml(exporting.export(_find(store, name)).rstrip("\n"))


@workflow.command()
@honours({"read_only"}, why="the schema is the same for every file")
def schema() -> None:
    """The JSON Schema of such files, with which editors complete and check them."""
    from fdtui.server.workflow import exporting

    output.data(exporting.schema().rstrip("\n"))


@workflow.command(name="list")
@_db
@_READ_OPTIONS
def list_workflows(*, db: str | None) -> None:
    """The workflows of the database: id and name."""
    with workspace_store(db) as store:
        for each in _all(store):
            output.data(f"{safe(each.id)}\t{safe(each.name)}")


@workflow.command()
@click.argument("name", metavar="ID-or-name")
@_db
@_READ_OPTIONS
def show(*, name: str, db: str | None) -> None:
    """What a workflow is made of."""
    with workspace_store(db) as store:
        for line in _describe(_find(store, name)):
            output.data(safe(line))


def _describe(found: Workflow) -> Iterator[str]:
    schema = found.schema
    yield f"{found.name} ({found.id})"
    for stage in schema.stages:
        items = len(found.checklists.get(stage.name, ()))
        told = [*(["end"] if stage.end else []), *([f"checklist of {items}"] if items else [])]
        yield f"stage   {stage.name}" + (f" ({', '.join(told)})" if told else "")
    for field in schema.fields:
        yield f"field   {field.name}: {field.type}{', required' if field.required else ''}"
    for link in found.links:
        yield f"link    {link.name}: {'many ' if link.many else ''}of {link.to}, back as {link.back}"
    for role in schema.roles:
        yield f"role    {role.name}{' (administrators)' if role.admin else ''}"
    for person in schema.people:
        yield f"person  {person.email}: {person.name}"
    for action in found.actions:
        where = ", ".join(action.stages) or "everywhere"
        yield f"action  {action.name}: {where}, {len(action.steps)} steps"


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


def _all(store: Store) -> list[Workflow]:
    from fdtui.server.store import workspace

    return list(store.read(lambda tx: workspace.catalog(store, tx)).workflows.values())


def _find(store: Store, name: str) -> Workflow:
    known = _all(store)
    found = [each for each in known if each.id == name] or find_all(name, known, lambda each: each.name)
    if not found:
        raise NotFoundError(f"There is no workflow {quoted(name)}.", "`fdtui workflow list` has them.")
    if len(found) > 1:
        raise UsageError(f"There are {len(found)} workflows {quoted(name)}.", "Give the id.")
    return found[0]
