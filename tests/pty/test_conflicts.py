"""Somebody else was faster: both sides are kept until the user has chosen."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.link import Link
from tests.pty.test_editing import drafts_in
from tests.terminal import Program


@pytest.fixture
def board(polling_board: Program) -> Program:
    """One that does not know yet what a colleague has just done."""
    return polling_board


def stage(server: Server) -> str:
    found = server.call("GET", "/tasks/43")["Stage"]
    assert isinstance(found, str)
    return found


def overtake(board: Program, server: Server) -> None:
    """A colleague moves the card, then the user does: the dialog is open."""
    server.call("PUT", "/tasks", {"Company ID": "43", "Stage": "Under Review"})
    board.press("L")
    board.wait_for("changed meanwhile")
    board.settle()
    board.press("=")
    board.wait_for("Conflict on XYZ Inc")
    board.wait_for(r"Not Started +● Under Review +In Progress")


def test_mine(board: Program, server: Server) -> None:
    overtake(board, server)
    board.press("m")
    board.wait_for(r"Under Review +● In Progress")
    board.press("enter")
    wait_until(lambda: stage(server) == "In Progress", board)
    board.wait_gone("Conflict on")


def test_theirs(board: Program, server: Server) -> None:
    overtake(board, server)
    board.press("enter")
    board.wait_for("Kept theirs")
    board.settle()
    board.press("=")
    board.wait_for("No conflicts")
    assert stage(server) == "Under Review"


def test_it_can_wait_and_says_how_to_come_back(board: Program, server: Server) -> None:
    overtake(board, server)
    board.press("escape")
    board.wait_for(r"≠ Conflict on XYZ Inc.*: = lets you choose")
    assert stage(server) == "Under Review"


def test_mine_edited(board: Program, server: Server) -> None:
    overtake(board, server)
    board.press("e", "ctrl+u", *"Nowhere", "enter")
    board.settle()
    board.press("escape", "escape")
    board.settle()
    board.press("=")
    board.wait_for("Conflict on XYZ Inc")
    board.press("e", "ctrl+u", *"Done", "enter", "enter")
    wait_until(lambda: stage(server) == "Done", board)


def test_an_undo_that_somebody_overtook(board: Program, server: Server) -> None:
    board.press("L")
    wait_until(lambda: stage(server) == "In Progress", board)
    board.settle()
    server.call("PUT", "/tasks", {"Company ID": "43", "Stage": "Done"})
    board.press("u")
    board.wait_for("changed meanwhile")
    board.settle()
    board.press("=")
    board.wait_for("You undid a change")
    board.wait_for(r"In Progress +● Done +Not Started")
    assert stage(server) == "Done"


def name_in_place(board: Program, opens: str = "enter save") -> None:
    """The name of the company under the cursor is open for typing, or ``opens`` comes first."""
    board.press("enter")
    board.wait_for("Number of Employees")
    board.press("tab", "j", "enter")
    board.wait_for(opens)
    board.settle()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_what_is_edited_in_a_conflict_outlives_the_program(
    board: Program,
    server: Server,
    link: Link,
    *,
    start: Callable[..., Program],
    tmp_path: Path,
    end: int,
) -> None:
    name_in_place(board)
    board.press(*" Ltd", "enter")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. Ltd", board)
    board.wait_gone("enter save")
    server.call("PUT", "/tasks", {"Company ID": "43", "Company Name": "Theirs"})
    board.press("tab", "u")
    board.wait_for("changed meanwhile")
    board.settle()
    board.press("=")
    board.wait_for("You undid a change")
    board.press("e")
    board.settle()
    board.press("ctrl+u", *"A long name")
    board.wait_for("A long name")
    if end == signal.SIGKILL:
        wait_until(lambda: "A long name" in drafts_in(tmp_path / "home"), board)
    board.signal(end)
    board.wait_end()
    known = {"FDTUI_URL": link.url, "FDTUI_API_KEY": server.key, "FDTUI_USER": "user@example.com"}
    again = start(**known)
    again.wait_for("1 draft of yours")
    again.settle()
    again.press("/", *"theirs")
    again.wait_for("/theirs")
    again.press("enter")
    again.wait_for("1 of 24")
    again.press("=")  # the conflict is there, too, and in it what was typed
    again.wait_for("You undid a change")
    again.press("e")
    again.wait_for("A long name")


def test_a_text_left_in_a_conflict_is_there_again_and_gone_once_chosen(
    board: Program, server: Server, tmp_path: Path
) -> None:
    name_in_place(board)
    board.press(*" Ltd", "enter")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. Ltd", board)
    board.wait_gone("enter save")
    server.call("PUT", "/tasks", {"Company ID": "43", "Company Name": "Theirs"})
    board.press("tab", "u")
    board.wait_for("changed meanwhile")
    board.settle()
    board.press("=", "e")
    board.settle()
    board.press(*" half")
    board.wait_for("XYZ Inc. half")
    board.press("escape")
    board.settle()
    board.press("escape")
    wait_until(lambda: "XYZ Inc. half" in drafts_in(tmp_path / "home"), board)
    board.settle()
    board.press("=")
    board.wait_for("Conflict on")
    board.press("e")
    board.wait_for("mine XYZ Inc. half")
    board.press("enter")
    board.settle()
    board.press("enter")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. half", board)
    wait_until(lambda: drafts_in(tmp_path / "home") == "[]", board)


def test_a_task_that_was_deleted_can_be_made_anew(board: Program, server: Server) -> None:
    server.call("DELETE", "/tasks/43")
    board.press("L")
    board.wait_for("deleted this task")
    board.settle()
    board.press("=")
    board.wait_for(r"was deleted before your change \(move to In Progress\)")
    board.wait_for("XYZ Inc.")
    board.press("n")
    wait_until(lambda: any(r["Company Name"] == "XYZ Inc." for r in server.call("GET", "/tasks")), board)
    made = server.call("GET", "/tasks/43")
    assert (made["Stage"], made["Contract Value"]) == ("In Progress", "500000.00")
    board.wait_gone("Conflict on")


def test_a_change_of_a_deleted_task_is_discarded_only_when_asked(board: Program, server: Server) -> None:
    server.call("DELETE", "/tasks/43")
    board.press("L")
    board.wait_for("deleted this task")
    board.settle()
    board.press("=")
    board.wait_for("was deleted before")
    board.press("x")
    board.wait_for("Keep it for later")
    board.settle()
    board.press("escape")
    board.wait_for("Conflict on XYZ Inc")
    board.press("=", "x")
    board.wait_for("Keep it for later")
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    board.wait_for("Discarded")
