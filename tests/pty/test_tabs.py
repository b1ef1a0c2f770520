"""The tabs of a task against the real server: said, ticked, told."""

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program


def bodies(server: Server) -> list[str]:
    return [each["body"] for each in server.call("GET", "/tasks/43/comments")]


def statuses(server: Server) -> dict[str, str]:
    return {each["title"]: each["status"] for each in server.call("GET", "/tasks/43/checklist_items")}


def test_a_comment_is_written_read_and_answered(board: Program, server: Server) -> None:
    board.press("c")
    board.wait_for("No comments yet")
    board.press("enter")
    board.wait_for("Comment on XYZ Inc")
    board.settle()
    board.press(*"Hello @grac")
    board.wait_for("take the name")
    board.press("enter")
    board.wait_for("Hello @Grace Hopper")
    for part in ("look", "\n", "here", ("enter",)):  # each in a read of its own: more lines were a paste
        board.settle()
        board.press(*part)
    wait_until(lambda: bodies(server) == ["Hello @Grace Hopper look\nhere"], board)
    board.wait_for(r"Comments 1")
    board.wait_for("Hello @Grace Hopper look")
    server.call("POST", "/tasks/43/comments", {"body": "An \u001b[31manswer"})
    board.press("r")
    board.wait_for("Comments 2")
    board.wait_for("␛.31manswer")


def test_a_comment_left_half_written_is_kept(board: Program, server: Server) -> None:
    board.press("c")
    board.wait_for("No comments yet")
    board.press("enter")
    board.wait_for("Comment on")
    board.settle()
    board.press(*"Half a thought", "escape")
    board.wait_for("Not sent: Half a thought")
    assert bodies(server) == []
    board.press("enter")
    board.wait_for("Comment on")
    board.settle()
    board.press("enter")
    wait_until(lambda: bodies(server) == ["Half a thought"], board)


def test_a_refused_comment_keeps_its_text(polling_board: Program, server: Server) -> None:
    board = polling_board
    board.press("c")
    board.wait_for("No comments yet")
    server.call("DELETE", "/tasks/43")
    board.press("enter")
    board.wait_for("Comment on")
    board.settle()
    board.press(*"Too late", "enter")
    board.wait_for("could not comment")


def test_the_checklist_is_ticked_skipped_added_to(board: Program, server: Server) -> None:
    server.call("PUT", "/tasks", {"Company ID": "43", "Stage": "Under Review"})
    server.call("POST", "/tasks/43/checklist_items", {"title": "Elsewhere", "Stage": "Done"})
    first, second, _ = statuses(server)
    board.press("r")
    board.wait_for(r"Not Started +6")
    board.press("/", *"xyz", "enter")
    board.wait_for("1 of 24")
    board.settle()
    board.press("C")
    board.wait_for("Checklist 0/2")
    assert "Elsewhere" not in board.screen
    board.settle()
    board.press("space")
    wait_until(lambda: statuses(server)[first] == "Completed", board)
    board.wait_for("Checklist 1/2")
    board.press("j", "s")
    wait_until(lambda: statuses(server)[second] == "Skipped", board)
    board.settle()
    board.press("r")
    wait_until(lambda: statuses(server)[second] == "Blank", board)
    board.settle()
    board.press("n")
    board.wait_for("To do in Under Review")
    board.settle()
    board.press(*"Call them", "enter")
    wait_until(lambda: statuses(server).get("Call them") == "Blank", board)
    board.press("a")
    board.wait_for("Elsewhere")
    board.settle()
    board.press("u")
    wait_until(lambda: statuses(server)[second] == "Skipped", board)


def test_an_item_of_the_template_is_not_deleted_another_only_when_asked(
    board: Program, server: Server
) -> None:
    server.call("POST", "/tasks/43/checklist_items", {"title": "Mine", "Stage": "Not Started"})
    board.press("C")
    board.wait_for("Mine")
    board.settle()
    board.press("G", "d")
    board.wait_for("Delete Mine")
    board.settle()
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    wait_until(lambda: "Mine" not in statuses(server), board)


def test_links_are_made_followed_and_undone(board: Program) -> None:
    board.press("w")
    board.wait_for("Bug triage")
    board.settle()
    board.press(*"bug", "enter")
    board.wait_for("Confirmed")
    board.wait_for("● live")
    board.settle()
    board.press("K")
    board.wait_for("Expenses")
    board.settle()
    board.press("n")
    board.wait_for("Link in Expenses")
    board.settle()
    board.press(*"taxi", "enter")
    board.wait_for("Links 1")
    board.wait_for("Taxi")
    board.settle()
    board.press("G", "enter")
    board.wait_for("Expense approval")
    board.wait_for(r"▌ Taxi")


def test_activity_tells_who_changed_what(board: Program, server: Server) -> None:
    server.call("PUT", "/tasks", {"Company ID": "43", "Company Name": "XYZ Incorporated"})
    board.press("t")
    board.wait_for(r"XYZ Inc. → XYZ")
    board.wait_for("first changed")


def test_an_idle_tab_writes_nothing(board: Program) -> None:
    board.press("c")
    board.wait_for("No comments yet")
    board.settle(quiet=1.0)
    before = len(board.output)
    board.settle(1.0)
    assert len(board.output) == before
