"""``fdtui task import``: tasks from a file of another program, or of our own."""

from __future__ import annotations

import click

from fdtui.cli import output
from fdtui.cli.client import with_workflow
from fdtui.cli.database import db_option
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.importing.creating import WorkflowWish, import_into_own
from fdtui.cli.importing.job import ImportJob, ImportWish
from fdtui.cli.importing.journey import ImportProgress
from fdtui.cli.importing.mapping_file import said_mapping
from fdtui.cli.importing.origin import OpenFile, open_file
from fdtui.cli.options import ASKING, JSON, common, honours
from fdtui.core.errors import UsageError
from fdtui.core.safetext import safe
from fdtui.importing.formats import FORMATS
from fdtui.importing.moments import DateOrder


@click.command("import")
@click.argument("path", metavar="FILE")
@click.option("--format", "form", default="", metavar="NAME", help=f"One of {', '.join(FORMATS)}.")
@click.option(
    "--encoding", default="", metavar="NAME", help="Where it is not recognised, such as cp1252."
)
@click.option(
    "--map", "maps", multiple=True, metavar="COLUMN=FIELD",
    help="Where a column goes; COLUMN= leaves it out. Or a file that --save-map wrote.",
)  # fmt: skip
@click.option("--save-map", default="", metavar="FILE.toml", help="Write down how all of it is matched.")
@click.option("--stage", "stages", multiple=True, metavar="THEIRS=OURS", help="What a stage is here.")
@click.option(
    "--person", "people", multiple=True, metavar="NAME=E-MAIL", help="Who somebody is; NAME= is nobody."
)
@click.option(
    "--dates",
    type=click.Choice([each.value for each in DateOrder]),
    help="Whether 02/03 begins with the day.",
)
@click.option("--create", default="", metavar="NAME", help="Make a workflow that fits the file.")
@click.option("--extend", is_flag=True, help="Add what the workflow lacks: fields, options, stages.")
@db_option("With --create or --extend: the database; by default the local profile's.")
@click.option("--archived", is_flag=True, help="Also what is archived or deleted in the other program.")
@click.option("--again", is_flag=True, help="Import a file once more whose rows have no unique ids.")
@click.option("--rejects", default="", metavar="FILE", help="Where rows go that cannot be imported.")
@click.option(
    "--dry-run", is_flag=True, help="Show what would become of each row; nothing remains of it."
)
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@honours(ASKING | JSON, writes=True, unless="dry_run")
def import_(
    *,
    path: str,
    form: str,
    encoding: str,
    maps: tuple[str, ...],
    save_map: str,
    stages: tuple[str, ...],
    people: tuple[str, ...],
    dates: str | None,
    create: str,
    extend: bool,
    db: str | None,
    archived: bool,
    again: bool,
    rejects: str,
    dry_run: bool,
    is_agreed: bool,
    quiet: bool,
) -> None:
    """Make tasks of a file: of another program, or of our own export.

    It is CSV, JSON, JSON Lines, Markdown, or what Trello, Jira, GitHub, Asana, Linear, Taskwarrior and
    Todo.txt export.

    A row that has the unique id of a task changes it. What cannot be imported goes into a file of its
    own, to be corrected and imported again; an import that was ended goes on where it was.
    """
    wish = ImportWish(
        said_mapping(maps, stages, people),
        DateOrder(dates) if dates else None,
        rejects,
        save_map,
        is_agreed,
        dry_run,
        quiet,
        archived,
        again,
    )
    with open_file(path, format=form, encoding=encoding) as file:
        if not quiet:
            output.notify(safe(file.says))
        done = _imported(file, wish, WorkflowWish(create, extend, db, common().workflow))
    if done.refused:
        raise SystemExit(ExitCode.INVALID)


def _imported(file: OpenFile, wish: ImportWish, wanted: WorkflowWish) -> ImportProgress:
    if wanted.create and wanted.extends:
        raise UsageError("--create and --extend exclude each other.")
    if wanted.create and wanted.workflow:
        raise UsageError("--create makes a workflow, and --workflow names another.")
    if not (wanted.create or wanted.extends):
        if wanted.db is not None:
            raise UsageError("--db has no effect without --create or --extend.")
        return with_workflow(
            lambda connected: ImportJob(connected, file, wish).run(), reads_only=False, is_whole=True
        )
    return import_into_own(file, wish, wanted)
