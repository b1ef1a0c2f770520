"""A server to speak to: in process or over a real socket, on a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from fdtui.server import seed
from fdtui.server.http.app import create_app
from fdtui.server.http.listening import listen_tcp
from fdtui.server.http.serve import _Server
from fdtui.server.http.slow_client_guard import SlowClientGuard
from fdtui.server.store import Store, open_store, workspace
from fdtui.server.store.keys import create_key
from fdtui.server.workflow.definition import parse
from tests.contract.judge import check, judge, operation_of
from tests.postgres import Postgres

NOW = datetime(2020, 1, 15, 12, tzinfo=UTC)

TASKS = "/workflows/2ylSaZ/tasks"

HOGWARTS = (
    """
    id = "hOu5es"
    name = "Houses"
    stages = [{ name = "Open" }, { name = "Closed", end = true }]
    fields = [
        { id = "hId", name = "House ID", type = "uniqueId" },
        { id = "hNm", name = "Name" },
    ]
    links = [
        { id = "hW", name = "Wizards", many = true, to = "wIz4rd", back = "House" },
        { id = "hG", name = "Ghost", to = "gHo5ts", back = "Haunts" },
        { id = "hA", name = "Ally", to = "hOu5es", back = "Allied With", many = true, back_many = true }
    ]
    """,
    """
    id = "wIz4rd"
    name = "Wizards"
    stages = [{ name = "Student" }]
    fields = [
        { id = "wId", name = "Wizard ID", type = "uniqueId" },
        { id = "wFn", name = "First Name" },
        { id = "wLn", name = "Last Name" },
    ]
    """,
    """
    id = "gHo5ts"
    name = "Ghosts"
    stages = [{ name = "Dead" }]
    fields = [{ id = "gId", name = "Ghost ID", type = "uniqueId" }]
    """,
)


@dataclass
class Served:
    """A running server: its store, its app, and a client that has a key."""

    store: Store
    app: ASGIApp
    client: httpx.AsyncClient


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: the suite runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'board.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.schema() as url:
        yield url


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = open_store(database)
    yield opened
    opened.close()


def put_workflow(store: Store, toml: str) -> None:
    store.write(lambda tx: workspace.add(tx, parse(toml)))


@asynccontextmanager
async def serving(store: Store, how: str = "asgi", **options: object) -> AsyncIterator[Served]:
    app = create_app(store, clock=lambda: NOW, **options)  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {create_key(store, 'test', now=NOW)}"}
    if how == "asgi":
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        url = "http://flowdash.test/api/v1"
        async with httpx.AsyncClient(
            transport=transport, base_url=url, headers=headers, event_hooks={"response": [judge]}
        ) as client:
            yield Served(store, app, client)
        return
    listener = listen_tcp("127.0.0.1", 0)
    started = asyncio.Event()
    config = uvicorn.Config(
        app,
        http=SlowClientGuard,
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
    )
    server = _Server(config, started=started.set, stopped=listener.close)
    running = asyncio.create_task(server.serve(sockets=[listener.socket]))
    await started.wait()
    url = f"http://127.0.0.1:{listener.socket.getsockname()[1]}/api/v1"
    hooks = {"response": [judge]}
    async with httpx.AsyncClient(base_url=url, headers=headers, event_hooks=hooks) as client:
        yield Served(store, app, client)
    server.should_exit = True
    await running


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    """The demo workspace, in process."""
    seed.fill(store)
    async with serving(store) as running:
        yield running


@pytest.fixture
async def api(served: Served) -> httpx.AsyncClient:
    """A client of the demo workspace, in process."""
    return served.client


@pytest.fixture(params=["asgi", "socket"])
async def wire(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the demo workspace, in process and over a real socket."""
    seed.fill(store)
    async with serving(store, request.param) as running:
        yield running.client


@pytest.fixture
async def hogwarts(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the workflows in the page on linked tasks, with a few tasks."""
    for toml in HOGWARTS:
        put_workflow(store, toml)
    async with serving(store) as running:
        client = running.client
        for body in (
            {"Wizard ID": 1, "First Name": "Harry", "Last Name": "Potter"},
            {"Wizard ID": 2, "First Name": "Hermione", "Last Name": "Granger"},
            {"Wizard ID": 666, "First Name": "Tom", "Last Name": "Riddle"},
        ):
            assert (await client.post("/workflows/wIz4rd/tasks", json=body)).status_code == 201
        for house in (
            {"House ID": 1, "Name": "Gryffindor", "Wizards": [{"Wizard ID": 1}, {"Wizard ID": 2}]},
            {"House ID": 2, "Name": "Hufflepuff"},
        ):
            assert (await client.post("/workflows/hOu5es/tasks", json=house)).status_code == 201
        yield client


RawAnswer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def raw(served: Served) -> Callable[..., object]:
    """Send a request whose path is exactly these bytes, which no client library would send."""

    async def send(
        method: str,
        raw_path: bytes,
        query: bytes = b"",
        headers: list[tuple[bytes, bytes]] | None = None,
    ) -> RawAnswer:
        key = served.client.headers["authorization"].encode()
        given = [(b"host", b"flowdash.test"), (b"authorization", key)] if headers is None else headers
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": raw_path.decode("latin-1"),
            "raw_path": raw_path,
            "query_string": query,
            "headers": given,
            "client": ("127.0.0.1", 1),
        }
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def collect(message: dict[str, object]) -> None:
            sent.append(message)

        await served.app(scope, receive, collect)  # type: ignore[arg-type]
        start = sent[0]
        pairs = {name.decode(): value.decode() for name, value in start["headers"]}  # type: ignore[attr-defined]
        content = b"".join(each.get("body", b"") for each in sent[1:])  # type: ignore[misc]
        path = raw_path.decode("latin-1")[:60_000]  # httpx makes no longer address
        operation = operation_of(httpx.Request(method, f"http://flowdash.test{path}"))
        check(operation, start["status"], content, pairs.get("content-type", ""))  # type: ignore[arg-type]
        return start["status"], pairs, content  # type: ignore[return-value]

    return send
