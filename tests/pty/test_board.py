import re
from collections.abc import Callable

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program


def column_of(program: Program, title: str) -> int:
    """Where on the screen a card stands, from the left."""
    for line in program.vt.lines:
        at = line.find(title)
        if at >= 0:
            return at
    raise AssertionError(f"{title} is not on the screen:\n{program.screen}")


def test_the_demo_opens_and_a_card_is_moved(start: Callable[..., Program]) -> None:
    program = start("demo", columns=80, rows=24)
    program.wait_for("XYZ Inc.")
    program.wait_for("● live")
    before = column_of(program, "XYZ Inc.")
    program.press("L")
    wait_until(lambda: column_of(program, "XYZ Inc.") > before, program)
    program.settle()
    program.press("q")
    assert program.wait_end() == 0
    assert program.modes_left == program.before[:4]
    assert 1049 not in program.vt.modes


def test_keys_that_come_together_do_what_they_do_one_by_one(board: Program, server: Server) -> None:
    """Over a slow link several keys arrive in one packet."""
    first = [
        task["Company ID"] for task in server.call("GET", "/tasks") if task["Stage"] == "Not Started"
    ]
    board.write(b"LjLL")

    def moved() -> list[str]:
        still = {t["Company ID"] for t in server.call("GET", "/tasks") if t["Stage"] == "Not Started"}
        return [uid for uid in first if uid not in still]

    wait_until(lambda: len(moved()) == 3, board)
    assert moved() == [first[0], first[2], first[3]]


def test_a_move_is_one_put_of_id_and_stage(board: Program, server: Server) -> None:
    board.press("L")
    wait_until(lambda: server.call("GET", "/tasks/43")["Stage"] == "In Progress", board)
    task = server.call("GET", "/tasks/43")
    assert (task["Company Name"], task["Assigned To"]) == ("XYZ Inc.", None)


def test_assign_to_me_and_back(board: Program, server: Server) -> None:
    board.press("I")
    wait_until(lambda: server.call("GET", "/tasks/43")["Assigned To"] == "user@example.com", board)
    board.settle()
    board.press("I")
    wait_until(lambda: server.call("GET", "/tasks/43")["Assigned To"] is None, board)


def test_move_by_name(board: Program, server: Server) -> None:
    board.press("m")
    board.wait_for("Under Review")
    board.settle()
    board.press(*"under", "enter")
    wait_until(lambda: server.call("GET", "/tasks/43")["Stage"] == "Under Review", board)


def test_a_colleagues_change_appears(board: Program, server: Server) -> None:
    server.call("PUT", "/tasks", {"Company ID": "43", "Company Name": "Renamed by Grace"})
    board.press("r")
    board.wait_for("Renamed by Grace")


def test_a_change_that_a_colleague_overtook_is_not_sent(polling_board: Program, server: Server) -> None:
    server.call("PUT", "/tasks", {"Company ID": "43", "Stage": "Under Review"})
    polling_board.press("L")
    polling_board.wait_for(r"XYZ Inc.*changed meanwhile")
    assert server.call("GET", "/tasks/43")["Stage"] == "Under Review"


def test_the_filter_narrows_as_one_types(board: Program) -> None:
    board.press("/", *"acme")
    board.wait_gone("XYZ Inc.")
    assert "Acme Corp" in board.screen
    board.press("enter")
    board.settle()
    assert "acme" in board.vt.lines[0] + board.vt.lines[1]
    board.press("escape")
    board.wait_for("XYZ Inc.")


def test_the_detail_pane_shows_every_field(board: Program) -> None:
    board.press("enter")
    board.wait_for("Number of Employees")
    board.settle()
    for text in ("Company ID", "300", r"\$500,000\.00", "2020-03-31", "International", "Documents"):
        assert re.search(text, board.screen), text


def test_counts_and_chords_move_the_cursor(board: Program, server: Server) -> None:
    board.press("2", "j", "g", "g", "3", "l", "0", "L")
    wait_until(lambda: server.call("GET", "/tasks/43")["Stage"] == "In Progress", board)


def test_help_and_palette_name_the_commands(board: Program) -> None:
    board.press("?")
    board.wait_for("half a column|Half a column")
    board.press("escape")
    board.settle()
    board.press(":", *"dark or")
    board.wait_for("Dark or light")


def test_end_stages_are_hidden_and_shown(board: Program) -> None:
    assert "Done" in board.screen
    board.press(".")
    board.wait_gone(r"● Done")
    board.press(".")
    board.wait_for(r"Done")


def test_another_workflow(board: Program) -> None:
    board.press("w")
    board.wait_for("Bug triage")
    board.settle()
    board.press(*"bug", "enter")
    board.wait_for("Confirmed")
    board.wait_for("● live")


def test_read_only_changes_nothing(start: Callable[..., Program], server: Server) -> None:
    program = start("--read-only", FDTUI_URL=server.url, FDTUI_API_KEY=server.key)
    program.wait_for("● live")
    program.settle()
    program.press("L")
    program.wait_for("Read-only mode: ")
    assert server.call("GET", "/tasks/43")["Stage"] == "Not Started"


def test_a_server_that_goes_and_comes_back(board: Program, server: Server) -> None:
    server.stop()
    board.press("r")
    board.wait_for("offline since")
    board.press("L")
    board.settle()
    assert "↑" in board.screen
    again = Server(server.folder, int(server.url.rpartition(":")[2]), server.key)
    try:
        board.press("r")
        board.wait_for("● live", 30)
        wait_until(lambda: again.call("GET", "/tasks/43")["Stage"] == "In Progress", board, 30)
    finally:
        again.stop()


def test_a_wrong_key_is_told_with_the_next_step(start: Callable[..., Program], server: Server) -> None:
    program = start(FDTUI_URL=server.url, FDTUI_API_KEY="wrong" * 8)
    program.wait_for("(?i)key")
    program.press("q")
    assert program.wait_end() == 0
    assert b"wrongwrong" not in program.output


def test_a_first_run_connects_to_a_server_and_remembers_it(
    start: Callable[..., Program], server: Server
) -> None:
    program = start(columns=80, rows=24)
    program.wait_for("Connect to Flowdash")
    program.press("3")
    program.wait_for("API key")
    program.press(*server.url, "tab", *("wrong" * 8), "enter")
    program.wait_for("✗")
    assert server.url in program.screen
    program.press("ctrl+u", *server.key, "enter")
    program.wait_for("Company onboarding")
    program.settle()
    program.press("enter")
    program.wait_for("● live")
    program.settle()
    program.press("q")
    assert program.wait_end() == 0
    again = start(columns=80, rows=24)
    again.wait_for("● live")
    assert server.key.encode() not in program.output + again.output


def test_a_first_run_starts_a_workspace_that_stays(start: Callable[..., Program]) -> None:
    program = start(columns=80, rows=24)
    program.wait_for("Start a local workspace")
    program.press("1")
    program.wait_for("Bug triage")
    program.press("1")
    program.wait_for("With examples")
    program.press("1")
    program.wait_for("● live")
    program.settle()
    before = column_of(program, "XYZ Inc.")
    program.press("L")
    wait_until(lambda: column_of(program, "XYZ Inc.") > before, program)
    program.settle(0.5)
    program.press("q")
    assert program.wait_end() == 0
    again = start(columns=80, rows=24)
    again.wait_for("● live")
    again.settle()
    assert column_of(again, "XYZ Inc.") > before
