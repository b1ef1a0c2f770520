"""Board to database and back, without a screen: the real session, client and server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fdtui import wiring
from fdtui.api.embedded import open_embedded
from fdtui.config.settings import Board, Settings
from fdtui.core.intents import AssignTask, DeleteTask, MoveTask
from fdtui.core.schema import FieldType
from fdtui.core.state import ConnectionState
from fdtui.server import EMBEDDED_URL, seed
from fdtui.server.http.app import create_app
from fdtui.server.http.auth import OneKey
from fdtui.server.store import open_store
from fdtui.sync.session import Notice, Session, SessionOptions

KEY = "k" * 40


@asynccontextmanager
async def running(session: Session) -> AsyncIterator[list[Notice]]:
    notices: list[Notice] = []
    session.on_notice = notices.append
    run = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    await session.idle()
    try:
        yield notices
    finally:
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run


class Recorder:
    """An ASGI application that writes down each request and can lack some of the calls."""

    def __init__(self, app: Any, lacks: tuple[str, ...] = ()) -> None:
        self.app, self.lacks = app, lacks
        self.requests: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        self.requests.append(f"{scope['method']} {path}")
        if path.endswith(self.lacks):
            scope = {**scope, "path": "/nowhere", "raw_path": b"/nowhere"}
        await self.app(scope, receive, send)


def over(
    tmp_path: Path, wishes: SessionOptions, lacks: tuple[str, ...] = ("/?",)
) -> tuple[Session, Recorder]:
    store = open_store(f"sqlite:///{tmp_path / 'demo.db'}")
    seed.fill(store)
    app = Recorder(create_app(store, auth=OneKey(KEY), base_url=EMBEDDED_URL), lacks)

    async def connect() -> Any:
        return open_embedded(app, EMBEDDED_URL, KEY, read_only=wishes.read_only, on_close=store.close)

    return Session(connect, wishes, clock=lambda: 0.0), app


async def test_what_the_demo_paints_first_is_what_its_server_says() -> None:
    session = wiring.demo_session()
    first = session.state
    assert first.loaded
    assert len(first.shown) > 20
    async with running(session):
        assert session.state.connection is ConnectionState.LIVE
        assert session.state.base is first.base
        assert session.state.schema == first.schema


async def test_the_demo_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    async with running(wiring.demo_session()):
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


async def test_a_move_goes_through_http_into_the_database(tmp_path: Path) -> None:
    session, server = over(tmp_path, SessionOptions(workflow="Company onboarding"))
    async with running(session) as notices:
        session.perform(MoveTask("43", "In Progress"))
        session.perform(AssignTask("43", "user@example.com"))
        await session.idle()
        assert (session.state.shown["43"].stage, session.state.shown["43"].assignee) == (
            "In Progress",
            "user@example.com",
        )
        assert (notices, dict(session.state.refused)) == ([], {})
        assert sum(request.startswith("PUT") for request in server.requests) == 2
    again = open_store(f"sqlite:///{tmp_path / 'demo.db'}")
    reopened = Session(lambda: _client(again), SessionOptions(workflow="2ylSaZ"), clock=lambda: 0.0)
    async with running(reopened):
        assert reopened.state.shown["43"].assignee == "user@example.com"


async def _client(store: Any) -> Any:
    app = create_app(store, auth=OneKey(KEY), base_url=EMBEDDED_URL)
    return open_embedded(app, EMBEDDED_URL, KEY, read_only=False, on_close=store.close)


async def test_an_unknown_person_is_refused_by_the_server_and_the_card_is_back(tmp_path: Path) -> None:
    session, _ = over(tmp_path, SessionOptions())
    async with running(session) as notices:
        session.perform(AssignTask("43", "nobody@example.com"))
        assert session.state.shown["43"].assignee == "nobody@example.com"
        await session.idle()
        assert session.state.shown["43"].assignee is None
        assert "is not a user of this workflow" in notices[-1].text


async def test_an_unchanged_board_is_not_sent_again(tmp_path: Path) -> None:
    session, server = over(tmp_path, SessionOptions())
    async with running(session):
        before = session.state
        asked = len(server.requests)
        session.refresh()
        await session.idle()
        later = server.requests[asked:]
        assert later and all(each.endswith("/changes") for each in later)
        assert session.state is before


async def test_read_only_lets_nothing_but_get_leave(tmp_path: Path) -> None:
    session, server = over(tmp_path, SessionOptions(read_only=True))
    async with running(session):
        session.perform(MoveTask("43", "Done"))
        await session.idle()
        assert all(request.startswith("GET") for request in server.requests)


async def test_an_install_without_schema_calls_works_all_the_same(tmp_path: Path) -> None:
    lacks = ("/workspace", "/workflows", "/stages", "/fields", "/users", "/roles")
    session, server = over(tmp_path, SessionOptions(workflow="2ylSaZ"), lacks)
    async with running(session) as notices:
        schema = session.state.schema
        assert schema.unique_id is not None
        assert schema.unique_id.name == "Company ID"
        kinds = {each.name: each.type for each in schema.fields}
        assert kinds["Contract Value"] == FieldType.CURRENCY
        assert kinds["Expected Close Date"] == FieldType.DATE
        assert kinds["International?"] == FieldType.CHECKBOX
        assert kinds["Documents"] == FieldType.FILE
        assert {stage.name: stage.end for stage in schema.stages}["Done"] is True
        session.perform(MoveTask("43", "In Progress"))
        await session.idle()
        assert session.state.shown["43"].stage == "In Progress"
        assert notices == []
        assert sum(request.startswith("PUT") for request in server.requests) == 1


async def test_a_deleted_task_with_a_number_of_the_servers_comes_back_as_a_new_one(
    tmp_path: Path,
) -> None:
    session, _ = over(tmp_path, SessionOptions(workflow="Expense approval"))
    async with running(session) as notices:
        key, task = next(iter(session.state.shown.items()))
        purpose = task.row["Purpose"]
        session.perform(DeleteTask(key))
        await session.idle()
        assert key not in session.state.shown
        session.undo()
        await session.idle()
        assert [notice.severity for notice in notices if notice.severity == "error"] == []
        again = [each for each in session.state.shown.values() if each.row["Purpose"] == purpose]
        assert len(again) == 1
        assert again[0].uid not in {None, key}


@pytest.mark.parametrize(
    ("chosen", "name", "dims"),
    [
        ("auto", "", True),
        ("auto", "SSH_CONNECTION", False),
        ("auto", "SSH_TTY", False),
        ("on", "SSH_TTY", True),
        ("off", "", False),
    ],
)
def test_the_board_is_not_dimmed_over_a_slow_link_unless_wanted(
    monkeypatch: pytest.MonkeyPatch, chosen: str, name: str, dims: bool
) -> None:
    for each in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        monkeypatch.delenv(each, raising=False)
    if name:
        monkeypatch.setenv(name, "1")
    assert wiring.look_of(Settings(board=Board(dim=chosen))).dim is dims
