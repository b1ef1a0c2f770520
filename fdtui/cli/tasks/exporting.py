"""``fdtui task export``: all tasks as data, one after the other, to stdout or into a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click

from fdtui.api.row_stream import read_rows
from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, honours
from fdtui.cli.progress import CommandProgress
from fdtui.cli.sources import STANDARD
from fdtui.cli.tables import as_asked, csv_lines, only
from fdtui.cli.tasks.answer_sink import AnswerSink
from fdtui.cli.tasks.listing import columns_of
from fdtui.cli.whole_file import check_free, whole_file
from fdtui.core.errors import UsageError
from fdtui.core.frozen import replace
from fdtui.core.query import Predicate
from fdtui.core.schema import Field, Schema
from fdtui.core.strictjson import dumps
from fdtui.core.task import tasks_from_rows
from fdtui.core.values import Row

_FORMS = ("csv", "jsonl", "json")
"""What an export is written as; a file's ending may say which."""


@click.command()
@click.argument("file", required=False, default=STANDARD)
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
@click.option(
    "--all",
    "is_whole",
    is_flag=True,
    help="With comments, checklists, links and files, into a folder or .zip that import takes.",
)
@honours(ASKING | JSON)
@lists(is_data=True, is_of_tasks=True)
def export(*, file: str, force: bool, is_whole: bool, listing: ListForm) -> None:
    """Write all tasks with all fields, as the server has them, to stdout or into FILE.

    As JSON Lines, unless the ending of FILE or an option says otherwise. FILE appears once it is whole.
    """
    path = None if file == STANDARD else Path(file)
    if is_whole:
        if path is None:
            raise UsageError("--all writes no stdout.", "Name a folder, or a file that ends in .zip.")
        if not listing.is_plain:
            raise UsageError("--all has a form of its own.", "Leave out how the list is to look.")
        from fdtui.cli.tasks.full_export import export_all

        export_all(path, replaces=force)
        return
    if path is None and force:
        raise UsageError("--force has no effect when the tasks go to stdout.")
    if path is not None:
        check_free(path, replaces=force)
    ending = path.suffix.lower().removeprefix(".") if path is not None else ""
    listing = replace(listing, form=listing.form or (ending if ending in _FORMS else "jsonl"))
    with tempfile.TemporaryFile() as answer, CommandProgress() as progress:
        schema = _fetch(answer, listing, progress)
        rows, wanted = _rows(answer, schema, listing)
        rows = progress.counted(rows, "tasks")
        if path is None:
            _print(rows, wanted, listing.form)
            return
        with whole_file(path, replaces=force) as text:
            text.writelines(_parts(rows, wanted, listing.form))


def _fetch(answer: BinaryIO, listing: ListForm, progress: CommandProgress) -> Schema:
    async def work(connected: ConnectedWorkflow) -> Schema:
        await connected.gateway.copy_tasks(connected.workflow.id, AnswerSink(answer, progress))
        return connected.schema

    return with_workflow(work, is_whole=bool(listing.query or listing.sort))


def _rows(answer: BinaryIO, schema: Schema, listing: ListForm) -> tuple[Iterable[Row], Sequence[Field]]:
    """What is asked for, in its order, and the fields to write; none says all that a task has.

    Where the fields have to be known before the first task is written, the answer is read twice.
    """
    rows: Iterable[Row] = read_rows(answer, output.notify)
    if listing.query:
        from fdtui.cli.tasks.selection import predicate_of

        rows = _found(rows, predicate_of(listing.query, schema), schema)
    if listing.form != "csv" and not (listing.fields or listing.sort):
        return rows, ()
    fields = columns_of(schema, read_rows(answer))
    rows, wanted = as_asked(rows, fields, listing, schema)
    return rows, wanted or (fields if listing.form == "csv" else ())


def _found(rows: Iterable[Row], predicate: Predicate, schema: Schema) -> Iterator[Row]:
    unique_id = schema.unique_id.name if schema.unique_id else None
    for row in rows:
        if any(predicate(each) for each in tasks_from_rows([row], unique_id).values()):
            yield row


def _print(rows: Iterable[Row], wanted: Sequence[Field], form: str) -> None:
    if form == "json":
        output.json_rows(only(row, wanted) for row in rows)
    else:
        output.lines(_lines(rows, wanted, form), is_json=form == "jsonl")


def _parts(rows: Iterable[Row], wanted: Sequence[Field], form: str) -> Iterator[str]:
    if form == "json":
        return output.json_parts(only(row, wanted) for row in rows)
    return (f"{line}\n" for line in _lines(rows, wanted, form))


def _lines(rows: Iterable[Row], wanted: Sequence[Field], form: str) -> Iterator[str]:
    if form == "csv":
        return csv_lines(rows, wanted)
    return (dumps(only(row, wanted)) for row in rows)
