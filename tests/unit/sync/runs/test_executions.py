import asyncio
from random import Random

from fdtui.core import job
from fdtui.core.details import Action
from fdtui.core.errors import InvalidError, NotFoundError, RateLimitedError, UnreachableError
from fdtui.core.job import Execution
from fdtui.core.state import Mark
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import SessionDriver, row, running, until

APPROVE = Action("a1", "Approve")


async def tick_until_over(desk: SessionDriver) -> None:
    for _ in range(400):
        if desk.state.runs and desk.state.runs[-1].is_over:
            break
        desk.clock.tick()
        await asyncio.sleep(0)
    await desk.session.idle()


async def test_a_run_is_on_the_screen_at_once_and_followed_to_its_end() -> None:
    board = Board(row("1"))
    board.answers = [Execution("e1", "Pending"), Execution("e1", "Thinking"), Execution("e1", "Success")]
    async with running(board, me="ada@example.com") as desk:
        await desk.session.idle()
        assert desk.session.run_action("1", APPROVE) == ""
        assert [run.status for run in desk.state.runs] == [job.STARTING]
        assert desk.state.mark(desk.state.shown["1"]) is Mark.RUNNING
        await desk.session.idle()
        board.rows["1"]["Stage"] = "Done"
        await tick_until_over(desk)
        assert [run.status for run in desk.state.runs] == [job.SUCCESS]
        assert {s.runs[-1].status for s in desk.states if s.runs} >= {"Starting", "Pending", "Thinking"}
        assert desk.state.shown["1"].stage == "Done"
        assert board.started == [("1", "a1", "ada@example.com")]
        assert desk.notices[-1].text == "Approve on Task 1: done"


async def test_ten_presses_are_one_request() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        told = [desk.session.run_action("1", APPROVE) for _ in range(10)]
        await desk.session.idle()
        assert told[0] == ""
        assert all("already running" in each for each in told[1:])
        assert len(board.started) == 1


async def test_missing_requirements_are_kept_whole() -> None:
    board = Board(row("1"))
    errors = ("Name is required", "Must be assigned")
    board.fail("start_execution", InvalidError(errors=errors))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.run_action("1", APPROVE)
        await desk.session.idle()
        (run,) = desk.state.runs
        assert (run.status, run.errors) == (job.REFUSED, errors)


async def test_a_lost_answer_is_unknown_and_not_sent_again() -> None:
    board = Board(row("1"))
    board.fail("start_execution", UnreachableError("Timed out.", sent=True))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.run_action("1", APPROVE)
        await desk.session.idle()
        assert desk.state.runs[0].status == job.UNKNOWN
        assert len(board.started) == 1


async def test_what_never_left_is_sent_when_there_is_a_way() -> None:
    board = Board(row("1"))
    board.fail("start_execution", UnreachableError("Connection refused.", sent=False))
    board.answers = [Execution("e1", "Success")]
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.run_action("1", APPROVE)
        await tick_until_over(desk)
        assert desk.state.runs[0].status == job.SUCCESS


async def test_an_execution_that_the_server_forgot_is_lost_after_three_looks() -> None:
    board = Board(row("1"))
    board.fail("execution", *[NotFoundError("No such execution.", status=404)] * 9)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.run_action("1", APPROVE)
        await tick_until_over(desk)
        assert desk.state.runs[0].status == job.LOST
        assert board.calls.count("execution") == job.MAX_UNKNOWN_ANSWERS
        assert len(board.started) == 1


async def test_a_server_that_asks_for_patience_gets_it() -> None:
    board = Board(row("1"))
    board.fail("execution", RateLimitedError("Slowly.", retry_after=17))
    board.answers = [Execution("e1", "Success")]
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.run_action("1", APPROVE)
        await desk.session.idle()
        desk.clock.tick()
        await until(lambda: any(seconds >= 17 for seconds, _ in desk.clock.naps))
        await tick_until_over(desk)
        assert desk.state.runs[0].status == job.SUCCESS


async def test_a_failure_says_why_and_stays_until_read() -> None:
    board = Board(row("1"))
    board.answers = [Execution("e1", "Fail", ("foo is not a valid email",))]
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.run_action("1", APPROVE)
        await tick_until_over(desk)
        (run,) = desk.state.runs
        assert (run.status, run.errors, run.is_read) == (job.FAIL, ("foo is not a valid email",), False)
        desk.session.mark_runs_read()
        assert desk.state.runs[0].is_read
        desk.session.dismiss_run(run.ticket)
        assert desk.state.runs == ()


def test_looks_come_soon_at_first_and_seldom_later() -> None:
    waits = [job.wait_before(look, Random(1)) for look in range(30)]
    assert waits[0] < 1
    assert all(wait <= job.LONGEST_WAIT * 1.2 for wait in waits)
    assert waits[12] > 10
