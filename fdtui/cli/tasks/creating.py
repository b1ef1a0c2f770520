"""``fdtui task new``: a task of fields, or of a form in your editor."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import click

from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.submission import Submission, submit, submits
from fdtui.cli.submitting import whoami
from fdtui.cli.suggestions import values
from fdtui.cli.tasks.values import ValueReader, assignments
from fdtui.core.entry import fields_of
from fdtui.core.errors import InvalidError
from fdtui.core.fields import REQUIRED, is_empty
from fdtui.core.intents import CreateTask
from fdtui.core.schema import STAGE, Schema
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync.writing.history import new_key
from fdtui.sync.writing.submitter import PlannedIntent


@click.command()
@click.argument("said", nargs=-1, metavar="FIELD=VALUE...", shell_complete=values)
@click.option("--edit", "is_edited", is_flag=True, help="Fill in a form as TOML in $EDITOR.")
@submits
def new(*, said: tuple[str, ...], is_edited: bool, how: Submission) -> None:
    """Make a task, and print its unique id; fields are given as for `set`."""

    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        schema = connected.schema
        reader = ValueReader.here(schema, whoami())
        values = reader.values(assignments(said, schema), {}, is_new=True)
        if is_edited:
            from fdtui.cli.tasks.form import edited

            values = await edited({}, values, reader, is_new=True)
        return [planned_task(values, schema)]

    submit(plan, how)


def planned_task(values: dict[str, Value], schema: Schema) -> PlannedIntent:
    """A task that is to be made; raises `InvalidError` where something is missing."""
    _check_required(values, schema)
    key = new_key(secrets.randbits(32))
    return PlannedIntent(Task(key, None, values), CreateTask(key, tuple(values.items())))


def _check_required(values: dict[str, Value], schema: Schema) -> None:
    """Raise `InvalidError` for what the server would miss; a stage it gives by itself."""
    missing = {
        each.name: [REQUIRED]
        for each in fields_of(schema)
        if each.required
        and not each.autoincrement
        and each.editable
        and each.name != STAGE
        and is_empty(values.get(each.name))
    }
    if missing:
        raise InvalidError(missing)
