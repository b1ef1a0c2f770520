"""``fdtui checklist``: what is to be done about a task."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, honours
from fdtui.cli.submission import Submission, submit, submits
from fdtui.cli.suggestions import uids
from fdtui.cli.tasks.values import find_stage
from fdtui.core.details import ChecklistItem, Tick
from fdtui.core.errors import NotFoundError, UsageError
from fdtui.core.intents import AddChecklistItem, RemoveItem, TickItem
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType
from fdtui.core.task import Task
from fdtui.core.values import Row
from fdtui.sync.writing.submitter import PlannedIntent

ITEM_FIELDS = (
    Field("id"),
    Field("status"),
    Field(STAGE),
    Field(ASSIGNEE, FieldType.PERSON),
    Field("editable", FieldType.CHECKBOX),
    Field("title"),
)
COLUMNS_SHOWN = ("id", "status", STAGE, "title")


@click.group()
def checklist() -> None:
    """A task's checklist: list, add, done, skip, reset, rm."""


@checklist.command("list")
@click.argument("uid", shell_complete=uids)
@honours(ASKING | JSON)
@lists(is_filtered=False)
def list_items(*, uid: str, listing: ListForm) -> None:
    """What is to be done, of all stages: id, status, stage, title."""
    from fdtui.cli.tables import print_rows

    async def work(connected: ConnectedWorkflow) -> list[Row]:
        known, _ = await connected.task(uid)
        found = await connected.gateway.checklist(connected.workflow.id, known)
        return [item_row(each) for each in found]

    print_rows(with_workflow(work), ITEM_FIELDS, COLUMNS_SHOWN, listing)


def item_row(item: ChecklistItem) -> Row:
    """An item as JSON has it."""
    return {
        "id": item.id,
        "title": item.title,
        "status": item.status,
        "editable": item.editable,
        ASSIGNEE: item.assignee,
        STAGE: item.stage,
    }


@checklist.command()
@click.argument("uid", shell_complete=uids)
@click.argument("title")
@click.option("--stage", help="The stage that it belongs to; by default the task's own.")
@submits
def add(*, uid: str, title: str, stage: str | None, how: Submission) -> None:
    """Put something on a task's checklist."""
    if not title.strip():
        raise UsageError("The title is empty.")

    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        task = await connected.read(uid)
        where = task.stage if stage is None else find_stage(stage, connected.schema)
        return [PlannedIntent(task, AddChecklistItem(task.key, title, where))]

    submit(plan, how)


@checklist.command()
@click.argument("uid", shell_complete=uids)
@click.argument("item", metavar="ID|TITLE")
@submits
def done(*, uid: str, item: str, how: Submission) -> None:
    """Tick an item."""
    _tick(uid, item, Tick.COMPLETED, how)


@checklist.command()
@click.argument("uid", shell_complete=uids)
@click.argument("item", metavar="ID|TITLE")
@submits
def skip(*, uid: str, item: str, how: Submission) -> None:
    """Mark an item as not needed."""
    _tick(uid, item, Tick.SKIPPED, how)


@checklist.command()
@click.argument("uid", shell_complete=uids)
@click.argument("item", metavar="ID|TITLE")
@submits
def reset(*, uid: str, item: str, how: Submission) -> None:
    """Mark an item as still to be done."""
    _tick(uid, item, Tick.BLANK, how)


@checklist.command()
@click.argument("uid", shell_complete=uids)
@click.argument("item", metavar="ID|TITLE")
@submits
def rm(*, uid: str, item: str, how: Submission) -> None:
    """Delete an item; one from the stage's template can only be skipped."""

    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        task, found = await _item(connected, uid, item)
        if not found.editable:
            raise UsageError("An item of the stage's template can only be skipped.")
        return [PlannedIntent(task, RemoveItem(task.key, found.id))]

    submit(plan, how)


def _tick(uid: str, said: str, status: Tick, how: Submission) -> None:
    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        task, found = await _item(connected, uid, said)
        was = Tick(found.status) if found.status in set(Tick) else None
        return [PlannedIntent(task, TickItem(task.key, found.id, status, was))]

    submit(plan, how)


async def _item(connected: ConnectedWorkflow, uid: str, said: str) -> tuple[Task, ChecklistItem]:
    """The task and its item of that id or title."""
    task = await connected.read(uid)
    items = await connected.gateway.checklist(connected.workflow.id, task.uid or uid)
    found = [each for each in items if each.id == said]
    found = found or find_all(said, items, lambda each: each.title)
    if not found:
        raise NotFoundError(f"The checklist has no item {quoted(said[:80])}.")
    if len(found) > 1:
        ids = ", ".join(safe(each.id) for each in found)
        raise UsageError(f"There are {len(found)} items {quoted(said[:80])}.", f"Say which: {ids}.")
    return task, found[0]
