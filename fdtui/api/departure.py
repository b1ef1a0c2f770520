"""Giving a request up without losing its connection.

httpcore chooses a connection for a request, opens it, and then begins. Cancelled in between, the
connection stays in its pool as somebody's, and nobody ever uses it: after eight of those no request gets
one. So whoever is cancelled goes at once, but the request itself ends where that costs no connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx

from fdtui.api.exchange import OutgoingCall

_closing: set[asyncio.Task[None]] = set()


async def depart(call: OutgoingCall, send: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    """What ``send`` answers; ``call`` hears from httpcore how far it is."""
    task = asyncio.create_task(send)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_let_go)
        if call.can_end:
            task.cancel()
        else:
            call.is_given_up = True
        raise


async def close(response: httpx.Response) -> None:
    """Let go of its connection, whoever is cancelled meanwhile."""
    closing = asyncio.create_task(response.aclose())
    _closing.add(closing)
    closing.add_done_callback(_closing.discard)
    await asyncio.shield(closing)


def _let_go(task: asyncio.Task[httpx.Response]) -> None:
    """Close an answer that came after all, for nobody waits for it."""
    if not task.cancelled() and task.exception() is None:
        closing = asyncio.ensure_future(task.result().aclose())
        _closing.add(closing)
        closing.add_done_callback(_closing.discard)
