from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from fdtui import wiring
from fdtui.sync.session import Session, SessionOptions
from tests.flows.driver import NOW, Driver, running
from tests.flows.office import ROW, Office
from tests.unit.sync.gateway import Board


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Driver]:
    """The board on the embedded demo: real client, real server, real database."""
    async with running(wiring.demo_session(folder=tmp_path)) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        yield driver


def session_on(gateway: Board, **wishes: Any) -> Session:
    """A session on a board in memory."""

    async def connect() -> Board:
        return gateway

    return Session(connect, SessionOptions(every=3600, **wishes), clock=lambda: NOW)


@pytest.fixture
def rows() -> Callable[[int], list[dict[str, Any]]]:
    """Any number of rows in one stage."""

    def make(count: int) -> list[dict[str, Any]]:
        return [
            {"ID": f"{index:03}", "Name": f"Task {index}", "Stage": "To do", "Assigned To": None}
            for index in range(count)
        ]

    return make


@pytest.fixture
def office() -> Office:
    return Office(ROW, {**ROW, "ID": "2", "Name": "Bolt"})


@pytest.fixture
async def board(office: Office) -> AsyncIterator[Driver]:
    """The board on the office, its cursor on the first task."""
    async with running(session_on(office)) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.go_to("1")
        yield driver
