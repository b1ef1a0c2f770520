"""A look at a task while a write of it is under way.

A server without tags, or one that gives them and ignores them (Rails), cannot refuse a write that
was made for another state. Somebody who changes the task in that time is overwritten, and only who
looks meanwhile can know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from fdtui.core.errors import FdtuiError
from fdtui.core.task import Task

T = TypeVar("T")
FIRST_LOOK, MAX_LOOK_INTERVAL = 0.4, 4.0
"""Seconds until the first look, and between two looks in the end."""


async def watched(
    write: Awaitable[T],
    look: Callable[[], Awaitable[Task | None]],
    sleep: Callable[[float], Awaitable[object]],
) -> tuple[T, list[Task]]:
    """What ``write`` answers, and what the task was like in the meantime, each state once."""
    seen: list[Task] = []

    async def watch() -> None:
        pause = FIRST_LOOK
        while True:
            await sleep(pause)
            pause = min(MAX_LOOK_INTERVAL, pause * 2)
            try:
                task = await look()
            except FdtuiError:
                continue
            if task is not None and task not in seen[-1:]:
                seen.append(task)

    watcher = asyncio.create_task(watch())
    try:
        return await write, seen
    finally:
        watcher.cancel()
