"""``fdtui task link|unlink``: relationships between tasks."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.submission import Submission, submit, submits
from fdtui.cli.suggestions import uids
from fdtui.core.errors import NotFoundError, UsageError
from fdtui.core.intents import LinkTask
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted
from fdtui.core.schema import BUILT_INS, Schema
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync.writing.submitter import PlannedIntent


@click.command()
@click.argument("uid", shell_complete=uids)
@click.argument("relationship")
@click.argument("other", metavar="OTHER-UID")
@submits
def link(*, uid: str, relationship: str, other: str, how: Submission) -> None:
    """Link a task with one of another workflow."""
    _change(uid, relationship, other, how, linked=True)


@click.command()
@click.argument("uid", shell_complete=uids)
@click.argument("relationship")
@click.argument("other", metavar="OTHER-UID")
@submits
def unlink(*, uid: str, relationship: str, other: str, how: Submission) -> None:
    """Take a link away; the other task stays."""
    _change(uid, relationship, other, how, linked=False)


def _change(uid: str, relationship: str, other: str, how: Submission, *, linked: bool) -> None:
    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        task = await connected.read(uid)
        name = _relationship(relationship, task, connected.schema)
        value = task.row[name]
        to_many = isinstance(value, list)
        if linked:
            id_field, known = await _other(connected, other)
        else:
            id_field, known = _linked(value, other, name)
        intent = LinkTask(task.key, name, id_field, known, linked=linked, to_many=to_many)
        return [PlannedIntent(task, intent, () if to_many else ((name, value),))]

    submit(plan, how)


def _relationship(said: str, task: Task, schema: Schema) -> str:
    """The name of the relationship; the schema lists none, but each task has all of them."""
    names = [each for each in task.row if each not in BUILT_INS and schema.field(each) is None]
    found = find_all(said, names, str)
    if len(found) == 1:
        return found[0]
    hint = f"It has {', '.join(map(quoted, names))}." if names else "It has none."
    raise UsageError(f"The task has no relationship {quoted(said[:80])}.", hint)


async def _other(connected: ConnectedWorkflow, uid: str) -> tuple[str, str]:
    """The unique-id field and the id of the one task of another workflow that ``uid`` names."""
    found: dict[str, str] = {}
    for workflow in await connected.gateway.workflows():
        if workflow.id == connected.workflow.id:
            continue
        unique_id = Schema(fields=await connected.gateway.fields(workflow.id)).unique_id
        if unique_id is None:
            continue
        try:
            await connected.gateway.task(workflow.id, uid, unique_id=unique_id.name)
        except NotFoundError:
            continue
        found[unique_id.name] = workflow.name
    if not found:
        raise NotFoundError(f"No other workflow has a task {quoted(uid[:80])}.")
    if len(found) > 1:
        listed = ", ".join(quoted(each) for each in found.values())
        raise UsageError(f"{quoted(uid[:80])} is a task of {listed}.", "Link it on the board.")
    return next(iter(found)), uid


def _linked(value: Value, uid: str, name: str) -> tuple[str, str]:
    """The unique-id field and the id of the linked task that ``uid`` names."""
    entries = value if isinstance(value, list) else [value]
    for each in entries:
        if isinstance(each, dict):
            for field, known in each.items():
                if str(known) == uid and field not in BUILT_INS:
                    return field, str(known)
    raise NotFoundError(f"{quoted(uid[:80])} is not linked in {quoted(name)}.")
