"""``fdtui task``: tasks and their files, for scripts."""

from __future__ import annotations

import click

from fdtui.cli import output
from fdtui.cli.client import Desk, at_desk
from fdtui.cli.files import attach, detach, download
from fdtui.cli.options import common_options
from fdtui.core.fields import show as shown
from fdtui.core.safetext import safe
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType
from fdtui.core.strictjson import dumps
from fdtui.core.values import Row, Value

as_json = click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
MAX_CELL = 200


@click.group()
def task() -> None:
    """Tasks and their files."""


@task.command("list")
@as_json
@common_options
def list_tasks(*, as_json: bool) -> None:
    """All tasks of the workflow, one a line: unique id, stage, assignee, title."""

    async def work(desk: Desk) -> tuple[tuple[Row, ...], Desk]:
        listing = await desk.gateway.tasks(desk.workflow.id)
        for complaint in listing.complaints if listing else ():
            output.narrate(complaint)
        return (listing.rows if listing else ()), desk

    rows, desk = at_desk(work)
    if as_json:
        print_json(list(rows))
        return
    texts = [f.name for f in desk.schema.fields if f.type == FieldType.TEXT][:1]
    names = [desk.schema.unique_id.name if desk.schema.unique_id else "", STAGE, ASSIGNEE, *texts]
    table([[_cell(row.get(name)) for name in names] for row in rows])


@task.command()
@click.argument("uid")
@as_json
@common_options
def show(*, uid: str, as_json: bool) -> None:
    """Every field of one task."""

    async def work(desk: Desk) -> tuple[Row, Desk]:
        row = await desk.gateway.task(desk.workflow.id, uid, unique_id=desk.unique_id)
        return row, desk

    row, desk = at_desk(work)
    if as_json:
        print_json(row)
        return
    known = {each.name: each for each in desk.schema.fields}
    for name, value in row.items():
        output.data(f"{safe(name)}: {_told(known.get(name, Field(name, type='unknown')), value)}")


def print_json(value: Value | Row | list[Row]) -> None:
    """One JSON document on stdout."""
    output.data(dumps(value, indent=2))


def table(rows: list[list[str]]) -> None:
    """Aligned columns on stdout; the last may be as long as it likes."""
    if not rows:
        return
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        output.data("  ".join([*cells, row[-1]]).rstrip())


def _told(field: Field, value: Value) -> str:
    """A value in one line; a long text has lines, which cannot be taken for other fields."""
    text = shown(field, value)
    if field.type != FieldType.LONG_TEXT:
        return safe(text)
    return safe(text, multiline=True).replace("\n", "\n  ")


def _cell(value: Value) -> str:
    return "-" if value is None else safe(str(value)[:MAX_CELL])


for _command in (attach, detach, download):
    task.add_command(_command)
