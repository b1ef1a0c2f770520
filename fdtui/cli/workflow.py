"""``fdtui workflow``: workflows as files, in a database of one's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fdtui.cli import output
from fdtui.cli.options import common, common_options
from fdtui.cli.setup import settings_of
from fdtui.config.paths import ensure_private, find_folders
from fdtui.core.errors import NotFoundError, UsageError
from fdtui.core.safetext import quoted, safe

if TYPE_CHECKING:
    from fdtui.server.definition import Workflow
    from fdtui.server.store import Store

_db = click.option(
    "--db", metavar="URL", help="The database; by default the local profile's, or the server's own."
)


@click.group()
def workflow() -> None:
    """Workflows as files: apply, export, list, show."""


@workflow.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@_db
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--allow-loss", is_flag=True, help="Apply even what loses data.")
@common_options
def apply(*, file: str, db: str | None, yes: bool, dry_run: bool, allow_loss: bool) -> None:
    """Create or change a workflow as FILE (TOML) says; the plan is shown first."""
    from fdtui.server import applying
    from fdtui.server.store.activity import Hand

    text, name = _text_of(file)
    with _store(db) as store:
        definition = applying.read_file(store, text, name)
        changes = applying.planned(store, definition)
        for each in changes:
            output.data(f"{'LOSES DATA  ' if each.loses else ''}{safe(each.says)}")
        if not changes:
            output.narrate("Nothing would change.")
        if dry_run or not changes:
            return
        if any(each.loses for each in changes) and not allow_loss:
            raise applying.LosesDataError(changes)
        if not yes and not _is_agreed():
            output.narrate("Nothing was changed.")
            return
        hand = Hand(os.environ.get("USER") or "fdtui", datetime.now(UTC))
        applying.apply(store, definition, hand, allow_loss=allow_loss)
    output.narrate("Done.")


@workflow.command()
@click.argument("name", metavar="ID-or-name")
@_db
@common_options
def export(*, name: str, db: str | None) -> None:
    """Write a workflow as TOML, which `apply` takes for the same."""
    from fdtui.server import exporting

    with _store(db) as store:
        output.data(exporting.export(_find(store, name)).rstrip("\n"))


@workflow.command(name="list")
@_db
@common_options
def list_workflows(*, db: str | None) -> None:
    """The workflows of the database: id and name."""
    with _store(db) as store:
        for each in _all(store):
            output.data(f"{safe(each.id)}\t{safe(each.name)}")


@workflow.command()
@click.argument("name", metavar="ID-or-name")
@_db
@common_options
def show(*, name: str, db: str | None) -> None:
    """What a workflow is made of."""
    with _store(db) as store:
        for line in _told(_find(store, name)):
            output.data(safe(line))


def _told(found: Workflow) -> Iterator[str]:
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


def _is_agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask on.", "Say --yes to apply the plan.")
    return click.confirm("Apply this?", err=True)


@contextmanager
def _store(db: str | None) -> Iterator[Store]:
    from fdtui.server.store import open_store

    store = open_store(db or _own_database())
    try:
        yield store
    finally:
        store.close()


def _own_database() -> str:
    """The local profile's database; without such a profile, the one that ``fdtui serve`` takes."""
    from fdtui.config.profiles import local_database

    folders, profile = find_folders(os.environ), settings_of(common()).profile
    if profile.local:
        return f"sqlite:///{local_database(folders, profile)}"
    return f"sqlite:///{Path(ensure_private(folders.data), 'server.db')}"


def _all(store: Store) -> list[Workflow]:
    from fdtui.server.store import workspace

    return list(store.read(lambda tx: workspace.catalog(store, tx)).workflows.values())


def _find(store: Store, name: str) -> Workflow:
    known = _all(store)
    found = [each for each in known if each.id == name] or [each for each in known if each.name == name]
    if not found:
        raise NotFoundError(f"There is no workflow {quoted(name)}.", "`fdtui workflow list` has them.")
    if len(found) > 1:
        raise UsageError(f"There are {len(found)} workflows {quoted(name)}.", "Give the id.")
    return found[0]
