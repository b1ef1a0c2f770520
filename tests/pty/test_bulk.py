"""Many tasks changed at once, against the real server: refused ones, stopped ones, taken back whole."""

from collections.abc import Callable

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program

FIVE = ("43", "44", "45", "46", "47")


def stages(server: Server) -> dict[str, str]:
    return {row["Company ID"]: row["Stage"] for row in server.call("GET", "/tasks")}


def test_five_are_moved_and_one_is_refused(polling_board: Program, server: Server) -> None:
    board = polling_board
    board.press(*["space"] * 5)
    board.wait_for("5 selected")
    server.call("PUT", "/tasks", {"Company ID": "45", "Stage": "Done"})
    board.press("L")
    board.wait_for(r"Not Started → In Progress")
    assert stages(server)["43"] == "Not Started", "nothing leaves before the preview is answered"
    board.press("enter")
    board.wait_for(r"4 of 5 went through, 1 failed")
    board.wait_for(r"changed meanwhile")
    found = stages(server)
    assert [found[uid] for uid in FIVE] == ["In Progress", "In Progress", "Done", *["In Progress"] * 2]
    board.press("r")  # tried again: now from what it is, for a retry is a new change
    board.wait_for("it went through")
    wait_until(lambda: stages(server)["45"] == "In Progress", board)
    board.settle()
    assert "Conflict on" not in board.screen


def test_one_undo_takes_the_whole_change_back(board: Program, server: Server) -> None:
    before = stages(server)
    board.press(*["space"] * 3, "m")
    board.wait_for("Move 3 tasks to")
    board.settle()
    board.press(*"under", "enter")
    board.wait_for("→ Under Review")
    board.settle()
    board.press("enter")
    board.wait_for("all 3 went through")
    assert [stages(server)[uid] for uid in ("43", "44", "45")] == ["Under Review"] * 3
    board.press("u")
    wait_until(lambda: stages(server) == before, board)
    board.settle()
    board.press("ctrl+r")
    wait_until(
        lambda: [stages(server)[uid] for uid in ("43", "44", "45")] == ["Under Review"] * 3, board
    )


def test_a_column_is_given_to_me(board: Program, server: Server) -> None:
    board.press("V")
    count = int(board.wait_for(r"(\d+) selected")[1])
    board.press("I")
    board.wait_for("user@example.com")
    board.settle()
    board.press("enter")
    board.wait_for(f"all {count} went through|{count} of {count}|went through")

    def mine() -> bool:
        rows = server.call("GET", "/tasks?Stage=Not%20Started")
        return {row["Assigned To"] for row in rows} == {"user@example.com"}

    wait_until(mine, board)


def test_what_is_not_sent_can_be_stopped(board: Program, server: Server) -> None:
    server.stop()
    board.press("r")
    board.wait_for("offline since")
    board.press("V", "L")
    board.wait_for("→ In Progress")
    board.settle()
    board.press("enter")
    board.wait_for(r"0 of 7.*X.*stops")
    board.press("X")
    board.wait_for(r"0 of 7 went through, 7 stopped")
    board.press("escape")
    again = Server(server.folder, int(server.url.rpartition(":")[2]), server.key)
    try:
        board.press("r")
        board.wait_for("● live", 30)
        board.settle()
        assert set(map(stages(again).get, FIVE)) == {"Not Started"}
    finally:
        again.stop()


def test_the_selection_outlives_a_refresh_and_ends_with_escape(board: Program, server: Server) -> None:
    board.press("space", "space")
    board.wait_for("2 selected")
    server.call("PUT", "/tasks", {"Company ID": "43", "Company Name": "Renamed by Grace"})
    board.press("r")
    board.wait_for("┃ .*Renamed by Grace")
    assert "2 selected" in board.screen
    server.call("DELETE", "/tasks/43")
    board.press("r")
    board.wait_for("1 selected")
    board.press("escape")
    board.wait_gone("selected")


def test_a_bulk_change_at_80_by_24(start: Callable[..., Program], server: Server) -> None:
    program = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, columns=80, rows=24)
    program.wait_for("live")
    program.settle()
    program.press("space", "space", "L")
    program.wait_for("In Progress: 2 tasks")
    program.settle()
    program.press("enter")
    program.wait_for("all 2 went through")


def test_one_field_of_many_is_set_after_a_check(board: Program, server: Server) -> None:
    board.press("space", "space", "e")
    board.wait_for("Set a field of 2 tasks")
    board.settle()
    board.press(*"contract v", "enter")
    board.wait_for("Contract Value becomes")
    board.settle()
    board.press(*"much")
    board.wait_for("Contract Value is invalid")
    board.press("ctrl+u", *"1,250.50")
    board.wait_for("as typed")
    board.settle()
    board.press("enter")
    board.wait_for(r"\$500,000.00 → \$1,250.50")
    board.settle()
    board.press("enter")
    board.wait_for("all 2 went through")
    assert {server.call("GET", f"/tasks/{uid}")["Contract Value"] for uid in ("43", "44")} == {"1250.50"}


def test_many_are_deleted_only_after_a_look_at_their_names(board: Program, server: Server) -> None:
    board.press("space", "space", "d")
    board.wait_for("Delete these 2 tasks for everyone")
    board.wait_for("43 +XYZ Inc.")
    board.settle()
    board.press("enter")
    board.settle()
    assert {"43", "44"} <= set(stages(server))
    board.press("d")
    board.wait_for("Delete these 2 tasks for everyone")
    board.settle()
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    board.wait_for("all 2 went through")
    assert not {"43", "44"} & set(stages(server))


def test_an_enter_that_came_with_the_key_before_it_applies_no_preview(
    board: Program, server: Server
) -> None:
    before = stages(server)
    board.press("space", "space")
    board.wait_for("2 selected")
    board.settle()
    board.write(b"L\r")  # in one read: the preview cannot have been seen
    board.wait_for("In Progress: 2 tasks")
    board.settle()
    assert "In Progress: 2 tasks" in board.screen and stages(server) == before
    board.press("enter")
    board.wait_for("all 2 went through")
