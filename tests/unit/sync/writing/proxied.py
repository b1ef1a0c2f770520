"""A session on the real server, with something in between that does as the test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fdtui.api.embedded import open_embedded
from fdtui.core.state import State
from fdtui.server import EMBEDDED_URL, seed
from fdtui.server.http.app import create_app
from fdtui.server.http.auth import OneKey
from fdtui.server.store import open_store
from fdtui.sync.session import Notice, Session, SessionOptions

KEY = "k" * 40
TASKS = "/api/v1/workflows/2ylSaZ/tasks"


class Between:
    """An ASGI application in front of the server's."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.on_write: Callable[[], Awaitable[None]] | None = None
        """Called once, when the next write has arrived and before the server sees it."""
        self.has_tags = self.heeds_tags = True
        self.answers: Callable[[str, str], tuple[int, bytes] | None] = lambda *_: None
        """What is answered instead of the server's answer, by method and path; the deed is done."""
        self.swallows: Callable[[str, str], tuple[int, bytes] | None] = lambda *_: None
        """What is answered without the server's having heard of it."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        method, path = scope["method"], scope["path"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append((method, path, headers))
        if method != "GET" and self.on_write is not None:
            happen, self.on_write = self.on_write, None
            await happen()
        if (swallowed := self.swallows(method, path)) is not None:
            await self._say(send, *swallowed)
            return
        instead = self.answers(method, path)

        async def pass_on(message: Any) -> None:
            if instead is not None:
                return
            if message["type"] == "http.response.start":  # with a feed, the board would know first
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"changes-token"]
                message = {**message, "headers": kept}
            if message["type"] == "http.response.start" and not self.has_tags:
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"etag"]
                message = {**message, "headers": kept}
            await send(message)

        if not (self.has_tags and self.heeds_tags):
            scope["headers"] = [pair for pair in scope["headers"] if not pair[0].startswith(b"if-")]
        await self.app(scope, receive, pass_on)
        if instead is not None:
            await self._say(send, *instead)

    async def _say(self, send: Any, status: int, body: bytes) -> None:
        kind = b"text/html" if body.startswith(b"<") else b"application/json"
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]}
        )
        await send({"type": "http.response.body", "body": body})

    @property
    def writes(self) -> list[tuple[str, str, dict[str, str]]]:
        return [request for request in self.requests if request[0] != "GET"]


class Table:
    """The session, what is in between, and a colleague who speaks to the server directly."""

    def __init__(self, session: Session, between: Between) -> None:
        self.session, self.between = session, between
        self.notices: list[Notice] = []
        session.on_notice = self.notices.append
        self._colleague = httpx.AsyncClient(
            transport=httpx.ASGITransport(between.app),
            base_url=EMBEDDED_URL,
            headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
        )

    @property
    def state(self) -> State:
        return self.session.state

    @property
    def told(self) -> str:
        return "\n".join(notice.text for notice in self.notices)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """A colleague's request."""
        content = None if body is None else json.dumps(body)
        answer = await self._colleague.request(method, f"{TASKS}{path}", content=content)
        assert answer.status_code < 300 or answer.status_code == 404, answer.text
        return answer.json() if answer.content else None

    def colleague(self, **changes: Any) -> Callable[[], Awaitable[None]]:
        """A colleague's change of task 43, to be made later."""

        async def change() -> None:
            named = {name.replace("_", " "): value for name, value in changes.items()}
            await self.call("PUT", "", {"Company ID": "43", **named})

        return change


@asynccontextmanager
async def table(tmp_path: Path, **wishes: Any) -> AsyncIterator[Table]:
    store = open_store(f"sqlite:///{tmp_path / 'demo.db'}")
    seed.fill(store)
    between = Between(create_app(store, auth=OneKey(KEY), base_url=EMBEDDED_URL))

    async def connect() -> Any:
        return open_embedded(between, EMBEDDED_URL, KEY, read_only=False, on_close=store.close)

    async def no_time(_: float) -> None:
        await asyncio.sleep(0.01)

    session = Session(
        connect,
        SessionOptions(workflow="2ylSaZ", every=3600, **wishes),
        clock=lambda: 1000.0,
        sleep=no_time,
    )
    run = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    await session.idle()
    try:
        yield Table(session, between)
    finally:
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
