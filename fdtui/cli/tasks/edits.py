"""``fdtui task set|assign|move|rm``: one task, or all that a query finds."""

from __future__ import annotations

from typing import Any

import click

from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.submission import Submission, submits
from fdtui.cli.suggestions import behind_task, nothing, people, stages, values
from fdtui.cli.tasks.selection import ChosenTasks, Wish, change, selection, selects
from fdtui.cli.tasks.values import VALUE_FORMS, Assignment, ValueReader, assignments, find_field
from fdtui.core.errors import UsageError
from fdtui.core.intents import AssignTask, DeleteTask, Intent, MoveTask, SetFields
from fdtui.core.schema import ASSIGNEE, STAGE
from fdtui.core.task import Task


@click.command("set")
@click.argument(
    "said", nargs=-1, metavar="[UID] FIELD=VALUE...", shell_complete=behind_task(values, takes_many=True)
)
@click.option("--edit", "is_edited", is_flag=True, help="Edit the fields as TOML in $EDITOR.")
@selects
@submits
def set_fields(*, said: tuple[str, ...], is_edited: bool, how: Submission, **which: Any) -> None:
    """Change fields of a task: "Field=value", "Field:=JSON", "Field=@file", or - for JSON on stdin.

    A value is read as the board's editors read it: `Due=fri`, `Price=12.50`, `Owner=me`.
    """
    selected, said = selection(said, **which)
    if is_edited and selected.uid is None:
        raise UsageError("--edit is for one task, and --where for several.")
    if not said and not is_edited:
        raise UsageError("What to change is not said.", VALUE_FORMS)

    def prepare(reader: ValueReader, _: ConnectedWorkflow) -> Wish:
        found = assignments(said, reader.schema)

        async def wish(task: Task) -> Intent | None:
            values = reader.values(found, task.row)
            if is_edited:
                from fdtui.cli.tasks.form import edited

                values = await edited(task.row, values, reader)
            return SetFields(task.key, tuple(values.items())) if values else None

        return wish

    change(selected, how, prepare)


@click.command()
@click.argument("said", nargs=-1, metavar="[UID] PERSON", shell_complete=behind_task(people))
@selects
@submits
def assign(*, said: tuple[str, ...], how: Submission, **which: Any) -> None:
    """Give a task to a person by e-mail or name, to `me`, or to `none`."""
    selected, person = _one(said, "PERSON", which)

    change(selected, how, lambda reader, _: assigning(person, reader))


@click.command()
@click.argument("said", nargs=-1, metavar="[UID] STAGE", shell_complete=behind_task(stages))
@selects
@submits
def move(*, said: tuple[str, ...], how: Submission, **which: Any) -> None:
    """Put a task into a stage."""
    selected, stage = _one(said, "STAGE", which)

    change(selected, how, lambda reader, _: moving(stage, reader))


@click.command()
@click.argument("said", nargs=-1, metavar="[UID]", shell_complete=behind_task(nothing))
@selects
@submits
def rm(*, said: tuple[str, ...], how: Submission, **which: Any) -> None:
    """Delete a task for good, with its comments and files."""
    selected, more = selection(said, **which)
    if more:
        raise UsageError(f"There are {len(more)} arguments too many.", "Delete several with --where.")

    change(selected, how, lambda _, __: deleting, question="Delete {} for good?")


def assigning(person: str, reader: ValueReader) -> Wish:
    """What gives a task to the one who is meant."""
    given = Assignment(find_field(ASSIGNEE, reader.schema), person)

    async def wish(task: Task) -> Intent | None:
        values = reader.values([given], task.row)
        email = values.get(ASSIGNEE)
        return AssignTask(task.key, None if email is None else str(email)) if values else None

    return wish


def moving(stage: str, reader: ValueReader) -> Wish:
    """What puts a task into a stage."""
    given = Assignment(find_field(STAGE, reader.schema), stage)

    async def wish(task: Task) -> Intent | None:
        values = reader.values([given], task.row)
        return MoveTask(task.key, str(values[STAGE])) if values else None

    return wish


async def deleting(task: Task) -> Intent:
    """What deletes a task."""
    return DeleteTask(task.key)


def _one(said: tuple[str, ...], what: str, which: dict[str, Any]) -> tuple[ChosenTasks, str]:
    """Which tasks, and the one word that follows."""
    selected, more = selection(said, **which)
    if len(more) != 1:
        raise UsageError(f"Exactly one {what} is needed, and there are {len(more)}.")
    return selected, more[0]
