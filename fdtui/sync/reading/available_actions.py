"""What many tasks offer: asked for one by one, for there is no other way, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from fdtui.core.details import Action
from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.core.task import Task
from fdtui.sync.gateway import Gateway

MAX_PARALLEL_OFFERS = 4


@frozen
class AvailableActions:
    """The actions of one task now, or why they could not be loaded."""

    key: str
    actions: tuple[Action, ...] = ()
    problem: str = ""


async def ask(
    gateway: Callable[[], Gateway | None], workflow: str, tasks: Iterable[Task]
) -> tuple[AvailableActions, ...]:
    """What each of ``tasks`` offers, in their order."""
    turns = asyncio.Semaphore(MAX_PARALLEL_OFFERS)

    async def one(task: Task) -> AvailableActions:
        there = gateway()
        if task.uid is None or task.problem or there is None:
            return AvailableActions(task.key, problem=task.problem or "There is no connection.")
        try:
            async with turns:
                return AvailableActions(task.key, await there.actions(workflow, task.uid))
        except FdtuiError as error:
            return AvailableActions(task.key, problem=str(error))

    return tuple(await asyncio.gather(*(one(task) for task in tasks)))
