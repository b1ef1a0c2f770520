"""A task with what comes with it, on an install that takes one thing at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.answers import Creation, ManyAtOnce, WholeTask
from fdtui.core.details import Tick
from fdtui.core.errors import ApiError, ConflictError, InvalidError, UsageError
from fdtui.core.schema import STAGE
from fdtui.core.values import Row

if TYPE_CHECKING:
    from fdtui.api.client import Client

_EXISTS = 412


async def create(client: Client, workflow: str, task: WholeTask, how: ManyAtOnce, once: str) -> Creation:
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


async def _uid(client: Client, workflow: str, row: Row) -> str:
    from fdtui.core.schema import Schema  # noqa: PLC0415 - few tasks bring anything

    unique_id = Schema(fields=await client.fields(workflow)).unique_id
    value = row.get(unique_id.name) if unique_id is not None else None
    return str(value or "")


async def _comment(client: Client, workflow: str, uid: str, task: WholeTask, once: str) -> None:
    if not task.comments:
        return
    there = {each.body for each in await client.comments(workflow, uid)}
    for at, each in enumerate(task.comments):
        said = " ".join(str(part) for part in (each.get("author"), each.get("timestamp")) if part)
        body = f"{said}:\n{each.get('body')}" if said else str(each.get("body"))
        if body not in there:
            await client.add_comment(workflow, uid, body, once=f"{once}-c{at}")


async def _list(
    client: Client, workflow: str, uid: str, task: WholeTask, *, stage: str, once: str
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
