"""A server in this process: no port, and a key that nobody else can know."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.core.frozen import replace
from fdtui.server import EMBEDDED_URL
from fdtui.sync.requestlog import Request, RequestLog

if TYPE_CHECKING:
    from fdtui.api.exchange import Exchange
    from fdtui.server.store import Store
    from fdtui.sync.gateway import Gateway
    from fdtui.sync.options import SessionOptions

EMBEDDED_POLL = 30.0
"""Seconds between two looks for work that another process left: our own wakes the engine."""


def embedded_demo(
    folder: Path | None, options: SessionOptions, log: RequestLog | None = None
) -> Callable[[], Awaitable[Gateway]]:
    """How the demo connects: its server starts then, in ``folder`` or a temporary one."""

    def start() -> Gateway:
        import tempfile

        from fdtui.server import seed

        if folder is not None:
            return embedded(f"sqlite:///{folder / 'demo.db'}", options, log, fill=seed.fill)
        leaving = tempfile.TemporaryDirectory(prefix="fdtui-")
        database = f"sqlite:///{leaving.name}/demo.db"
        return embedded(database, options, log, fill=seed.fill, and_then=leaving.cleanup)

    async def connect() -> Gateway:
        return await asyncio.to_thread(start)

    return connect


def embedded(
    database: str,
    options: SessionOptions,
    log: RequestLog | None = None,
    *,
    fill: Callable[[Store], None] | None = None,
    and_then: Callable[[], None] = lambda: None,
) -> Gateway:
    """Start a server in this process: no port, and a key that nobody else can know.

    What ``fill`` fills may be a new database, any other has to be there. Where nothing may be changed,
    no execution that waits in it goes on either.
    """
    import secrets
    from concurrent.futures import ThreadPoolExecutor

    from fdtui.server.store.checking import QUICK_CHECK_TIMEOUT, check_whole

    with ThreadPoolExecutor(1) as beside:  # while what follows is imported
        checked = beside.submit(check_whole, database, seconds=QUICK_CHECK_TIMEOUT)

        from fdtui.api.embedded import open_embedded
        from fdtui.server.execution.engine import Engine
        from fdtui.server.http.app import create_app, utc_now
        from fdtui.server.http.auth import OneKey
        from fdtui.server.store import open_store
        from fdtui.server.store.existing import open_existing
    checked.result()
    if fill is None:
        store = open_existing(database, reads_only=options.read_only)
    else:
        store = open_store(database)
        fill(store)
    engine = Engine.of_process(store, utc_now, os.environ, poll=EMBEDDED_POLL)
    if fill is not None or not options.read_only:
        engine.start()
    key = secrets.token_urlsafe(32)
    door = OneKey(key, options.me or "API")
    app = create_app(store, auth=door, base_url=EMBEDDED_URL, wake=engine.wake, shares_loop=True)

    def close() -> None:
        engine.stop()
        store.close()
        and_then()

    url = EMBEDDED_URL
    return open_embedded(
        app, url, key, read_only=options.read_only, on_close=close, on_exchange=logging_to(log)
    )


def logging_to(log: RequestLog | None) -> Callable[[Exchange], None] | None:
    """Passes the client's requests to a log; neither knows the other."""
    if log is None:
        return None

    def keep(each: Exchange) -> None:
        answer = (each.status, each.seconds, each.received, each.problem or each.excerpt)
        sent = each.sent.decode("utf-8", "replace")
        request = Request(time.time(), each.method, each.path, *answer, sent, each.has_more)
        log.add(replace(request, request_id=each.request_id))

    return keep
