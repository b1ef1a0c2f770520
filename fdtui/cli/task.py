"""``fdtui task``: tasks and their files, for scripts."""

from __future__ import annotations

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import CONNECTION, JSON, honours, wants_json
from fdtui.core.fields import show as shown
from fdtui.core.safetext import safe
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType
from fdtui.core.values import Row, Value

_READ_OPTIONS = honours(CONNECTION | JSON)
MAX_CELL_LENGTH = 200
_ELSEWHERE = {
    "attach": ("files", "attach"),
    "detach": ("files", "detach"),
    "download": ("files", "download"),
    "export": ("tasks.exporting", "export"),
    "import": ("importing.command", "import_"),
    "new": ("tasks.creating", "new"),
    "set": ("tasks.edits", "set_fields"),
    "assign": ("tasks.edits", "assign"),
    "move": ("tasks.edits", "move"),
    "rm": ("tasks.edits", "rm"),
    "link": ("tasks.linking", "link"),
    "unlink": ("tasks.linking", "unlink"),
}
"""Commands that change something, or move much: their modules in `fdtui.cli`, and their names there."""


class _TaskGroup(click.Group):
    """Imports what changes tasks, and moves files, only where that is done."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self.commands, *_ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _ELSEWHERE:
            from importlib import import_module

            module, name = _ELSEWHERE[cmd_name]
            found: click.Command = getattr(import_module(f"fdtui.cli.{module}"), name)
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=_TaskGroup)
def task() -> None:
    """Tasks and their files."""


@task.command("list")
@_READ_OPTIONS
@lists()
def list_tasks(*, listing: ListForm) -> None:
    """All tasks of the workflow, one a line: unique id, stage, assignee, title."""
    if output.is_terminal() or not (listing.is_plain or listing == ListForm("json")):
        from fdtui.cli.tasks.listing import print_tasks

        print_tasks(listing)
        return

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
@click.argument("uid")
@_READ_OPTIONS
def show(*, uid: str) -> None:
    """Every field of one task."""

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
