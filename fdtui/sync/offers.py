"""What many tasks offer: asked for one by one, for there is no other way, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from fdtui.core.details import Action
from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.core.task import Task
from fdtui.sync.gateway import Gateway

AT_ONCE = 4


@frozen
class Offer:
    """The actions of one task now, or why they cannot be told."""

    key: str
    actions: tuple[Action, ...] = ()
    problem: str = ""


async def ask(
    gateway: Callable[[], Gateway | None], workflow: str, tasks: Iterable[Task]
) -> tuple[Offer, ...]:
    """What each of ``tasks`` offers, in their order."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(task: Task) -> Offer:
        there = gateway()
        if task.uid is None or task.problem or there is None:
            return Offer(task.key, problem=task.problem or "There is no connection.")
        try:
            async with turns:
                return Offer(task.key, await there.actions(workflow, task.uid))
        except FdtuiError as error:
            return Offer(task.key, problem=str(error))

    return tuple(await asyncio.gather(*(one(task) for task in tasks)))
