"""What others changed since the user saw a task, and since when a task is in its stage."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.details import Activity
from fdtui.core.intents import MoveTask
from fdtui.core.remembered import (
    Change,
    Stay,
    changes_between,
    remembered_row,
    stay_told,
    stays_seen,
)
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.state import Mark, State
from fdtui.core.task import Task
from fdtui.sync.reading.remembered import RememberedTasks
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage import seen as seen_module
from fdtui.sync.storage.cache import DiskCache
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.seen import MemorySeen, Seen, SeenTask
from fdtui.sync.store import StateStore
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import Clock, row

SCHEMA = Schema(
    fields=(Field("ID", FieldType.UNIQUE_ID), Field("Price", FieldType.CURRENCY), Field("Note"))
)


def changed(session: Session, key: str) -> tuple[Change, ...]:
    news = session.state.news.get(key)
    return () if news is None else news.changes


def test_only_what_means_something_else_is_a_change() -> None:
    seen = remembered_row({"Price": "10.00", "Note": "a", "Stage": "New", "Task URL": "/1", "Gone": 1})
    now = {"Price": Decimal("10"), "Note": "b", "Stage": "Done", "Task URL": "/2", "More": None}
    assert changes_between(seen, now, SCHEMA) == (
        Change("Note", "a", "b"),
        Change("Stage", "New", "Done"),
    )


def test_of_a_long_value_it_is_known_that_it_changed_and_no_more() -> None:
    long = "x" * 5000
    seen = remembered_row({"Note": long, "Price": "1"})
    assert len(repr(seen)) < 500
    assert changes_between(seen, {"Note": long}, SCHEMA) == ()
    assert changes_between(seen, {"Note": "short"}, SCHEMA) == (
        Change("Note", None, None, is_long=True),
    )
    assert changes_between({"Note": "a"}, {"Note": long}, SCHEMA) == (
        Change("Note", "a", None, is_long=True),
    )


def moved(at: str, before: str | None, after: str) -> Activity:
    old = None if before is None else {"Stage": before}
    return Activity(at, "x", "task.created" if before is None else "task.updated", old, {"Stage": after})


def test_a_log_tells_since_when_a_task_is_in_its_stage() -> None:
    task = Task("1", "1", {"Stage": "Done"})
    log = (
        moved("1970-01-01T00:00:30Z", "Doing", "Done"),
        Activity("1970-01-01T00:00:50Z", "x", "task.updated", {"Note": 1}, {"Note": 2}),
        moved("1970-01-01T00:00:20Z", "New", "Doing"),
        moved("1970-01-01T00:00:10Z", None, "New"),
    )
    assert stay_told(task, log) == Stay("Done", 30.0)
    assert stay_told(Task("1", "1", {"Stage": "New"}), log) is None  # it was moved since
    assert stay_told(Task("1", "1", {"Stage": "New"}), log[3:]) == Stay("New", 10.0)
    assert stay_told(task, (moved("?", "a", "Done"),)) is None


def test_a_move_that_nobody_saw_was_some_time_after_the_last_look() -> None:
    one, two = Task("1", "1", {"Stage": "a"}), Task("1", "1", {"Stage": "b"})
    assert stays_seen({"1": one}, {"1": two}, 9.0, None) == {"1": Stay("b", 9.0)}
    assert stays_seen({"1": one}, {"1": two}, 9.0, 4.0) == {"1": Stay("b", 4.0, is_exact=False)}
    assert stays_seen({"1": one}, {"1": one}, 9.0, 4.0) == {}


@pytest.fixture(params=["memory", "disk"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Seen]:
    if request.param == "memory":
        yield MemorySeen()
        return
    ledger = Ledger(tmp_path / "ledger.db")
    yield ledger.seen()
    ledger.close()


def test_what_is_remembered_is_bounded_and_comes_back(
    book: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (seen_module, __import__("fdtui.sync.storage.seen_table", fromlist=["x"])):
        monkeypatch.setattr(module, "MAX_SEEN", 3)
        monkeypatch.setattr(module, "MAX_STAYS", 2)
    seen = {
        f"k\0{n}\ud800": SeenTask(float(n), {"Price": Decimal("1.50"), "Note": None}) for n in range(5)
    }
    stays = {str(n): Stay("Done é", float(n), is_exact=n == 4) for n in range(5)}
    book.store("w", seen, stays)
    book.store("v", {"a": SeenTask(1.0, {})}, {})
    found, stayed = book.load("w")
    assert found == dict(list(seen.items())[-3:])
    assert stayed == {"3": Stay("Done é", 3.0, is_exact=False), "4": Stay("Done é", 4.0)}
    assert book.load("x") == ({}, {})


class Window:
    """Runs of the program, one after the other, with one ledger and one cache."""

    def __init__(self, folder: Path, board: Board) -> None:
        self.folder, self.board, self.now = folder, board, 1000.0

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Session]:
        async def connect() -> Board:
            return self.board

        ledger = Ledger(self.folder / "ledger.db")
        session = Session(
            connect,
            SessionOptions(),
            clock=lambda: self.now,
            sleep=Clock().sleep,
            cache=DiskCache(self.folder / "cache-1.db"),
            seen=ledger.seen(),
        )
        session.recall()
        run = asyncio.create_task(session.run())
        await asyncio.sleep(0)
        await session.idle()
        await holds(lambda: session.remembered._is_loaded)
        try:
            yield session
        finally:
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            if (thread := session.cached._cache._thread) is not None:
                await asyncio.to_thread(thread.join)
            ledger.close()


async def holds(call: Callable[[], object]) -> None:
    """Wait until a thread's work shows."""
    async with asyncio.timeout(30):
        while not call():
            await asyncio.sleep(0.001)


async def test_what_colleagues_changed_while_away_is_told_after_a_restart(tmp_path: Path) -> None:
    board = Board(row("1"), row("2"))
    window = Window(tmp_path, board)
    async with window.run() as session:
        session.remembered.look("1")
        assert changed(session, "1") == ()
    board.rows["1"].update(Stage="Done", Name="Another")
    board.rows["2"].update(Stage="Done")  # which was never looked at
    window.now = 9000.0
    async with window.run() as session:
        await holds(lambda: session.state.news)
        assert set(session.state.news) == {"1"}
        assert session.state.news["1"].since == 1000.0
        told = changed(session, "1")
        assert set(told) == {Change("Stage", "To do", "Done"), Change("Name", "Task 1", "Another")}
        assert session.state.stays.get("1") == Stay("Done", 1000.0, is_exact=False)
        assert session.state.mark(session.state.shown["1"]) is Mark.CHANGED
        session.remembered.look("1")
        assert session.state.mark(session.state.shown["1"]) is Mark.NONE
        assert changed(session, "1") == told  # for as long as the user stays
        session.remembered.look("2")
        await holds(lambda: not session.state.news)
    async with window.run() as session:
        await holds(lambda: session.state.stays)
        assert changed(session, "1") == ()
        assert session.state.stays.get("2") == Stay("Done", 1000.0, is_exact=False)


async def test_what_changes_under_the_eyes_is_told_until_the_user_leaves(tmp_path: Path) -> None:
    board = Board(row("1"), row("2"))
    window = Window(tmp_path, board)
    async with window.run() as session:
        session.remembered.look("1")
        board.rows["1"].update(Stage="Doing")
        window.now = 1005.0
        session.refresh()
        await session.idle()
        await holds(lambda: session.state.news)
        assert changed(session, "1") == (Change("Stage", "To do", "Doing"),)
        assert session.state.stays.get("1") == Stay("Doing", 1005.0)
    async with window.run() as session:
        assert changed(session, "1") == ()


async def test_what_the_user_changed_is_no_news(tmp_path: Path) -> None:
    board = Board(row("1"))
    window = Window(tmp_path, board)
    async with window.run() as session:
        session.remembered.look("1")
        session.remembered.look("")
        session.perform(MoveTask("1", "Done"))
        await session.idle()
        await holds(lambda: session.state.stays)
        assert session.state.news == {}
        board.rows["1"].update(Name="Theirs")
        session.refresh()
        await session.idle()
        await holds(lambda: session.state.news)
        assert changed(session, "1") == (Change("Name", "Task 1", "Theirs"),)


async def test_a_move_during_a_sleep_was_some_time_after_the_last_answer(tmp_path: Path) -> None:
    board = Board(row("1"))
    window = Window(tmp_path, board)
    async with window.run() as session:
        board.rows["1"].update(Stage="Doing")
        window.now = 9000.0
        session.refresh()
        await session.idle()
        await holds(lambda: session.state.stays)
        assert session.state.stays.get("1") == Stay("Doing", 1000.0, is_exact=False)


async def test_a_look_before_the_disk_has_answered_counts(tmp_path: Path) -> None:
    board = Board(row("1"))
    window = Window(tmp_path, board)
    async with window.run() as session:
        session.open_workflow("v")
        session.remembered.look("1")
        await session.idle()
        await holds(lambda: session.remembered._is_loaded and session.remembered._seen)


async def test_a_disk_that_refuses_ends_nothing(tmp_path: Path) -> None:
    window = Window(tmp_path, Board(row("1")))
    async with window.run() as session:
        book: Any = session.remembered._book
        with book._opened().turn(writes=True) as cursor:
            cursor.execute("drop table seen")
        session.remembered.look("1")
        session.remembered.look("")
        window.board.rows["1"].update(Name="Theirs")
        session.refresh()
        await session.idle()
        await holds(lambda: session.state.news)


async def test_what_is_being_stored_when_the_program_ends_is_stored() -> None:
    book, is_free = MemorySeen(), threading.Event()
    remembered = RememberedTasks(StateStore(State(), lambda: 1.0), book)
    remembered._workflow, remembered._unsaved = "w", {"1": SeenTask(1.0, {})}
    threads = ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(threads)
    threads.submit(is_free.wait)  # so that the storing has not begun
    saving = asyncio.create_task(remembered._save({}))
    await asyncio.sleep(0)
    saving.cancel()
    await asyncio.sleep(0)
    is_free.set()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert book.load("w")[0] == {"1": SeenTask(1.0, {})}


async def test_what_changed_on_a_board_that_is_not_shown_is_known() -> None:
    book = MemorySeen()
    seen = {key: SeenTask(1.0, remembered_row({"ID": key, "Note": "a"})) for key in ("1", "2", "gone")}
    book.store("w", seen, {})
    tasks = {
        key: Task(key, key, {"ID": key, "Note": note})
        for key, note in (("1", "a"), ("2", "b"), ("3", "c"))
    }
    remembered = RememberedTasks(StateStore(State(), lambda: 2.0), book)
    assert await remembered.changed_in("w", SCHEMA, tasks) == {"2"}
    assert await remembered.changed_in("v", SCHEMA, tasks) == frozenset()
