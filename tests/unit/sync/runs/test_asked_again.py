"""Executions whose answer was lost, on a server that starts nothing twice under one name."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from fdtui.core import job
from fdtui.core.errors import NotAuthenticatedError, UnclearError, UnreachableError
from fdtui.core.job import Execution
from fdtui.sync.gateway import CLOCKS_DIFFER
from fdtui.sync.storage.database import Ledger
from tests.unit.sync.gateway import Board
from tests.unit.sync.runs.test_registry import APPROVE, left_behind, opened
from tests.unit.sync.session_driver import row, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


class Memory(Board):
    """A board that starts nothing twice under one name, as our own server."""

    def __init__(self, *rows: dict[str, object]) -> None:
        super().__init__(*rows)
        self.keeps_keys_for = 86_400.0
        self.names: list[str] = []

    async def start_execution(
        self, workflow: str, uid: str, action: str, performed_by: str | None, *, once: str = ""
    ) -> Execution:
        if once not in self.names:
            await super().start_execution(workflow, uid, action, performed_by)
        elif not self.keeps_keys_for:
            raise AssertionError("sent twice")
        self.names.append(once)
        if self._losses.get("start_execution"):
            raise self._losses["start_execution"].pop(0)
        return Execution("e1", "Pending")


LOST = UnreachableError("Connection reset.", sent=True)


async def test_a_lost_answer_is_asked_for_again_where_the_server_knows_the_request(
    path: Path,
) -> None:
    board = Memory(row("1"))
    board.lose("start_execution", LOST, UnclearError("A web page.", status=200), LOST)
    board.answers = [Execution("e1", "Success")]
    async with opened(board, path) as window:
        await until(lambda: window.session.state.base)
        window.session.run_action("1", APPROVE)
        await window.ticking(lambda: window.runs == [("Approve", job.SUCCESS)])
        assert (len(board.started), len(board.names), len(set(board.names))) == (1, 4, 1)


async def test_a_run_stays_sent_though_the_next_try_did_not_leave(path: Path) -> None:
    board = Memory(row("1"))
    board.lose("start_execution", LOST, UnreachableError("Connection refused."))
    async with opened(board, path) as window:
        await until(lambda: window.session.state.base)
        window.session.run_action("1", APPROVE)
        await window.ticking(lambda: len(board.names) == 2)
        (run,) = window.session.state.runs
        assert (run.status, run.sent) == (job.STARTING, True)
        board.keeps_keys_for = 0.0  # another server has taken its place
        await window.ticking(lambda: window.runs == [("Approve", job.UNKNOWN)])
        assert (len(board.started), len(board.names)) == (1, 2)


@pytest.mark.parametrize(
    ("once", "keeps", "status"),
    [
        ("n" * 32, 86_400.0, job.SUCCESS),
        ("n" * 32, 0.0, job.UNKNOWN),
        ("n" * 32, CLOCKS_DIFFER + 9, job.UNKNOWN),  # it was sent ten seconds ago
        ("", 86_400.0, job.UNKNOWN),
    ],
)
async def test_after_a_kill_the_answer_is_asked_for_again(
    path: Path, once: str, keeps: float, status: str
) -> None:
    left_behind(path, once=once, sent=True)
    board = Memory(row("1"))
    board.keeps_keys_for = keeps
    board.names = [once]
    board.answers = [Execution("e1", "Success")]
    async with opened(board, path) as window:
        await window.ticking(lambda: window.runs == [("Approve", status)])
        assert (len(board.started), len(board.names) - 1) == (0, status == job.SUCCESS)
        await window.session.idle()
        if status == job.UNKNOWN:
            assert "may have been started" in window.said[-1]


async def test_a_key_that_no_longer_works_says_nothing_of_what_was_sent(path: Path) -> None:
    board = Memory(row("1"))
    board.lose("start_execution", LOST, NotAuthenticatedError("No such key (401).", status=401))
    async with opened(board, path) as window:
        await until(lambda: window.session.state.base)
        window.session.run_action("1", APPROVE)
        await window.ticking(lambda: window.runs == [("Approve", job.UNKNOWN)])


def test_a_run_of_before_has_no_name(path: Path) -> None:
    left_behind(path, once="x", sent=True)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("update run set body = json_remove(body, '$.once')")
    ledger = Ledger(path)
    (run,) = ledger.runs().load()
    assert (run.once, run.sent) == ("", True)
    ledger.close()
