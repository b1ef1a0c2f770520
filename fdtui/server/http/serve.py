"""`fdtui serve`: the app behind a real socket, for a team."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Callable, Collection
from functools import partial
from urllib.parse import quote

import uvicorn

from fdtui.core.errors import UsageError
from fdtui.server import seed
from fdtui.server.execution import http_client
from fdtui.server.execution.engine import Engine
from fdtui.server.execution.http_client import Hangup, allowed_hosts
from fdtui.server.http.app import create_app, utc_now
from fdtui.server.http.auth import Clock
from fdtui.server.http.listening import listen_tcp, listen_unix
from fdtui.server.http.slow_client_guard import MAX_HEADERS, SlowClientGuard
from fdtui.server.http.workers import run_workers
from fdtui.server.loopback import is_loopback
from fdtui.server.store import Store, open_store
from fdtui.server.store.checking import check_whole
from fdtui.server.store.keys import create_key, has_keys
from fdtui.server.store.workspace import is_empty

KEEP_ALIVE = 75
"""Seconds that an idle connection may stay open."""
SHUTDOWN_SECONDS = 10
"""Seconds that requests under way have once the server is asked to stop."""

_log = logging.getLogger(__name__)

Announce = Callable[[str], None]


def serve(
    *,
    db: str,
    host: str = "127.0.0.1",
    port: int = 8300,
    uds: str | None = None,
    demo: bool = False,
    behind_proxy: bool = False,
    workers: int = 1,
    announce: Announce = print,
    clock: Clock = utc_now,
) -> None:
    """Serve the database ``db`` (a URL) until SIGINT or SIGTERM; blocks. ``workers`` are processes.

    ``announce`` gets ``FDTUI_URL=…``, and ``FDTUI_API_KEY=…`` where the database had no key yet, once
    connections are taken. Port 0 takes a free one. Raises `UsageError`, `ConfigError`, `StorageError`.
    """
    if uds is None and not behind_proxy and not is_loopback(host):
        raise UsageError(
            f"{host} is an address that others can reach, and this server speaks plain HTTP.",
            "Put a TLS proxy before it and say --behind-proxy, or serve 127.0.0.1.",
        )
    with contextlib.ExitStack() as stack:
        listener = listen_unix(uds) if uds is not None else listen_tcp(host, port)
        stack.callback(listener.close)
        if not check_whole(db):
            _log.warning("the database is too big to be checked before it is served")
        with contextlib.closing(open_store(db)) as store:
            if demo and store.read(is_empty):
                seed.fill(store)
            lines = [f"FDTUI_URL={_url(listener.socket, host, uds)}", *_first_key(store, clock)]
        names = None if behind_proxy else {"localhost", "127.0.0.1", "[::1]", _in_url(host).lower()}
        started = partial(_announce, announce, lines)
        work = partial(_serve_here, listener.socket, db, clock, names, behind_proxy=behind_proxy)
        if workers > 1:
            run_workers(workers, partial(work, stopped=lambda: None), started)
        else:
            work(started, stopped=stack.close)


def _serve_here(
    listening: socket.socket,
    db: str,
    clock: Clock,
    hosts: Collection[str] | None,
    started: Callable[[], object],
    *,
    stopped: Callable[[], object],
    behind_proxy: bool,
) -> None:
    """Serve in this process."""
    with contextlib.ExitStack() as stack:
        stack.callback(stopped)
        store = open_store(db)
        stack.callback(store.close)
        engine = Engine.of_process(store, clock, os.environ)
        stack.callback(engine.stop)
        engine.start()
        hangup = Hangup()
        stack.callback(hangup.now)
        fetch = partial(
            http_client.fetch,
            allow=allowed_hosts(os.environ.get("FDTUI_ALLOW_HOSTS", "")),
            hangup=hangup,
        )
        config = uvicorn.Config(
            create_app(store, clock=clock, hosts=hosts, wake=engine.wake, fetch=fetch),
            http=SlowClientGuard,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=behind_proxy,
            h11_max_incomplete_event_size=MAX_HEADERS,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        server = _Server(config, started=started, stopping=store.bell.close, stopped=stack.close)
        asyncio.run(server.serve(sockets=[listening]))


def _announce(announce: Announce, lines: list[str]) -> None:
    for line in lines:
        announce(line)


class _Server(uvicorn.Server):
    """Says when it takes connections, and when it is done: a signal's own effect comes right after.

    It sleeps while nothing is asked; uvicorn's own looks ten times a second whether to stop.
    """

    _loop: asyncio.AbstractEventLoop | None = None
    _exits = False

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        started: Callable[[], object],
        stopped: Callable[[], object],
        stopping: Callable[[], object] = lambda: None,
    ) -> None:
        self._ending = asyncio.Event()
        super().__init__(config)
        self._started, self._stopping, self._stopped = started, stopping, stopped

    @property
    def should_exit(self) -> bool:
        """Whether it was asked to stop; may be set from a signal, or another thread."""
        return self._exits

    @should_exit.setter
    def should_exit(self, value: bool) -> None:
        self._exits = value
        if value and self._loop is not None:
            self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        """Wait until it is asked to stop."""
        await self.on_tick(0)
        self._loop = asyncio.get_running_loop()
        if not self._exits:
            await self._ending.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call ``started``."""
        await super().startup(sockets)
        if self.started:
            self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Call ``stopping``, which ends what only waits; finish what is under way; call ``stopped``."""
        self._stopping()
        await super().shutdown(sockets)
        self._stopped()


def _first_key(store: Store, clock: Clock) -> list[str]:
    if store.read(has_keys):
        return []
    return [f"FDTUI_API_KEY={create_key(store, 'first', now=clock())}"]


def _url(listening: socket.socket, host: str, uds: str | None) -> str:
    if uds is not None:
        return f"http+unix://{quote(uds, safe='')}"
    return f"http://{_in_url(host)}:{listening.getsockname()[1]}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
