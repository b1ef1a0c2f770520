"""``fdtui task``: tasks and their files, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fdtui.cli import output
from fdtui.cli.lazy_group import LazyGroup
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, honours, wants_json
from fdtui.cli.pager import pages
from fdtui.cli.suggestions import uids
from fdtui.core.fields import show as shown
from fdtui.core.safetext import safe
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType
from fdtui.core.values import Row, Value

if TYPE_CHECKING:
    from fdtui.cli.client import ConnectedWorkflow

_READ_OPTIONS = honours(ASKING | JSON)
MAX_CELL_LENGTH = 200
ELSEWHERE = {
    "attach": ("fdtui.cli.files", "attach", "Attach files to a task; - takes the file from stdin."),
    "detach": ("fdtui.cli.files", "detach", "Remove one file from a task, by its blob id or its name."),
    "download": (
        "fdtui.cli.files",
        "download",
        "Fetch files of a task, all of them unless some are named.",
    ),
    "export": (
        "fdtui.cli.tasks.exporting",
        "export",
        "Write all tasks with all fields, as the server has them, to stdout or into FILE.",
    ),
    "import": (
        "fdtui.cli.importing.command",
        "import_",
        "Make tasks of a file: of another program, or of our own export.",
    ),
    "new": (
        "fdtui.cli.tasks.creating",
        "new",
        "Make a task, and print its unique id; fields are given as for `set`.",
    ),
    "set": (
        "fdtui.cli.tasks.edits",
        "set_fields",
        'Change fields of a task: "Field=value", "Field:=JSON", "Field=@file", or - for JSON on stdin.',
    ),
    "assign": (
        "fdtui.cli.tasks.edits",
        "assign",
        "Give a task to a person by e-mail or name, to `me`, or to `none`.",
    ),
    "move": ("fdtui.cli.tasks.edits", "move", "Put a task into a stage."),
    "rm": ("fdtui.cli.tasks.edits", "rm", "Delete a task for good, with its comments and files."),
    "link": ("fdtui.cli.tasks.linking", "link", "Link a task with one of another workflow."),
    "unlink": ("fdtui.cli.tasks.linking", "unlink", "Take a link away; the other task stays."),
}
"""Commands that change something, or move much: imported only where that is done."""


@click.group(cls=LazyGroup, table=ELSEWHERE)
def task() -> None:
    """Tasks and their files."""


@task.command("list")
@_READ_OPTIONS
@click.option(
    "--watch", "is_watched", is_flag=True, help="Keep the table on the screen, and show what changes."
)
@lists(is_of_tasks=True)
def list_tasks(*, listing: ListForm, is_watched: bool) -> None:
    """All tasks of the workflow, one a line: unique id, stage, assignee, title."""
    if is_watched:
        from fdtui.cli.tasks.watched_table import show_tasks

        show_tasks(listing)
        return
    if output.is_terminal() or not (listing.is_plain or listing == ListForm("json")):
        from fdtui.cli.tasks.listing import print_tasks

        print_tasks(listing)
        return

    from fdtui.cli.client import with_workflow

    async def work(connected: ConnectedWorkflow) -> tuple[tuple[Row, ...], ConnectedWorkflow]:
        listing = await connected.gateway.tasks(connected.workflow.id)
        for complaint in listing.complaints if listing else ():
            output.notify(complaint)
        return (listing.rows if listing else ()), connected

    rows, connected = with_workflow(work)
    if wants_json():
        output.json_(list(rows))
        return
    texts = [f.name for f in connected.schema.fields if f.type == FieldType.TEXT][:1]
    names = [
        connected.schema.unique_id.name if connected.schema.unique_id else "",
        STAGE,
        ASSIGNEE,
        *texts,
    ]
    output.columns([[_cell(row.get(name)) for name in names] for row in rows])


@task.command()
@click.argument("uid", shell_complete=uids)
@_READ_OPTIONS
@pages
def show(*, uid: str) -> None:
    """Every field of one task."""
    from fdtui.cli.client import with_workflow

    async def work(connected: ConnectedWorkflow) -> tuple[Row, ConnectedWorkflow]:
        return (await connected.task(uid))[1], connected

    row, connected = with_workflow(work)
    if wants_json():
        output.json_(row)
        return
    known = {each.name: each for each in connected.schema.fields}
    for name, value in row.items():
        output.data(f"{safe(name)}: {_describe(known.get(name, Field(name, type='unknown')), value)}")


def _describe(field: Field, value: Value) -> str:
    """A value in one line; a long text has lines, which cannot be taken for other fields."""
    text = shown(field, value)
    if field.type != FieldType.LONG_TEXT:
        return safe(text)
    return safe(text, multiline=True).replace("\n", "\n  ")


def _cell(value: Value) -> str:
    return "-" if value is None else safe(str(value)[:MAX_CELL_LENGTH])
