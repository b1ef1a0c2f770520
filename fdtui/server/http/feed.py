"""Answers that wait for a change: a long poll, and a stream of server-sent events.

Both wait on the event loop for the store's bell (`store.bell`) and hold neither a thread nor a
connection to the database meanwhile. Who the caller is, is looked up again with every look.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fdtui.server.change_feed import FeedAnswer
from fdtui.server.http import refusals
from fdtui.server.render import encode
from fdtui.server.store.bell import Bell, Waiter

MAX_WAIT = 30.0
"""Seconds that a long poll waits at the most."""
HEARTBEAT_INTERVAL = 15.0
"""Seconds after which a stream that has nothing to tell says that it is alive."""
SLOW_READER = 10.0
"""Seconds that a stream waits for its reader to take what was sent."""
MAX_WAITING = 800
"""Answers that wait at once; each has a connection, and some of those must be left."""
ABORT = "fdtui.abort"
"""Where a request's scope keeps what cuts its connection (`SlowClientGuard`)."""


@dataclass(frozen=True)
class FeedLook:
    """What one look has found. ``mark`` is from before it: what rings later may be news."""

    changes: FeedAnswer
    workflows: frozenset[str]
    mark: int


LookAgain = Callable[[str], Awaitable[FeedLook]]
"""Looks what changed since a token."""


class _WaitingResponse(Response):
    def __init__(self, bell: Bell, first: FeedLook, look: LookAgain) -> None:
        super().__init__()
        self.bell, self._first, self._look_again = bell, first, look


class LongPoll(_WaitingResponse):
    """Answers when there is news, or after ``seconds``."""

    def __init__(
        self,
        bell: Bell,
        first: FeedLook,
        look: LookAgain,
        *,
        seconds: float,
        answer: Callable[[FeedAnswer], Response],
    ) -> None:
        super().__init__(bell, first, look)
        self._seconds, self._answer = seconds, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer; whoever has hung up meanwhile is not answered."""
        async with _until_gone(receive) as gone:
            response = await refusals.guarded(self._settled(gone))
        if not gone.done():
            response.headers.update(refusals.ON_EVERY_ANSWER)
            await response(scope, receive, send)

    async def _settled(self, gone: asyncio.Future[None]) -> Response:
        look, loop = self._first, asyncio.get_running_loop()
        until = loop.time() + self._seconds
        while not look.changes.is_news and not self.bell.closed:
            left = until - loop.time()
            if left <= 0 or gone.done():
                break
            with self.bell.waiting(look.workflows, look.mark) as waiter:
                await _rung(waiter, gone, 0 if look.changes.more else left)
            look = await self._look_again(look.changes.next)
        return self._answer(look.changes)


class EventStream(_WaitingResponse):
    """Tells all news as server-sent events, each under the token to go on from, until it is cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell until the reader has gone, reads too slowly, or the server stops."""
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *((name.lower().encode(), says.encode()) for name, says in refusals.ON_EVERY_ANSWER.items()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "HEAD":
            await self._send(send, b"", more=False)
            return
        try:
            async with _until_gone(receive) as gone:
                async for text in self._events(gone):
                    await self._send(send, text, more=True)
            if not gone.done():
                await self._send(send, b"", more=False)
        except TimeoutError:
            scope.get(ABORT, lambda: None)()  # what waits to be sent to it would be kept for ever

    async def _send(self, send: Send, text: bytes, *, more: bool) -> None:
        async with asyncio.timeout(SLOW_READER):
            await send({"type": "http.response.body", "body": text, "more_body": more})
            await send({"type": "http.response.body", "body": b"", "more_body": True}) if more else None

    async def _events(self, gone: asyncio.Future[None]) -> AsyncIterator[bytes]:
        look = self._first
        yield _event(look.changes) if look.changes.is_news else f"id: {look.changes.next}\n\n".encode()
        while not self.bell.closed and not gone.done():
            with self.bell.waiting(look.workflows, look.mark) as waiter:
                await _rung(waiter, gone, 0 if look.changes.more else HEARTBEAT_INTERVAL)
                was_rung = waiter.rung.is_set()
            found = await _looked(self._look_again, look.changes.next)
            if isinstance(found, bytes):
                yield found
                return
            look = found
            if look.changes.is_news:
                yield _event(look.changes)
            elif not was_rung:
                yield b":\n\n"


async def _looked(look: LookAgain, known: str) -> FeedLook | bytes:
    """What there is since ``known``; where it cannot be looked, the event that says why."""
    found: list[FeedLook] = []

    async def work() -> Response:
        found.append(await look(known))
        return Response()

    refused = await refusals.guarded(work())
    return found[0] if found else b"event: error\ndata: " + bytes(refused.body) + b"\n\n"


def _event(changes: FeedAnswer) -> bytes:
    head = f"id: {changes.next}\nevent: changes\ndata: ".encode()
    return head + encode(changes.answer()) + b"\n\n"


async def _rung(waiter: Waiter, gone: asyncio.Future[None], seconds: float) -> None:
    """Wait for the bell, for the other end to hang up, or so long."""
    rung = asyncio.ensure_future(waiter.rung.wait())
    try:
        waits: set[asyncio.Future[Any]] = {rung, gone}
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        rung.cancel()


@asynccontextmanager
async def _until_gone(receive: Receive) -> AsyncIterator[asyncio.Future[None]]:
    """Done once the other end has hung up."""

    async def hang_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    gone = asyncio.ensure_future(hang_up())
    try:
        yield gone
    finally:
        gone.cancel()
