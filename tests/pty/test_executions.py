"""Executions through a terminal: how often they are asked for, what is said, what a kill leaves."""

import signal
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.moody import ACTIONS, MoodyFlowdash
from tests.pty.strict import KEY
from tests.terminal import Program

Opener = Callable[..., Program]


@pytest.fixture
def moody() -> Iterator[MoodyFlowdash]:
    served = MoodyFlowdash()
    yield served
    served.stop()


@pytest.fixture
def window(start: Opener, moody: MoodyFlowdash) -> Opener:
    """Opens a board on the moody server; all of them share one state folder."""

    def run(**more: Any) -> Program:
        environ = {"FDTUI_URL": moody.url, "FDTUI_API_KEY": KEY, "FDTUI_USER": "user@example.com"}
        program = start(**environ, **more)
        program.wait_for("● live")
        program.settle()
        return program

    return run


def run_action(program: Program, name: str) -> None:
    program.press("a")
    program.wait_for("Run on")
    program.press(str(ACTIONS.index(name) + 1))


def test_an_action_of_the_demo_server(board: Program, server: Server) -> None:
    board.press("a")
    board.wait_for("Run on .*as Example User")
    board.press("1")
    board.wait_for("✓ Success +Start")
    wait_until(lambda: server.call("GET", "/tasks/43")["Stage"] == "In Progress", board)
    board.wait_gone("Executions 1")  # nothing is left to be read
    board.settle(1.2)
    before = len(board.output)
    board.read(3)
    assert board.output[before:] == b""


def test_what_is_stuck_is_asked_for_ever_less_often(window: Opener, moody: MoodyFlowdash) -> None:
    program = window()
    run_action(program, "Stuck")
    program.wait_for("⟳ Pending")
    run_action(program, "Stuck")
    program.wait_for("already running on this task")
    program.press("escape")
    wait_until(lambda: len(moody.looks()) >= 6, program, 30)
    assert len(moody.started) == 1
    assert moody.started[0]["performed_by"] == "user@example.com"
    gaps = [after - before for before, after in pairwise(moody.looks())]
    assert all(after > before for before, after in pairwise(gaps)), gaps
    assert moody.at_once == 1
    assert "⟳ 1 running" in program.screen and "Pending" in program.screen


def test_a_lost_answer_is_unknown_and_never_sent_twice(window: Opener, moody: MoodyFlowdash) -> None:
    program = window()
    run_action(program, "Lost")
    program.wait_for(r"\? 1 unknown")
    program.wait_for("in Not Started now and offers Swift")
    assert len(moody.started) == 1
    program.press("tab")
    program.wait_for("not sent again")
    program.press("r")
    program.wait_for("It may have run already")
    program.press("n")
    program.settle()
    assert len(moody.started) == 1


def test_what_the_server_forgot_is_lost_after_three_looks(window: Opener, moody: MoodyFlowdash) -> None:
    program = window()
    run_action(program, "Vanish")
    program.wait_for(r"\? Lost +Vanish", 20)
    assert len(moody.looks()) == 3
    wait_until(
        lambda: any(each[1] == "GET" and each[2].endswith("/tasks/0") for each in moody.asked), program
    )


def test_a_failure_stays_until_it_is_read(window: Opener, moody: MoodyFlowdash) -> None:
    program = window()
    run_action(program, "Failing")
    program.wait_for("✗ 1 failed")
    program.wait_for("foo is not a valid email")
    program.press("tab")
    program.wait_gone("1 failed")
    program.press("d")
    program.wait_for("No executions yet")


def test_a_word_that_nobody_knows_and_a_server_that_is_tired(
    window: Opener, moody: MoodyFlowdash
) -> None:
    program = window()
    run_action(program, "Tired")
    program.wait_for("✓ Success", 20)
    first, second = moody.looks()
    assert 3 <= second - first < 6
    program.settle()
    run_action(program, "Odd")
    program.wait_for("⟳ Pondering", 20)


def test_a_kill_while_it_is_pending(window: Opener, moody: MoodyFlowdash) -> None:
    program = window()
    run_action(program, "Stuck")
    program.wait_for("⟳ Pending")
    wait_until(lambda: bool(moody.looks()), program)
    program.settle(0.5)
    program.signal(signal.SIGKILL)
    program.wait_end()
    looks = len(moody.looks())
    again = window()
    again.wait_for("⟳ Pending +Stuck")
    wait_until(lambda: len(moody.looks()) > looks, again)
    moody.moods["x1"] = "Swift"
    again.wait_for("✓ Success +Stuck", 30)
    assert len(moody.started) == 1


def test_a_kill_between_the_request_and_its_answer(window: Opener, moody: MoodyFlowdash) -> None:
    program = window()
    run_action(program, "Silent")
    wait_until(lambda: bool(moody.started), program)
    program.signal(signal.SIGKILL)
    program.wait_end()
    again = window()
    again.wait_for(r"\? Unknown +Silent")
    again.wait_for("offers Swift")
    assert len(moody.started) == 1


def test_two_windows_on_one_machine(window: Opener, moody: MoodyFlowdash) -> None:
    one, two = window(), window()
    run_action(one, "Stuck")
    one.wait_for("⟳ Pending")
    two.wait_for("⟳ Pending +Stuck", 20)
    wait_until(lambda: len(moody.looks()) >= 4, one, 20)
    gaps = [after - before for before, after in pairwise(moody.looks())]
    assert all(after > before for before, after in pairwise(gaps)), gaps
    one.signal(signal.SIGKILL)
    one.wait_end()
    looks = len(moody.looks())
    moody.moods["x1"] = "Swift"
    two.wait_for("✓ Success +Stuck", 30)
    assert len(moody.looks()) == looks + 1 and len(moody.started) == 1
