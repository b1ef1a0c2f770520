"""The board from the cache: how old it is, where the cursor was, and what changed meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.errors import UnreachableError
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.cache import DiskCache
from fdtui.sync.storage.database import Ledger
from fdtui.tui.board import attention
from tests.flows.driver import NOW, Driver, running
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row


@pytest.fixture(autouse=True)
def at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "SEEN_AFTER", 0.01)


@asynccontextmanager
async def window(
    folder: Path, gateway: Board, at: float = NOW, me: str | None = None
) -> AsyncIterator[Driver]:
    """One run of the program on its own disk."""

    async def connect() -> Board:
        return gateway

    ledger, cache = Ledger(folder / "ledger.db"), DiskCache(folder / "cache-1.db")
    session = Session(
        connect,
        SessionOptions(every=3600, me=me),
        clock=lambda: at,
        cache=cache,
        seen=ledger.seen(),
        views=ledger.views(),
    )
    session.recall()
    async with running(session) as driver:
        yield driver
    assert cache.flush()
    ledger.close()


def offline(*_: Any) -> Board:
    away = Board()
    away.fail("workflows", *[UnreachableError("There is no network.") for _ in range(9)])
    return away


ROWS = [row("1"), row("2", "Doing"), row("3", "Doing"), row("4", "Done")]


async def test_without_a_network_the_board_says_how_old_it_is(tmp_path: Path) -> None:
    board, then = Board(*ROWS), NOW - 86_400
    board.said = ["Hello there"]
    async with window(tmp_path, board, then) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.go_to("3")
        await driver.give("task.comments")
        await driver.until(lambda: "Hello there" in driver.screen)
        assert "as of" not in driver.screen
    said = datetime.fromtimestamp(then)
    words = f"{said.day} {said:%b} {said:%H:%M}"
    async with window(tmp_path, offline()) as driver:
        await driver.until(lambda: driver.session.state.connection == "offline")
        await driver.until(lambda: f"as of {words}" in driver.screen)
        assert "offline since" in driver.screen
        assert driver.titles("Doing") == ["2", "3"]
        assert driver.current == "3"  # where the cursor was left
        await driver.give("task.comments")
        await driver.until(lambda: "Hello there" in driver.screen)
        assert f"As of {words}; not refreshed yet." in driver.words


async def test_a_refresh_moves_neither_the_cursor_nor_the_selection(tmp_path: Path) -> None:
    board = Board(*ROWS)
    async with window(tmp_path, board) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.go_to("3")
    board.rows = {"0": row("0", "Doing"), **board.rows}
    board.fail("workflows", UnreachableError("There is no network."))
    async with window(tmp_path, board) as driver:
        await driver.until(lambda: "as of" in driver.screen)
        assert driver.current == "3"
        await driver.give("task.select")
        await driver.go_to("2")
        await driver.give("board.refresh")
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.settle()
        assert driver.titles("Doing") == ["0", "2", "3"]
        assert (driver.current, driver.selected) == ("2", {"3"})
        assert "as of" not in driver.screen


async def test_the_pane_tells_what_changed_since_the_last_look(tmp_path: Path) -> None:
    board = Board(*ROWS)
    async with window(tmp_path, board, NOW - 3 * 86_400) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.go_to("1")
        await driver.until(lambda: "1" in driver.session.remembered._seen)
        await driver.go_to("2")
        await driver.until(lambda: "2" in driver.session.remembered._seen)
    board.rows["1"].update(Stage="Done", Name="Better\x1b[2J")
    async with window(tmp_path, board) as driver:
        await driver.until(lambda: driver.session.state.news)
        await driver.go_to("1")
        await driver.give("task.open")
        await driver.until(lambda: "Changed since you last looked" in driver.words)
        assert "Stage To do → Done" in driver.words
        assert "Better␛[2J" in driver.words
        assert "\x1b" not in driver.words
        assert "Done for at most 3 days" in driver.words
        await driver.give("app.cancel")
        await driver.go_to("2")
        await driver.until(lambda: not driver.session.state.news)
        await driver.go_to("1")
        await driver.give("task.open")
        await driver.settle()
        assert "Changed since you last looked" not in driver.words


async def test_what_others_did_meanwhile_is_said_and_shown(tmp_path: Path) -> None:
    board = Board(*ROWS)
    async with window(tmp_path, board) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
    board.rows["2"]["Stage"] = "Done"
    board.rows["3"]["Name"] = "Three"
    board.rows["4"]["Assigned To"] = "ada@example.com"
    async with window(tmp_path, board, me="ada@example.com") as driver:
        await driver.until(lambda: "1 moved, 1 new for you" in driver.said)
        assert "N shows them" in driver.said
        assert "1 moved, 1 new for you" in driver.screen.splitlines()[0]
        await driver.give("board.changed")
        assert [driver.titles(each) for each in ("To do", "Doing", "Done")] == [
            [],
            ["3"],
            ["2", "4"],
        ]
        assert "new for you" not in driver.screen.splitlines()[0]
        await driver.give("board.changed")
        assert driver.titles("To do") == ["1"]
        driver.filter("-changed")
        assert driver.titles("To do") == ["1"] and driver.titles("Done") == []


async def test_a_board_on_which_nothing_happened_says_nothing(tmp_path: Path) -> None:
    board = Board(*ROWS)
    for _ in range(2):
        async with window(tmp_path, board) as driver:
            await driver.until(lambda: driver.session.state.connection == "live")
            await driver.settle()
            assert "away" not in driver.said
            await driver.give("board.changed")
            assert "Nothing has changed since you last looked." in driver.said
