"""Somebody else was faster: both sides are kept until the user has chosen."""

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program


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
    board.wait_for("Theirs stands")
    board.settle()
    board.press("=")
    board.wait_for("Nothing is in conflict")
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
    board.wait_for("You took a change back")
    board.wait_for(r"In Progress +● Done +Not Started")
    assert stage(server) == "Done"


def test_a_task_that_was_deleted_can_be_made_anew(board: Program, server: Server) -> None:
    server.call("DELETE", "/tasks/43")
    board.press("L")
    board.wait_for("deleted this task")
    board.settle()
    board.press("=")
    board.wait_for("was deleted while you wanted to move to In Progress")
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
    board.wait_for("was deleted while")
    board.press("x")
    board.wait_for("Keep it for later")
    board.settle()
    board.press("escape")
    board.wait_for("Conflict on XYZ Inc")
    board.press("=", "x", "d")
    board.wait_for("Discarded")
