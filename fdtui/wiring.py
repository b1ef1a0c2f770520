"""The only place that knows everybody: makes sessions and screens out of settings and rooms."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.core.keymap import Keymap, build_keymap
from fdtui.core.schema import WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.server import seed
from fdtui.sync.gateway import Gateway
from fdtui.sync.session import Session, Wishes
from fdtui.sync.store import MemoryCache, Snapshot

if TYPE_CHECKING:
    from fdtui.server.store import Store
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.look import Look

DEMO_USER = "user@example.com"
"""Who one is in the demo."""


def demo_session(wishes: Wishes | None = None, *, folder: Path | None = None) -> Session:
    """A session on the demo workspace, embedded and gone with the program.

    The first board is painted from the demo's own files, which say what the server will: so the
    server, and all that it imports, can start behind the picture. ``folder`` is where its database
    lives; by default a temporary one.
    """
    wishes = wishes or Wishes(me=DEMO_USER)
    named = (ref for ref in seed.WORKFLOWS if wishes.workflow in {None, ref.id, ref.name})
    first = next(named, None)
    cache = MemoryCache(*([_demo_snapshot(first)] if first else []))
    session = Session(_embedded_demo(folder, wishes), wishes, clock=time.time, cache=cache)
    session.recall()
    return session


def local_session(database: Path, wishes: Wishes) -> Session:
    """A session on a workspace of one's own in ``database`` (SQLite), served in this process."""

    async def connect() -> Gateway:
        return await asyncio.to_thread(_embedded, f"sqlite:///{database}", wishes)

    return Session(connect, wishes, clock=time.time)


def remote_session(url: str, key: str, wishes: Wishes, *, insecure_http: bool = False) -> Session:
    """A session on the install at ``url``."""

    async def connect() -> Gateway:
        return await asyncio.to_thread(_client, url, key, wishes, insecure_http)

    return Session(connect, wishes, clock=time.time)


def board(session: Session, look: Look | None = None, keymap: Keymap | None = None) -> FdtuiApp:
    """The screen on a session."""
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.look import Look

    return FdtuiApp(session, keymap=keymap or build_keymap(), look=look or Look())


def demo_app(
    wishes: Wishes | None = None, look: Look | None = None, keymap: Keymap | None = None
) -> FdtuiApp:
    """The screen on the demo workspace."""
    return board(demo_session(wishes), look, keymap)


def _client(url: str, key: str, wishes: Wishes, insecure_http: bool) -> Gateway:
    from fdtui.api.client import Client

    return Client.open(url, key, insecure_http=insecure_http, read_only=wishes.read_only)


def _embedded_demo(folder: Path | None, wishes: Wishes) -> Callable[[], Awaitable[Gateway]]:
    def start() -> Gateway:
        if folder is not None:
            return _embedded(f"sqlite:///{folder / 'demo.db'}", wishes, fill=seed.fill)
        leaving = tempfile.TemporaryDirectory(prefix="fdtui-")
        database = f"sqlite:///{leaving.name}/demo.db"
        return _embedded(database, wishes, fill=seed.fill, and_then=leaving.cleanup)

    async def connect() -> Gateway:
        return await asyncio.to_thread(start)

    return connect


def _embedded(
    database: str,
    wishes: Wishes,
    *,
    fill: Callable[[Store], None] = lambda _: None,
    and_then: Callable[[], None] = lambda: None,
) -> Gateway:
    """Start a server in this process: no port, and a key that nobody else can know."""
    from fdtui.api.embedded import open_embedded
    from fdtui.server.app import create_app
    from fdtui.server.auth import OneKey
    from fdtui.server.store import open_store

    store = open_store(database)
    fill(store)
    key = secrets.token_urlsafe(32)
    app = create_app(store, auth=OneKey(key), base_url=seed.EMBEDDED_URL)

    def close() -> None:
        store.close()
        and_then()

    url = seed.EMBEDDED_URL
    return open_embedded(app, url, key, read_only=wishes.read_only, on_close=close)


def _demo_snapshot(ref: WorkflowRef) -> Snapshot:
    schema, rows = seed.snapshot(ref.id)
    name = schema.unique_id.name if schema.unique_id else None
    return Snapshot(ref, schema, tasks_from_rows(rows, name), None, seed.WORKFLOWS, seed.DEMO)
