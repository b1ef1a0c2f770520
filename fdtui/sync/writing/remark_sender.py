"""What adds to a task without changing its row: comments, and what is done with its checklist."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fdtui.core.details import ChecklistItem, Part, Tick
from fdtui.core.errors import FdtuiError, NotFoundError, UnclearError
from fdtui.core.frozen import frozen
from fdtui.core.intents import AddChecklistItem, AddComment, Pending, Remark, RemoveItem, TickItem
from fdtui.sync.gateway import Gateway
from fdtui.sync.writing.repeating import find_comment, find_item, needs_a_look, was_done

Leaving: TypeAlias = Callable[[], Awaitable[None]]
"""Saves that the first byte of a change may leave; called right before it may."""


@frozen
class RemarkSender:
    """Sends remarks about the task ``uid``; ``leaving`` is called right before the first byte may leave.

    ``clock`` is the wall clock in seconds. Everything raises `FdtuiError`.
    """

    gateway: Gateway
    workflow: str
    uid: str
    leaving: Leaving
    sleep: Callable[[float], Awaitable[object]]
    clock: Callable[[], float]

    async def send(self, pending: Pending, remark: Remark) -> Part:
        """Send ``remark``; answers which part of the task's details has to be fetched again."""
        gateway, workflow, uid = self.gateway, self.workflow, self.uid
        match remark:
            case AddComment():
                await self._comment(pending, remark)
                return Part.COMMENTS
            case AddChecklistItem():
                await self._add_item(pending, remark)
            case TickItem():
                await _tick(gateway, workflow, uid, remark, self.leaving)
            case RemoveItem(_, item):
                await self.leaving()
                try:
                    await gateway.remove_checklist_item(workflow, uid, item)
                except UnclearError as error:
                    is_gone = await _item(gateway, workflow, uid, item) is None
                    _check(is_gone, error, "The item is still there.")
        return Part.CHECKLIST

    async def _comment(self, pending: Pending, comment: AddComment) -> None:
        async def look() -> bool | None:
            said = await self.gateway.comments(self.workflow, self.uid)
            return find_comment(said, comment.body, pending.earliest)

        if needs_a_look(self.gateway, pending, self.clock()) and await was_done(look, self.sleep):
            return
        await self.leaving()
        try:
            await self.gateway.add_comment(self.workflow, self.uid, comment.body, once=pending.once)
        except UnclearError as error:
            if error.is_foreign and not await was_done(look, self.sleep):
                raise FdtuiError(f"{error} The comment is not there.") from None

    async def _add_item(self, pending: Pending, item: AddChecklistItem) -> None:
        async def look() -> bool | None:
            return find_item(await self.gateway.checklist(self.workflow, self.uid), item)

        if needs_a_look(self.gateway, pending, self.clock()) and await was_done(look, self.sleep):
            return
        await self.leaving()
        try:
            await self.gateway.add_checklist_item(
                self.workflow, self.uid, item.title, item.stage, once=pending.once
            )
        except UnclearError as error:
            if error.is_foreign and not await was_done(look, self.sleep):
                raise FdtuiError(f"{error} The item is not there.") from None


async def _tick(gateway: Gateway, workflow: str, uid: str, tick: TickItem, leaving: Leaving) -> None:
    """Give the item its state, unless somebody has given it a third one meanwhile."""
    if tick.was is not None:
        try:
            there = await _item(gateway, workflow, uid, tick.item_id)
        except NotFoundError:
            there = None  # an install may lack the list; the write itself will show
        if there is not None and there.status == tick.status:
            return
        if there is not None and there.status in set(Tick) - {tick.was}:
            raise FdtuiError(
                f"Someone marked “{there.title[:80]}” as {there.status.lower()} meanwhile. "
                "Nothing was sent."
            )
    await leaving()
    try:
        await gateway.tick(workflow, uid, tick.item_id, tick.status)
    except UnclearError as error:
        there = await _item(gateway, workflow, uid, tick.item_id)
        _check(there is not None and there.status == tick.status, error, "The item is as it was.")


async def _item(gateway: Gateway, workflow: str, uid: str, item: str) -> ChecklistItem | None:
    items = await gateway.checklist(workflow, uid)
    return next((each for each in items if each.id == item), None)


def _check(was_done: bool, error: UnclearError, otherwise: str) -> None:
    """Say that it was not done, after a look has shown so."""
    if not was_done:
        raise FdtuiError(f"{error} {otherwise}")
