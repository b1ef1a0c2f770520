"""What keys do to a task, through a real terminal and our own server."""

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program


def test_a_card_that_a_colleague_took_leaves_no_other_under_the_finger(
    board: Program, server: Server
) -> None:
    server.call("PUT", "/tasks", {"Company ID": "43", "Stage": "Done"})
    board.press("r")
    board.wait_for("▌ 44 · ")
    board.settle()
    before = {task["Company ID"]: task["Stage"] for task in server.call("GET", "/tasks")}
    board.press("L")
    board.wait_for("XYZ Inc. was moved to Done by someone else; press L again to move Northwind")
    board.settle()
    assert {task["Company ID"]: task["Stage"] for task in server.call("GET", "/tasks")} == before
    board.press("L")
    wait_until(lambda: server.call("GET", "/tasks/44")["Stage"] == "In Progress", board)


def test_a_tiny_window_moves_and_deletes_nothing(board: Program, server: Server) -> None:
    board.resize(14, 4)
    board.wait_for("Too")
    board.press("L", "d", "y")
    board.settle()
    assert server.call("GET", "/tasks/43")["Stage"] == "Not Started"
    board.press("q")
    assert board.wait_end() == 0


def test_a_number_before_a_move_is_honoured(board: Program, server: Server) -> None:
    board.press("2", "L")
    wait_until(lambda: server.call("GET", "/tasks/43")["Stage"] == "Under Review", board)
