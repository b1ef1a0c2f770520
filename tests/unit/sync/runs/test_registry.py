"""Executions in a ledger: two windows, a window that is killed, a restart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from fdtui.core import job
from fdtui.core.details import Action
from fdtui.core.frozen import replace
from fdtui.core.job import Execution, Run
from fdtui.core.state import ConnectionState
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.database import LEDGER, Ledger
from fdtui.sync.storage.private_file import PrivateFile
from fdtui.sync.storage.run_table import RunTable
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import Clock, row, until

APPROVE = Action("a1", "Approve")


class Window:
    """A session on a ledger that others may have open, too."""

    def __init__(self, board: Board, path: Path, seed: int = 1) -> None:
        self.board, self.clock, self.ledger = board, Clock(), Ledger(path)
        self.said: list[str] = []

        async def connect() -> Board:
            return board

        self.session = Session(
            connect,
            SessionOptions(),
            clock=lambda: 1000.0,
            sleep=self.clock.sleep,
            runs=self.ledger.runs(),
            random=Random(seed),
        )
        self.session.on_notice = lambda notice: self.said.append(notice.text)
        self.session.recall()

    @property
    def runs(self) -> list[tuple[str, str]]:
        return [(run.action, run.status) for run in self.session.state.runs]

    async def ticking(self, holds: object) -> None:
        """Let time pass until something holds; the book is written by a thread in the meantime."""
        async with asyncio.timeout(10):
            while not holds():  # type: ignore[operator]
                self.clock.tick()
                await asyncio.sleep(0.001)


@asynccontextmanager
async def opened(board: Board, path: Path, seed: int = 1) -> AsyncIterator[Window]:
    window = Window(board, path, seed)
    run = asyncio.create_task(window.session.run())
    await until(lambda: window.session.state.connection is ConnectionState.LIVE)
    try:
        yield window
    finally:
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        window.ledger.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def left_behind(path: Path, **changes: object) -> None:
    """What a program that was killed leaves: a run, and the name of a window that is no more."""
    ledger = Ledger(path)
    run = Run(5, "w", "1", "1", "Task 1", "a1", "Approve", None, 990.0, **changes)  # type: ignore[arg-type]
    ledger.runs().save(run)
    ledger.close()


async def test_a_pending_run_is_followed_after_a_restart(path: Path) -> None:
    left_behind(path, id="e1", status="Pending", sent=True)
    board = Board(row("1"))
    board.answers = [Execution("e1", "Success")]
    async with opened(board, path) as window:
        assert window.runs == [("Approve", "Pending")]
        await window.ticking(lambda: window.runs == [("Approve", "Success")])
    assert board.started == []


@pytest.mark.parametrize(("sent", "status"), [(True, job.UNKNOWN), (False, job.REFUSED)])
async def test_a_start_without_an_answer_is_never_sent_again(
    path: Path, sent: bool, status: str
) -> None:
    left_behind(path, sent=sent)
    board = Board(row("1"))
    async with opened(board, path) as window:
        assert window.runs == [("Approve", status)]
        await window.session.idle()
        assert ("actions" in board.calls) is (status == job.UNKNOWN)  # what is known: what it offers now
        assert window.session.state.runs[0].needs_reading
    assert board.started == []


async def test_the_request_leaves_only_when_it_is_in_the_book(path: Path) -> None:
    board = Board(row("1"))
    board.hold("start_execution")
    async with opened(board, path) as window:
        assert window.session.run_action("1", APPROVE) == ""
        await window.ticking(lambda: board.started)
        (kept,) = window.ledger.runs().load()
        assert (kept.status, kept.sent) == (job.STARTING, True)
        board.release("start_execution")


async def test_two_windows_show_it_and_one_asks(path: Path) -> None:
    one, two = Board(row("1")), Board(row("1"))
    async with opened(one, path) as first, opened(two, path, 2) as second:
        assert first.session.run_action("1", APPROVE) == ""
        await first.ticking(lambda: first.runs == [("Approve", "Pending")])
        await second.ticking(lambda: second.runs == [("Approve", "Pending")])
        one.answers = [Execution("e1", "Success")]
        await first.ticking(lambda: first.runs == [("Approve", "Success")])
        await second.ticking(lambda: second.runs == [("Approve", "Success")])
        assert "execution" not in two.calls
        first.session.dismiss_run(first.session.state.runs[0].ticket)
        await second.ticking(lambda: second.runs == [])


async def test_a_window_takes_over_what_another_leaves(path: Path) -> None:
    one, two = Board(row("1")), Board(row("1"))
    async with opened(two, path, 2) as second:
        async with opened(one, path) as first:
            first.session.run_action("1", APPROVE)
            await first.ticking(lambda: first.runs == [("Approve", "Pending")])
            await second.ticking(lambda: second.runs == [("Approve", "Pending")])
        two.answers = [Execution("e1", "Fail", ("no",))]
        await second.ticking(lambda: second.runs == [("Approve", "Fail")])


async def test_the_same_moment_in_two_windows_makes_two_runs(path: Path) -> None:
    board = Board(row("1"), row("2"))
    async with opened(board, path) as first, opened(board, path, 2) as second:
        first.session.run_action("1", APPROVE)
        second.session.run_action("2", APPROVE)
        await first.ticking(lambda: len(first.runs) == 2)
        assert len({run.ticket for run in first.session.state.runs}) == 2


def test_what_is_old_and_read_is_forgotten() -> None:
    old = Run(1, "w", "1", "1", "T", "a", "A", None, 0.0, status=job.SUCCESS, ended=0.0)
    failed = replace(old, ticket=2, status=job.FAIL)
    read = replace(failed, ticket=3, is_read=True)
    running = replace(old, ticket=4, status="Pending")
    kept = job.worth_keeping([old, failed, read, running], job.LONGEST_KEPT + 1)
    assert [run.ticket for run in kept] == [2, 4]
    many = [replace(old, ticket=n) for n in range(300)]
    assert len(job.worth_keeping(many, 1.0)) == job.MAX_ENDED_RUNS


def test_a_window_that_was_killed_loses_its_runs(path: Path) -> None:
    file = PrivateFile(path, LEDGER)
    one, two = RunTable(file), RunTable(file)
    assert one.claim(1, 2) == {1, 2} and two.claim(1, 3) == {3}
    one.close()
    assert two.claim(1, 2) == {1, 2}
    two.close()
