"""`fdtui serve`: the app behind a real socket, for a team."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import uvicorn

from fdtui.core.errors import UsageError
from fdtui.server import seed
from fdtui.server.execution import http_client
from fdtui.server.execution.engine import Engine
from fdtui.server.execution.http_client import Hangup, allowed_hosts
from fdtui.server.http.access_log import AccessLog
from fdtui.server.http.app import create_app, utc_now
from fdtui.server.http.auth import Clock, StoredKeys
from fdtui.server.http.listening import OWNER_ONLY, listen_tcp, listen_unix
from fdtui.server.http.meter import Meter
from fdtui.server.http.observed import Observed
from fdtui.server.http.operation import Operation
from fdtui.server.http.probes import Probes
from fdtui.server.http.server_log import LineWriter, Say, records_said
from fdtui.server.http.slow_client_guard import MAX_HEADERS, SharedSocketGuard, SlowClientGuard
from fdtui.server.http.workers import run_workers
from fdtui.server.loopback import is_loopback
from fdtui.server.store import Store, open_store
from fdtui.server.store.checking import check_whole
from fdtui.server.store.engines import shown
from fdtui.server.store.keys import create_key, has_keys
from fdtui.server.store.workspace import is_empty

KEEP_ALIVE = 75
"""Seconds that an idle connection may stay open."""
SHUTDOWN_SECONDS = 10
"""Seconds that requests under way have once the server is asked to stop."""

_log = logging.getLogger(__name__)

Announce = Callable[[str], None]


DEFAULT = Operation()


def _unheard(_: str) -> None: ...


def serve(
    *,
    db: str,
    host: str = "127.0.0.1",
    port: int = 8300,
    uds: str | None = None,
    demo: bool = False,
    behind_proxy: bool = False,
    workers: int = 1,
    operation: Operation = DEFAULT,
    announce: Announce = print,
    say: Say = _unheard,
    clock: Clock = utc_now,
) -> None:
    """Serve the database ``db`` (a URL) until SIGINT or SIGTERM; blocks. ``workers`` are processes.

    ``announce`` gets ``FDTUI_URL=…``, and ``FDTUI_API_KEY=…`` where the database had no key yet, once
    connections are taken; ``say`` gets the lines of the log. Port 0 takes a free one.

    Raises `UsageError`, `ConfigError`, `StorageError`.
    """
    if uds is None and not behind_proxy and not is_loopback(host):
        raise UsageError(
            f"{host} is an address that others can reach, and this server speaks plain HTTP.",
            "Put a TLS proxy before it and say --behind-proxy, or serve 127.0.0.1.",
        )
    with contextlib.ExitStack() as stack:
        stack.enter_context(records_said(say, operation.log_format, operation.log_level))
        listener = listen_unix(uds, operation.socket_mode) if uds is not None else listen_tcp(host, port)
        stack.callback(listener.close)
        if not check_whole(db):
            _log.warning("the database is too big to be checked before it is served")
        with contextlib.closing(open_store(db)) as store:
            if demo and store.read(is_empty):
                seed.fill(store)
            url, key = _url(listener.socket, host, uds), _first_key(store, clock)
        own = {"localhost", "127.0.0.1", "[::1]", _in_url(host).lower()}

        def started() -> None:
            announce(f"FDTUI_URL={url}")
            if key:
                announce(f"FDTUI_API_KEY={key}")
            _tell_start(url, shown(db), workers, is_new=bool(key))

        place = _Place(
            listener.socket,
            db,
            None if behind_proxy else own | operation.public_host,
            Meter(workers),
            operation,
            clock,
            say,
            behind_proxy=behind_proxy,
        )
        work = partial(_serve_here, place)
        if workers > 1:
            run_workers(workers, partial(work, stopped=lambda: None), started)
            _log.info("all processes have stopped")
        else:
            work(started, 0, stopped=stack.close)


@dataclass(frozen=True)
class _Place:
    """What the processes of a server have in common."""

    listening: socket.socket
    db: str
    hosts: Collection[str] | None
    meter: Meter
    operation: Operation
    clock: Clock
    say: Say
    behind_proxy: bool


def _serve_here(
    place: _Place,
    started: Callable[[], object],
    number: int,
    *,
    stopped: Callable[[], object],
) -> None:
    """Serve in this process, which is the one of that number."""
    meter, operation, clock = place.meter, place.operation, place.clock
    meter.take_row(number)
    with contextlib.ExitStack() as stack:
        stack.callback(stopped)
        stack.callback(_log.info, "stopped: actions under way go on after the next start")
        store = open_store(place.db)
        stack.callback(store.close)
        store.count_with(meter.commit, meter.waiting)
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
        log = None
        if operation.access_log and operation.log_level in ("debug", "info"):
            writer = LineWriter(place.say)
            stack.callback(writer.close)
            log = AccessLog(writer, operation.log_format)
        door = StoredKeys(store, clock)
        app = create_app(
            store,
            clock=clock,
            auth=door,
            base_url=operation.base_url,
            hosts=place.hosts,
            wake=engine.wake,
            fetch=fetch,
            limits=operation.limits(),
        )
        probes = Probes(store, meter, door, hosts=place.hosts, behind_proxy=place.behind_proxy)
        config = uvicorn.Config(
            Observed(app, probes, meter, log, below=operation.below),
            http=SlowClientGuard if operation.socket_mode == OWNER_ONLY else SharedSocketGuard,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=place.behind_proxy,
            forwarded_allow_ips=[*operation.proxy_from],
            h11_max_incomplete_event_size=MAX_HEADERS,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        server = _Server(
            config, started=started, stopping=lambda: _drain(server, store), stopped=stack.close
        )
        asyncio.run(server.serve(sockets=[place.listening]))


def _drain(server: uvicorn.Server, store: Store) -> None:
    """End what only waits; say what is left."""
    store.bell.close()
    under_way = len(server.server_state.tasks)
    _log.info("stopping; requests under way: %d, with %d seconds to end", under_way, SHUTDOWN_SECONDS)


def _tell_start(url: str, database: str, workers: int, *, is_new: bool) -> None:
    _log.info("serving %s with %s", url, f"{workers} processes" if workers > 1 else "one process")
    _log.info("the data is in %s", database)
    if is_new:
        _log.info("the API key is shown this once, and only a hash of it is kept")
    else:
        _log.info("keys were made before; `fdtui key create` makes another one")


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


def _first_key(store: Store, clock: Clock) -> str:
    """A key where none was made before; else empty."""
    return "" if store.read(has_keys) else create_key(store, "first", now=clock())


def _url(listening: socket.socket, host: str, uds: str | None) -> str:
    if uds is not None:
        return f"http+unix://{quote(uds, safe='')}"
    return f"http://{_in_url(host)}:{listening.getsockname()[1]}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
