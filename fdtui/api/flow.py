"""The rule that a transfer keeps instead of a deadline: it may take long, but never stand still."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from fdtui.api.limits import Limits

SEND_BUFFER = 256 * 1024
"""Bytes that the kernel takes before they leave; it doubles the number. Left to itself it takes 4 MB:
on a slow link a whole file would be counted as sent within a moment, and then nothing be known."""


def narrow(connection: Any) -> None:
    """Let a socket that was just connected take no more ahead than that."""
    with suppress(OSError, AttributeError):  # what a proxy or a test gives may be no socket
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)


class Flow:
    """Ends what it surrounds with `TimeoutError` once too few bytes have moved for too long."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._enough = limits.pace * limits.pace_over
        self._moved = 0.0
        self._timeout = asyncio.timeout(None)
        self._began = 0.0

    async def __aenter__(self) -> Self:
        self._began = asyncio.get_running_loop().time()
        await self._timeout.__aenter__()
        # The first byte may wait for a connection and for the server to make up its mind.
        self._grant(self._limits.connect + self._limits.stall)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)

    def moved(self, count: int) -> None:
        """This many more bytes are on their way, or have come."""
        self._moved += count
        if self._moved >= self._enough:
            self._moved = 0.0
            self._grant(self._limits.pace_over)

    def began(self) -> None:
        """The first bytes are about to move."""
        self._grant(self._limits.pace_over)

    def ended(self) -> None:
        """All bytes of the body are handed over: what lies in buffers still, and then the answer.

        Nobody knows how fast a buffer drains, so the wait is as long again as all before it.
        """
        now = asyncio.get_running_loop().time()
        self._grant(self._limits.total + (now - self._began))

    def _grant(self, seconds: float) -> None:
        if not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + seconds)
