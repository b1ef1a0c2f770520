"""The pane's editor: it stands on the task that it was opened on, whatever becomes of that."""

import re

import pytest

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program

NAME = "Company Name"
OF_43 = r"Company ID\s+43"
"""The line of the pane that says whose fields these are."""


@pytest.fixture
def typed(board: Program) -> Program:
    """Task 43 in the pane, its name being changed, the end stages hidden."""
    board.press(".", "enter")
    board.wait_for(OF_43)
    board.press("tab", "j", "enter")
    board.wait_for("enter save")
    board.settle()
    board.press(*" MINE")
    board.wait_for("XYZ Inc. MINE")
    return board


def test_a_task_that_leaves_the_board_stays_under_its_editor(typed: Program, server: Server) -> None:
    server.call("PUT", "/tasks", {"Company ID": "43", "Stage": "Done"})
    typed.wait_for("live  19 tasks", 20)  # of those that the board shows
    typed.settle()
    assert re.search(OF_43, typed.screen) and "XYZ Inc. MINE" in typed.screen
    assert "● Done" in typed.screen
    typed.press("tab")
    wait_until(lambda: server.call("GET", "/tasks/43")[NAME] == "XYZ Inc. MINE", typed)
    typed.settle()
    assert re.search(OF_43, typed.screen)  # the next field is this task's, too
    typed.press(*"!!", "escape")
    typed.wait_for("Keep it as a draft")
    typed.settle(0.4)  # as long as it takes to read the question
    typed.press("d")
    typed.wait_gone(OF_43)
    assert server.call("GET", "/tasks/43")[NAME] == "XYZ Inc. MINE"


def test_a_task_that_is_deleted_stays_under_its_editor(typed: Program, server: Server) -> None:
    server.call("DELETE", "/tasks/43")
    typed.wait_for("Someone deleted this task", 20)
    typed.settle()
    assert re.search(OF_43, typed.screen) and "XYZ Inc. MINE" in typed.screen
    typed.press("enter")
    typed.wait_for("Make a new task")
    assert re.search(OF_43, typed.screen)
    typed.press("n")
    wait_until(lambda: bool(made_again(server)), typed)
    typed.wait_for("▌ XYZ Inc. MINE")  # the cursor goes to what was made
    assert made_again(server)["Number of Employees"]  # all of it, not the field alone


def made_again(server: Server) -> dict[str, str]:
    """The task that was made of the deleted one."""
    found = [each for each in server.call("GET", "/tasks") if each[NAME] == "XYZ Inc. MINE"]
    return found[0] if found else {}


def test_a_refusal_in_the_pane_gives_its_reason(board: Program, server: Server) -> None:
    board.press("enter")
    board.wait_for(OF_43)
    board.press("tab", "j", "enter")
    board.wait_for("enter save")
    board.settle()
    server.call("DELETE", "/tasks/43")
    board.press(*" MINE", "enter")
    board.wait_for("Someone deleted this task")
    assert re.search(OF_43, board.screen)


def test_what_is_marked_is_what_is_edited_however_fast(board: Program, server: Server) -> None:
    board.press("enter")
    board.wait_for(OF_43)
    board.press("tab", "j", "j", "j")
    board.settle()
    before = server.call("GET", "/tasks")
    board.press("escape")
    board.wait_gone(OF_43)
    board.settle()
    board.write(b"j\tj\r")
    board.wait_for("enter save")
    board.settle()
    board.press(*" FAST", "enter")

    def changed() -> list[tuple[str, str]]:
        pairs = zip(before, server.call("GET", "/tasks"), strict=True)
        return [(k, new[k]) for old, new in pairs for k in new if new[k] != old.get(k)]

    wait_until(lambda: len(changed()) > 0, board)
    ((name, value),) = changed()
    assert name == NAME and value.endswith(" FAST")
    assert value in board.screen
