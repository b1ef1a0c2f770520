"""A session over real HTTP to our own server: what a colleague changes arrives without any list."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import uvicorn

from fdtui.api.client import Client
from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits
from fdtui.core import adoption, task_map
from fdtui.core.intents import MoveTask
from fdtui.core.state import ConnectionState, State
from fdtui.server import seed
from fdtui.server.http.app import create_app, utc_now
from fdtui.server.http.listening import listen_tcp
from fdtui.server.http.serve import _Server
from fdtui.server.store import Store, open_store
from fdtui.server.store.keys import create_key
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.cache import DiskCache
from fdtui.sync.storage.protocols import Cache
from fdtui.wiring.sessions import local_session

FLOW = "2ylSaZ"
TASKS = f"/api/v1/workflows/{FLOW}/tasks"


@dataclass
class Office:
    """A server, a colleague who writes to it, and a session that listens."""

    store: Store
    colleague: httpx.AsyncClient
    session: Session
    exchanges: list[Exchange]
    states: list[State] = field(default_factory=list)

    @property
    def shown(self) -> Any:
        return self.session.state.shown

    def asked(self, what: str) -> list[Exchange]:
        return [each for each in self.exchanges if each.path.partition("?")[0].endswith(what)]

    async def until(self, holds: Callable[[], object], seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.005)

    async def listens(self) -> None:
        """Until the session's long poll waits at the server."""
        await self.until(lambda: len(self.store.bell))

    async def put(self, uid: str, **body: object) -> None:
        answer = await self.colleague.put(f"{TASKS}/{uid}", json=body)
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def served(store: Store) -> AsyncIterator[int]:
    listener = listen_tcp("127.0.0.1", 0)
    started = asyncio.Event()
    config = uvicorn.Config(create_app(store, clock=utc_now), ws="none", lifespan="off", log_config=None)
    server = _Server(config, started=started.set, stopping=store.bell.close, stopped=listener.close)
    running = asyncio.create_task(server.serve(sockets=[listener.socket]))
    await started.wait()
    try:
        yield listener.socket.getsockname()[1]
    finally:
        server.should_exit = True
        await running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    seed.fill(opened)
    yield opened
    opened.close()


Through = Callable[[int], Awaitable[int]]


@asynccontextmanager
async def office(
    store: Store,
    port: int,
    through: int | None = None,
    *,
    limits: Limits | None = None,
    cache: Cache | None = None,
) -> AsyncIterator[Office]:
    key = create_key(store, "test", now=datetime.now(UTC))
    exchanges: list[Exchange] = []

    async def connect() -> Client:
        return Client.open(
            f"http://127.0.0.1:{through or port}", key, on_exchange=exchanges.append, limits=limits
        )

    options = SessionOptions(workflow=FLOW, every=2.0)
    session = Session(connect, options, clock=lambda: 1000.0, random=Random(1), cache=cache)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as colleague:
        here = Office(store, colleague, session, exchanges)
        session.on_change = here.states.append
        run = asyncio.create_task(session.run())
        await here.until(lambda: session.state.connection is ConnectionState.LIVE)
        try:
            yield here
        finally:
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run


async def test_a_colleagues_change_is_there_without_a_list(store: Store) -> None:
    async with served(store) as port, office(store, port) as here:
        await here.listens()
        lists, before = len(here.asked("/tasks")), dict(here.shown)
        await here.put("42", Stage="Under Review")
        await here.until(lambda: here.shown["42"].stage == "Under Review", 5)
        for key, task in here.shown.items():
            assert (task is before[key]) == (key != "42")
        made = await here.colleague.post(TASKS, json={"Company ID": "new", "Company Name": "New"})
        assert made.status_code == 201
        await here.until(lambda: "new" in here.shown, 5)
        assert list(here.shown)[-1] == "new"
        assert (await here.colleague.delete(f"{TASKS}/43")).status_code == 204
        await here.until(lambda: "43" not in here.shown, 5)
        listed = [row["Company ID"] for row in (await here.colleague.get(TASKS)).json()]
        assert list(here.shown) == listed
        assert len(here.asked("/tasks")) == lists
        assert here.session.state.connection is ConnectionState.LIVE


async def test_a_packed_board_is_packed_again_after_many_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adoption, "PACK_FROM", 1)
    monkeypatch.setattr(task_map, "MOST_APART", 2)
    monkeypatch.setattr(task_map, "PART_APART", 1000)
    async with served(store) as port, office(store, port) as here:
        await here.listens()
        base = here.session.state.base
        for stage in ("Under Review", "In Progress"):
            for uid in ("42", "43", "44"):
                await here.put(uid, Stage=stage)
        await here.until(lambda: here.shown["44"].stage == "In Progress", 5)
        await here.until(lambda: not here.session.state.base.is_far_apart, 5)
        assert not here.session.state.base.shares_with(base)
        listed = [row["Company ID"] for row in (await here.colleague.get(TASKS)).json()]
        assert list(here.shown) == listed


async def test_an_idle_board_asks_for_nothing_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(store) as port, office(store, port) as here:
        await here.listens()
        asked = len(here.exchanges)
        here.session.set_focused(False)
        await asyncio.sleep(0.3)
        assert len(here.exchanges) == asked and len(store.bell) == 1
        here.session.set_focused(True)  # who comes back wants to know at once
        await here.until(lambda: len(here.exchanges) > asked + 1)
        assert [each.problem for each in here.asked("/changes")][-2:] == ["cancelled", ""]
        assert len(here.asked("/tasks")) == 1


async def test_own_writes_are_not_undone_by_what_comes_late(store: Store) -> None:
    async with served(store) as port, office(store, port) as here:
        await here.listens()
        stages = [each.name for each in here.session.state.schema.stages]
        for n in range(12):
            wanted = stages[n % 3]
            here.states.clear()
            here.session.perform(MoveTask("42", wanted))
            await here.put("43", Stage=wanted)
            await here.session.idle()
            await here.until(lambda w=wanted: here.shown["43"].stage == w, 5)  # type: ignore[misc]
            seen = [state.shown["42"].stage for state in here.states]
            assert here.shown["42"].stage == wanted
            assert seen == sorted(seen, key=lambda stage, w=wanted: stage == w), seen  # type: ignore[misc]
        assert len(here.asked("/tasks")) <= 1 + len([e for e in here.exchanges if e.method == "PUT"])


async def test_what_was_written_meanwhile_is_asked_for_again(store: Store) -> None:
    """The answer holds a colleague's change that is newer than ours, and must not be lost."""
    async with served(store) as port, office(store, port) as here:
        await here.listens()
        gateway: Any = here.session._poller.gateway
        real, held, go = gateway.changes, asyncio.Event(), asyncio.Event()

        async def slow(*args: Any, **more: Any) -> Any:
            if not held.is_set():
                held.set()
                await go.wait()
            return await real(*args, **more)

        gateway.changes = slow
        here.session._poller.nudge()
        await held.wait()  # the feed is asked …
        here.session.perform(MoveTask("42", "Under Review"))
        await here.session.idle()  # … before our write lands …
        await here.put("42", Stage="Not Started")
        go.set()  # … and answers after a colleague's
        await here.until(lambda: here.shown["42"].stage == "Not Started", 5)


async def test_another_shape_is_read_again(store: Store) -> None:
    async with served(store) as port, office(store, port) as here:
        await here.listens()
        people = (await here.colleague.get(f"/api/v1/workflows/{FLOW}/users")).json()
        gone = await here.colleague.delete(f"/api/v1/workflows/{FLOW}/users/{people[0]['id']}")
        assert gone.status_code == 204
        email = people[0]["email"]
        await here.until(lambda: here.session.state.schema.person(email) is None, 5)


async def test_a_restored_database_is_read_again(store: Store) -> None:
    from fdtui.server.store.meta import put

    async with served(store) as port, office(store, port) as here:
        await here.listens()
        store.write(lambda tx: put(tx, "store", "another"))
        here.session.refresh()
        await here.session.idle()
        await here.listens()
        await here.put("42", Stage="Under Review")
        await here.until(lambda: here.shown["42"].stage == "Under Review", 5)
        assert len(here.asked("/tasks")) == 2


async def test_a_feed_that_never_gets_going_is_left_alone(store: Store) -> None:
    async with served(store) as port, office(store, port) as here:
        gateway: Any = here.session._poller.gateway
        real = gateway.changes

        async def always(workflow: str, since: str, *, wait: float) -> Any:
            return await real(workflow, "AAAAAAAAAAA", wait=wait)

        gateway.changes = always
        here.session.refresh()
        await here.until(lambda: here.session._poller._feed._is_useless)
        asked = len(here.asked("/changes"))
        await here.put("42", Stage="Under Review")
        await here.until(lambda: here.shown["42"].stage == "Under Review", 10)
        assert len(here.asked("/changes")) == asked
        assert here.session.state.connection is ConnectionState.LIVE


# ---- proxies ----


class Proxy:
    """Passes bytes on, and cuts a connection whose answer is not there after ``patience`` seconds."""

    def __init__(self, port: int, patience: float, *, silently: bool = False) -> None:
        self._port, self._patience, self._silently = port, patience, silently
        self.cuts = 0
        self.is_hole = False

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if self.is_hole:
                    await asyncio.sleep(60)
                length = [
                    int(line.partition(b":")[2])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length:")
                ]
                body = await reader.readexactly(length[0]) if length else b""
                back_writer.write(head + body)
                first = asyncio.ensure_future(back_reader.read(65536))
                done, _ = await asyncio.wait({first}, timeout=self._patience)
                if not done:
                    self.cuts += 1
                    first.cancel()
                    if self._silently:
                        await asyncio.sleep(60)
                    return
                if self.is_hole:
                    await asyncio.sleep(60)
                writer.write(first.result())
                with_more = asyncio.ensure_future(self._rest(back_reader, writer))
                await asyncio.wait({with_more}, timeout=0.02)
                with_more.cancel()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
            back_writer.close()

    async def _rest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)


@asynccontextmanager
async def proxied(port: int, patience: float, **how: Any) -> AsyncIterator[tuple[int, Proxy]]:
    proxy = Proxy(port, patience, **how)
    server = await asyncio.start_server(proxy, "127.0.0.1", 0, limit=1 << 20)
    try:
        yield server.sockets[0].getsockname()[1], proxy
    finally:
        server.close()


@pytest.mark.parametrize("patience", [0.3, 2.0])
async def test_a_proxy_that_cuts_waits_is_got_along_with(
    store: Store, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    async with (
        served(store) as port,
        proxied(port, patience) as (there, proxy),
        office(store, port, there) as here,
    ):
        await here.until(lambda: proxy.cuts >= 2, 40)
        await here.put("42", Stage="Under Review")
        await here.until(lambda: here.shown["42"].stage == "Under Review", 15)
        said = {state.connection for state in here.states}
        assert ConnectionState.OFFLINE not in said
        assert len(here.asked("/tasks")) == 1


async def test_a_proxy_that_swallows_waits_is_got_along_with(store: Store) -> None:
    async with (
        served(store) as port,
        proxied(port, 0.5, silently=True) as (there, _),
        office(store, port, there, limits=Limits(grace=0.5, stall=3.0)) as here,
    ):
        await here.put("42", Stage="Under Review")
        await here.until(lambda: here.shown["42"].stage == "Under Review", 60)
        assert ConnectionState.OFFLINE not in {state.connection for state in here.states}


async def test_a_server_that_is_gone_is_noticed(store: Store) -> None:
    async with served(store) as port, proxied(port, 60.0) as (there, proxy):
        limits = Limits(grace=0.2, connect=0.2)
        async with office(store, port, there, limits=limits) as here:
            await here.listens()
            proxy.is_hole = True  # what was connected stays so, and nothing comes through
            await here.until(lambda: here.session.state.connection is ConnectionState.OFFLINE, 30)
            proxy.is_hole = False
            here.session.refresh()
            await here.until(lambda: here.session.state.connection is ConnectionState.LIVE, 30)


# ---- two boards on one local file ----


async def test_two_local_boards_on_one_file_tell_each_other(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    filled = open_store(f"sqlite:///{database}")
    seed.fill(filled)
    filled.close()
    one, other = (local_session(database, SessionOptions(workflow=FLOW)) for _ in range(2))
    runs = [asyncio.create_task(each.run()) for each in (one, other)]
    try:
        async with asyncio.timeout(30):
            while not (one.state.loaded and other.state.loaded):
                await asyncio.sleep(0.01)
            await one.idle()
            await other.idle()
            for stage in ("Under Review", "Not Started"):
                one.perform(MoveTask("42", stage))
                while other.state.shown["42"].stage != stage:
                    await asyncio.sleep(0.01)
        lists = [each for each in other.log.requests if each.path.endswith("/tasks")]
        assert not lists  # the first was read from the file
    finally:
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)


async def test_from_the_second_start_on_no_list_is_read(store: Store, tmp_path: Path) -> None:
    cache = tmp_path / "cache-1.db"
    async with served(store) as port:
        async with office(store, port, cache=DiskCache(cache)) as here:
            await here.listens()
            known = dict(here.shown)
            assert len(here.asked("/tasks")) == 1
        uid, gone = list(known)[:2]
        async with office(store, port) as other:
            await other.put(uid, **{"Company Name": "Changed while away"})
            answer = await other.colleague.delete(f"{TASKS}/{gone}")
            assert answer.status_code < 300
        async with office(store, port, cache=DiskCache(cache)) as here:
            assert here.session.state.as_of is None
            assert not here.asked("/tasks")
            assert here.shown[uid].row["Company Name"] == "Changed while away"
            assert list(here.shown) == [key for key in known if key != gone]
            assert {k: t for k, t in here.shown.items() if k != uid} == {
                k: t for k, t in known.items() if k not in {uid, gone}
            }
            await here.listens()


async def test_a_token_that_the_server_does_not_know_costs_a_list_and_nothing_else(
    store: Store, tmp_path: Path
) -> None:
    cache = tmp_path / "cache-1.db"
    async with served(store) as port:
        async with office(store, port, cache=DiskCache(cache)) as here:
            await here.listens()
            known = dict(here.shown)
        with contextlib.closing(sqlite3.connect(cache)) as db:
            assert db.execute("select feed from workflow").fetchone()[0]
            db.execute("update workflow set feed = 'of-another-server'")
            db.commit()
        async with office(store, port, cache=DiskCache(cache)) as here:
            await here.listens()
            assert len(here.asked("/tasks")) == 1
            assert dict(here.shown) == known
