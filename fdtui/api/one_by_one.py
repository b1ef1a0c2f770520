"""A task with what comes with it, on an install that takes one thing at a time."""

from __future__ import annotations

from typing import Protocol

from fdtui.core.answers import Creation, ManyAtOnce, WholeTask
from fdtui.core.details import ChecklistItem, Comment, Tick
from fdtui.core.errors import ApiError, ConflictError, InvalidError, UsageError
from fdtui.core.schema import STAGE, Field, Schema
from fdtui.core.values import Row

_EXISTS = 412


class OneByOne(Protocol):
    """A client, for a server that has no batches."""

    async def workspace(self) -> object:
        """Something that costs little, to learn what the server can do."""
        ...

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        """The custom fields."""
        ...

    async def create(self, workflow: str, body: Row, *, only_new: bool, once: str) -> Row:
        """A task."""
        ...

    async def comments(self, workflow: str, uid: str) -> tuple[Comment, ...]:
        """What was said about it."""
        ...

    async def add_comment(self, workflow: str, uid: str, body: str, *, once: str) -> None:
        """Something said about it."""
        ...

    async def checklist(self, workflow: str, uid: str) -> tuple[ChecklistItem, ...]:
        """What is to do for it."""
        ...

    async def add_checklist_item(
        self, workflow: str, uid: str, title: str, stage: str, *, once: str
    ) -> None:
        """Something to do for it."""
        ...

    async def tick(self, workflow: str, uid: str, item: str, status: Tick) -> None:
        """The state of an item."""
        ...


async def create(
    client: OneByOne, workflow: str, task: WholeTask, how: ManyAtOnce, once: str
) -> Creation:
    """Make one task, and then its comments and its checklist.

    The API writes comments in the key's name and with the time of now, so author and time go into the
    text. What is there already is not made again.
    """
    try:
        row = await client.create(workflow, task.row, only_new=how.only_new, once=once)
        uid = await _uid(client, workflow, row) if task.comments or task.checklist else ""
        if uid:
            await _comment(client, workflow, uid, task, once)
            stage = str(row.get(STAGE) or "")
            await _list(client, workflow, uid, task, stage=stage, once=once)
    except (InvalidError, ConflictError, UsageError) as error:
        return Creation(error=error)
    except ApiError as error:
        if error.status != _EXISTS:
            raise
        return Creation(error=error)
    return Creation(row=row)


async def _uid(client: OneByOne, workflow: str, row: Row) -> str:
    unique_id = Schema(fields=await client.fields(workflow)).unique_id
    value = row.get(unique_id.name) if unique_id is not None else None
    return str(value or "")


async def _comment(client: OneByOne, workflow: str, uid: str, task: WholeTask, once: str) -> None:
    if not task.comments:
        return
    there = {each.body for each in await client.comments(workflow, uid)}
    for at, each in enumerate(task.comments):
        said = " ".join(str(part) for part in (each.get("author"), each.get("timestamp")) if part)
        body = f"{said}:\n{each.get('body')}" if said else str(each.get("body"))
        if body not in there:
            await client.add_comment(workflow, uid, body, once=f"{once}-c{at}")


async def _list(
    client: OneByOne, workflow: str, uid: str, task: WholeTask, *, stage: str, once: str
) -> None:
    if not task.checklist:
        return
    there = {(each.stage, each.title) for each in await client.checklist(workflow, uid)}
    wanted = {(str(each.get(STAGE) or stage), str(each.get("title"))): each for each in task.checklist}
    for at, (where, title) in enumerate(wanted):
        if (where, title) not in there:
            await client.add_checklist_item(workflow, uid, title, where, once=f"{once}-i{at}")
    for item in await client.checklist(workflow, uid):
        status = (wanted.get((item.stage, item.title)) or {}).get("status") or item.status
        if status != item.status:
            await client.tick(workflow, uid, item.id, Tick(str(status)))
