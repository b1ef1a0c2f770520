"""A running session over a board in memory, and a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from fdtui.core.state import ConnectionState, State
from fdtui.sync.session import Notice, Session, SessionOptions
from tests.unit.sync.gateway import Board


class Clock:
    """A sleep that ends only when the test says so."""

    def __init__(self) -> None:
        self.naps: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        nap: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.naps.append((seconds, nap))
        await nap

    def tick(self) -> None:
        naps, self.naps = self.naps, []
        for _, nap in naps:
            if not nap.done():
                nap.set_result(None)


async def until(holds: Callable[[], object]) -> None:
    """Let the loop turn until something holds, for a thousand turns at the most."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to hold")


class SessionDriver:
    """A running session with all that a test looks at."""

    def __init__(self, board: Board, **wishes: Any) -> None:
        self.board, self.clock = board, Clock()
        self.states: list[State] = []
        self.notices: list[Notice] = []

        async def connect() -> Board:
            return board

        self.session = Session(
            connect, SessionOptions(**wishes), clock=lambda: 1000.0, sleep=self.clock.sleep
        )
        self.session.on_change = self.states.append
        self.session.on_notice = self.notices.append

    @property
    def state(self) -> State:
        return self.session.state

    def stage_of(self, key: str) -> str:
        return self.state.shown[key].stage


async def settled(desk: SessionDriver, ticks: int = 200) -> None:
    """Let the clock run until nothing is under way."""
    for _ in range(ticks):
        desk.clock.tick()
        await asyncio.sleep(0)
    await desk.session.idle()


@asynccontextmanager
async def running(board: Board, **wishes: Any) -> AsyncIterator[SessionDriver]:
    desk = SessionDriver(board, **wishes)
    run = asyncio.create_task(desk.session.run())
    await until(lambda: desk.state.connection is not ConnectionState.CONNECTING or board.calls)
    try:
        yield desk
    finally:
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert board.calls[-1] == "aclose"


def row(uid: str, stage: str = "To do", who: str | None = None) -> dict[str, Any]:
    return {"Stage": stage, "Assigned To": who, "Task URL": f"/{uid}", "ID": uid, "Name": f"Task {uid}"}
