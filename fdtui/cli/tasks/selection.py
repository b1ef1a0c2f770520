"""Which tasks a command is about: one by its unique id, or all that a query finds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.options import wants_json
from fdtui.cli.submission import Submission, submit
from fdtui.cli.submitting import whoami
from fdtui.cli.suggestions import values as conditions
from fdtui.cli.tables import aligned
from fdtui.cli.tasks.values import ValueReader, assignments, guards
from fdtui.core.entry import fields_of
from fdtui.core.errors import ConflictError, UsageError
from fdtui.core.fields import same, show
from fdtui.core.frozen import frozen, replace
from fdtui.core.intents import EDITS, Intent, LinkTask, Pairs
from fdtui.core.query import Predicate, compile_query, parse
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field, Schema
from fdtui.core.task import Task, tasks_from_rows
from fdtui.core.values import Value
from fdtui.sync.writing.submitter import PlannedIntent

R = TypeVar("R")

MOST_LISTED = 20
"""Tasks of a bulk change that the question lists."""


@frozen
class ChosenTasks:
    """What was said about which tasks, and about what has to hold of each."""

    uid: str | None
    where: str | None
    conditions: tuple[str, ...] = ()
    is_agreed: bool = False


_WHICH = (
    click.option("--where", metavar="QUERY", help="All tasks that the query finds, instead of one."),
    click.option(
        "--if",
        "conditions",
        multiple=True,
        metavar="FIELD=VALUE",
        shell_complete=conditions,
        help="Only if the field is so now.",
    ),
    click.option("--yes", "is_agreed", is_flag=True, help="Do not ask."),
)


def selects(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options that say which tasks; `selection` reads what is said."""
    for option in reversed(_WHICH):
        command = option(command)
    return command


def selection(
    said: Sequence[str], where: str | None, conditions: Sequence[str], *, is_agreed: bool
) -> tuple[ChosenTasks, tuple[str, ...]]:
    """Which tasks, and what else was said; raises `UsageError` where no task is named."""
    if where is not None:
        return ChosenTasks(None, where, tuple(conditions), is_agreed), tuple(said)
    if not said:
        raise UsageError("Which task is not said.", "Give its unique id, or --where QUERY.")
    return ChosenTasks(said[0], None, tuple(conditions), is_agreed), tuple(said[1:])


Wish = Callable[[Task], Awaitable[Intent | None]]
"""What is to be done to a task; ``None`` where it is so already."""


def change(
    selected: ChosenTasks,
    how: Submission,
    prepare: Callable[[ValueReader, ConnectedWorkflow], Wish],
    *,
    question: str = "",
) -> None:
    """Do to each selected task what ``prepare`` makes of it.

    What a query finds is listed and asked about, unless that was agreed to; so is one task where there
    is a ``question``.
    """

    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        reader = ValueReader.here(connected.schema, whoami())
        wish, wanted = (
            prepare(reader, connected),
            guards(assignments(selected.conditions, reader.schema), reader),
        )
        planned: list[PlannedIntent] = []
        tasks = await _tasks(connected, selected)
        for task in tasks:
            if selected.uid is not None:
                check_conditions(task, wanted, connected.schema)
            elif _failing(task, wanted, connected.schema):
                continue
            planned += await planned_for(task, wish, wanted)
        if not planned:
            output.notify("Nothing is to be changed.")
            if wants_json() and selected.uid is not None and not how.is_rehearsed:
                output.json_(dict(tasks[0].row))
        elif not (selected.is_agreed or how.is_rehearsed):
            _agree(planned, selected, connected.schema, question)
        return planned

    submit(plan, replace(how, is_bulk=selected.where is not None))


async def _tasks(connected: ConnectedWorkflow, selected: ChosenTasks) -> list[Task]:
    if selected.uid is not None:
        return [await connected.read(selected.uid)]
    name = connected.unique_id
    predicate = predicate_of(selected.where or "", connected.schema)
    listing = await connected.gateway.tasks(connected.workflow.id)
    tasks = tasks_from_rows(listing.rows if listing else (), name)
    return [each for each in tasks.values() if predicate(each)]


def predicate_of(query: str, schema: Schema) -> Predicate:
    """What decides whether a task is found, as in the board's filter; raises `QueryError`."""
    now = datetime.now().astimezone()
    assert now.tzinfo is not None  # noqa: S101 (`astimezone` gives it one)
    return compile_query(parse(query), schema, me=whoami(), today=now.date(), zone=now.tzinfo)


def _failing(task: Task, wanted: Mapping[str, Value], schema: Schema) -> list[str]:
    """The fields that are not as they have to be."""
    known = {each.name: each for each in fields_of(schema)}
    return [
        name
        for name, value in wanted.items()
        if not same(known.get(name, Field(name)), task.row.get(name), value)
    ]


def check_conditions(task: Task, wanted: Mapping[str, Value], schema: Schema) -> None:
    """Raise `ConflictError` for a field that is not as it has to be."""
    for name in _failing(task, wanted, schema):
        now = show(schema.meant(name), task.row.get(name))
        raise ConflictError(f"{quoted(name)} is {quoted(now) if now else 'empty'}. Nothing was sent.")


async def planned_for(task: Task, wish: Wish, wanted: Mapping[str, Value]) -> list[PlannedIntent]:
    """What is to be done to a task, of which the fields ``wanted`` have to stay; empty for nothing."""
    intent = await wish(task)
    return [] if intent is None else [PlannedIntent(task, intent, _was(task, intent, wanted))]


def _was(task: Task, intent: Intent, wanted: Mapping[str, Value]) -> Pairs:
    """What the changed fields are now, and the fields that have to stay as they are."""
    names = dict.fromkeys(intent.changes(task) if isinstance(intent, EDITS) else ())
    if isinstance(intent, LinkTask) and intent.to_many:
        names = {}
    return tuple((name, task.row.get(name)) for name in {**names, **dict.fromkeys(wanted)})


def _agree(
    planned: Sequence[PlannedIntent], selected: ChosenTasks, schema: Schema, question: str
) -> None:
    """Ask the person at the terminal; raises `click.Abort` where the answer is no."""
    if selected.where is None and not question:
        return
    count = len(planned)
    title = schema.title
    if selected.where is not None:
        shown = [_facts(each.task, title) for each in planned[:MOST_LISTED]]
        for line in aligned(shown):
            output.notify(line)
        if count > MOST_LISTED:
            output.notify(f"… and {count - MOST_LISTED} more")
        what = planned[0].intent.sentence()
        question = f"{what[0].upper()}{what[1:]}: {count} {'task' if count == 1 else 'tasks'}?"
    else:
        task = planned[0].task
        question = question.format(" ".join(filter(None, _facts(task, title)[::3])))
    if not output.confirm(question, "Use --yes to agree to it."):
        raise click.Abort


def _facts(task: Task, title: Field | None) -> list[str]:
    name = task.row.get(title.name) if title is not None else ""
    return [task.uid or "", task.stage, task.assignee or "-", str(name or "")]
