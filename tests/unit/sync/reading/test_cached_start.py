"""A start with a cache: the board of the last run before any request, then what is true."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.details import Part
from fdtui.core.errors import (
    FdtuiError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    UnreachableError,
)
from fdtui.core.intents import MoveTask
from fdtui.core.state import ConnectionState
from fdtui.sync.reading import cache_keeper
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage import cache as cache_module
from fdtui.sync.storage.cache import DAMAGED, DiskCache
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import Clock, row, until

NOW = 5000.0


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "WRITE_DELAY", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache-1.db"


@pytest.fixture
def made(path: Path) -> Iterator[Any]:
    caches: list[DiskCache] = []

    def make(board: Board, at: float = NOW, **wishes: Any) -> Session:
        async def connect() -> Board:
            return board

        caches.append(DiskCache(path))
        options = SessionOptions(**wishes)
        session = Session(connect, options, clock=lambda: at, sleep=Clock().sleep, cache=caches[-1])
        session.recall()
        return session

    yield make
    for each in caches:
        each.close()


@asynccontextmanager
async def running(session: Session) -> AsyncIterator[Session]:
    run = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    try:
        yield session
    finally:
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        if (thread := session.cached._cache._thread) is not None:
            await asyncio.to_thread(thread.join)  # the program's end would not wait for it this long


async def seen(session: Session) -> None:
    """Let a session see its board and end."""
    async with running(session):
        await session.idle()


async def test_the_board_of_the_last_run_is_there_before_any_request(made: Any) -> None:
    board = Board(row("1"), row("2", "Doing"))
    await seen(made(board, at=100.0))
    before = len(board.calls)
    session = made(board)
    assert len(board.calls) == before
    assert session.state.as_of == 100.0
    assert session.state.connection is ConnectionState.CONNECTING
    assert {key: task.stage for key, task in session.state.shown.items()} == {"1": "To do", "2": "Doing"}
    assert session.state.schema.unique_id is not None
    board.rows["2"]["Stage"] = "Done"
    first = session.state.base["1"]
    async with running(session):
        await session.idle()
        assert session.state.as_of is None
        assert session.state.shown["2"].stage == "Done"
        assert session.state.base["1"] is first  # what did not change is not drawn again


async def test_the_board_is_usable_without_a_network_and_edits_wait(made: Any) -> None:
    board = Board(row("1"))
    await seen(made(board, at=100.0))
    away = Board()
    away.fail("workflows", *[UnreachableError("There is no network.") for _ in range(9)])
    session = made(away)
    async with running(session):
        await until(lambda: session.state.connection is ConnectionState.OFFLINE)
        assert session.perform(MoveTask("1", "Done"))
        assert session.state.shown["1"].stage == "Done"
        assert (session.unsent, session.state.as_of) == (1, 100.0)
        assert away.sent == []


async def test_a_stale_board_overwrites_nobody(made: Any) -> None:
    board = Board(row("1"))
    await seen(made(board))
    board.rows["1"]["Stage"] = "Doing"
    session = made(board)
    board.hold("tasks")
    async with running(session):
        session.perform(MoveTask("1", "Done"))
        await until(lambda: board.calls.count("tasks") > 1)
        assert board.sent == []
        board._holding.discard("tasks")
        board.release("tasks")
        await session.idle()
        assert (board.sent, board.rows["1"]["Stage"]) == ([], "Doing")
        assert "1" in session.state.conflicts


@pytest.mark.parametrize(
    "error",
    [NotAllowedError("Not yours.", status=403), NotFoundError("Gone.", status=404)],
    ids=["403", "404"],
)
async def test_what_this_key_may_not_see_is_gone_from_screen_and_cache(made: Any, error: Any) -> None:
    await seen(made(Board(row("1"))))
    board = Board()
    board.fail("tasks", error)
    session = made(board)
    assert session.state.loaded
    async with running(session):
        await until(lambda: session.state.connection is ConnectionState.REFUSED)
        assert not session.state.loaded
        assert not session.state.base
    assert not made(Board()).state.loaded


async def test_a_refused_key_sees_nothing_and_leaves_nothing(made: Any) -> None:
    await seen(made(Board(row("1"))))
    board = Board()
    refused: FdtuiError = NotAuthenticatedError("The key is not accepted.", status=401)
    board.fail("workspace", refused, refused)
    board.fail("workflows", refused, refused)
    session = made(board)
    async with running(session):
        await until(lambda: session.state.connection is ConnectionState.DENIED)
        assert not session.state.loaded
    assert not made(Board()).state.loaded


class OnlyOther(Board):
    async def workflows(self) -> Any:
        return (await super().workflows())[1:]


async def test_a_workflow_that_is_gone_is_forgotten_and_another_shown(made: Any) -> None:
    await seen(made(Board(row("1"))))
    session = made(OnlyOther(row("9")))
    assert list(session.state.shown) == ["1"]
    async with running(session):
        await session.idle()
        assert session.state.workflow is not None
        assert (session.state.workflow.id, list(session.state.shown)) == ("v", ["9"])
    found = made(Board()).state
    assert (found.workflow.id, list(found.shown)) == ("v", ["9"])


async def test_the_workflow_left_last_is_the_one_shown_first(made: Any) -> None:
    board = Board(row("1"))
    session = made(board)
    async with running(session):
        await session.idle()
        session.open_workflow("v")
        await session.idle()
    again = made(board)
    assert again.state.workflow is not None
    assert again.state.workflow.id == "v"
    async with running(again):
        await again.idle()
        assert again.state.workflow.id == "v"
        again.open_workflow("w")
        assert list(again.state.shown) == ["1"]  # at once, from the cache
        assert again.state.as_of == NOW
        await again.idle()
        assert again.state.as_of is None


async def test_a_large_board_is_read_after_the_first_frame(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Board(*(row(str(index)) for index in range(600)))
    await seen(made(board))
    monkeypatch.setattr(cache_keeper, "MAX_BYTES_AT_START", 100)
    board.hold("workflows")
    session = made(board)
    assert not session.state.loaded
    async with running(session):
        while not session.state.loaded:
            await asyncio.sleep(0.001)
        assert (len(session.state.shown), session.state.as_of) == (600, NOW)
        board._holding.clear()
        board.release("workflows")
        first = session.state.base["7"]
        await session.idle()
        assert session.state.as_of is None
        assert session.state.base["7"] is first


async def test_comments_of_opened_tasks_are_shown_with_their_age(made: Any) -> None:
    board = Board(row("1"))
    board.said = ["Hello"]
    session = made(board, at=100.0)
    async with running(session):
        await session.idle()
        session.fetch_details("1", Part.COMMENTS, Part.CHECKLIST)
        await session.idle()
        assert session.state.details["1"].cached == ()
    away = Board()
    away.fail("workflows", *[UnreachableError("There is no network.") for _ in range(9)])
    session = made(away)
    async with running(session):
        await until(lambda: session.state.connection is ConnectionState.OFFLINE)
        session.fetch_details("1", Part.COMMENTS)
        while "1" not in session.state.details:
            await asyncio.sleep(0.001)
        details = session.state.details["1"]
        assert [each.body for each in details.comments or ()] == ["Hello"]
        assert (details.as_of(Part.COMMENTS), details.as_of(Part.CHECKLIST)) == (100.0, 100.0)
    board.said = ["Hello", "again"]
    session = made(board)
    async with running(session):
        await session.idle()
        board.hold("comments")
        session.fetch_details("1", Part.COMMENTS)
        while "1" not in session.state.details:
            await asyncio.sleep(0.001)
        await until(lambda: board._held.get("comments"))
        board.release("comments")
        await session.idle()
        details = session.state.details["1"]
        assert [each.body for each in details.comments or ()] == ["Hello", "again"]
        assert details.as_of(Part.COMMENTS) is None
        board._holding.clear()
        board.fail("checklist", NotFoundError("Gone.", status=404))
        session.fetch_details("1", Part.CHECKLIST)
        await session.idle()
        details = session.state.details["1"]
        assert (details.checklist, details.problem(Part.CHECKLIST)) == (
            None,
            "This install does not have it.",
        )


async def test_a_confirmed_write_is_one_row(made: Any, path: Path) -> None:
    board = Board(*(row(str(index)) for index in range(50)))
    session = made(board)
    async with running(session):
        await session.idle()
        cache = session.cached._cache
        await asyncio.to_thread(cache.flush)
        assert cache.written_tasks == 50
        session.perform(MoveTask("7", "Done"))
        await session.idle()
        await asyncio.to_thread(cache.flush)
        assert cache.written_tasks == 51
    assert made(Board()).state.shown["7"].stage == "Done"


async def test_trouble_with_the_cache_is_a_calm_notice(made: Any, path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    session, notices = made(Board(row("1"))), []
    session.on_notice = notices.append
    async with running(session):
        await session.idle()
        await until(lambda: notices)
    assert [each.text for each in notices] == [DAMAGED]
    assert list(made(Board()).state.base) == ["1"]
