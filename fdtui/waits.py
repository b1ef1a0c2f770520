"""Waiting that can be cut short, for whoever talks to a server on either side of the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class WakeableSleep:
    """Sleeps of several tasks; `wake` ends those that are under way."""

    def __init__(self, sleep: Callable[[float], Awaitable[object]]) -> None:
        self._sleep = sleep
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """Let everybody go on now."""
        self._bell.set()
        self._bell = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait so long, or until somebody wakes us."""
        await first_of(self._sleep(seconds), self._bell.wait())


async def first_of(*waits: Awaitable[object]) -> None:
    """Wait until one of ``waits`` is over; the others are given up."""
    wakers = [asyncio.ensure_future(each) for each in waits]
    try:
        await asyncio.wait(wakers, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waker in wakers:
            waker.cancel()
