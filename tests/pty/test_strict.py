"""The board on a server that is not ours and does only what the public pages say."""

from collections.abc import Callable, Iterator

import pytest

from tests.pty.conftest import wait_until
from tests.pty.strict import KEY, StrictFlowdash, row
from tests.pty.test_board import column_of
from tests.terminal import Program


@pytest.fixture(params=[True, False], ids=["with schema calls", "without schema calls"])
def flowdash(request: pytest.FixtureRequest) -> Iterator[StrictFlowdash]:
    served = StrictFlowdash(schema=request.param)
    yield served
    served.stop()


@pytest.fixture
def strict_board(start: Callable[..., Program], flowdash: StrictFlowdash) -> Program:
    return opened(start, flowdash)


def opened(start: Callable[..., Program], flowdash: StrictFlowdash, *options: str) -> Program:
    program = start(
        *options,
        FDTUI_URL=flowdash.url,
        FDTUI_API_KEY=KEY,
        FDTUI_WORKFLOW="2ylSaZ",
        FDTUI_USER="user@example.com",
    )
    program.wait_for("● live")
    program.settle()
    return program


def press_on(program: Program, title: str, *keys: str) -> None:
    """Put the cursor on a card by filtering for it, and press keys."""
    program.press("/", *title)
    program.wait_for(f"/{title}")
    program.press("enter")
    program.settle()
    program.press(*keys)
    program.settle()
    if "is a guess" in program.screen:  # the install tells no order of its stages, so a move asks
        program.settle(quiet=0.4)  # a question that nobody can have read takes no answer
        program.press("y")


def test_a_move_is_one_put_of_id_and_stage_and_nothing_else(
    strict_board: Program, flowdash: StrictFlowdash
) -> None:
    press_on(strict_board, "acme", "L")
    wait_until(lambda: len(flowdash.writes) == 1, strict_board)
    strict_board.settle()
    method, path, body = flowdash.writes[0]
    assert (method, path) == ("PUT", "/api/v1/workflows/2ylSaZ/tasks")
    assert body["Company ID"] == "42"
    assert set(body) == {"Company ID", "Stage"}
    assert len(flowdash.writes) == 1


def test_an_assignment_is_one_put_of_id_and_person(
    strict_board: Program, flowdash: StrictFlowdash
) -> None:
    press_on(strict_board, "acme", "I")
    wait_until(lambda: len(flowdash.writes) == 1, strict_board)
    assert flowdash.writes[0][2] == {"Company ID": "42", "Assigned To": "user@example.com"}


def test_an_id_full_of_traps_is_quoted_whole(strict_board: Program, flowdash: StrictFlowdash) -> None:
    press_on(strict_board, "slash", "H")
    wait_until(lambda: len(flowdash.writes) == 1, strict_board)
    assert flowdash.writes[0][2]["Company ID"] == "a/b c%"
    reads = [path for _, path, _ in flowdash.requests if "a%2Fb%20c%25" in path]
    assert reads
    assert not any("a/b" in path for _, path, _ in flowdash.requests)


def test_a_new_task_is_one_post_that_changes_no_other(
    strict_board: Program, flowdash: StrictFlowdash
) -> None:
    strict_board.press("n")
    strict_board.wait_for("New task")
    strict_board.settle()
    strict_board.press(*"RACE", "tab", *"Mine")
    flowdash.rows.append(row("RACE", "Theirs", "Done"))
    strict_board.press("ctrl+o")
    strict_board.wait_for("A task with the id RACE exists already")
    strict_board.settle()
    assert flowdash.writes == []
    strict_board.press("2", "ctrl+o")
    wait_until(lambda: flowdash.find("RACE2") is not None, strict_board)
    strict_board.wait_gone("New task")
    ((method, path, body),) = flowdash.writes
    assert (method, path) == ("POST", "/api/v1/workflows/2ylSaZ/tasks")
    assert (body["Company ID"], body["Company Name"]) == ("RACE2", "Mine")


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ((422, b'{"errors": {"Stage": ["is locked"]}}', "application/json"), "is locked"),
        (
            (422, b'{"status": "Fail", "errors": ["Must be assigned"]}', "application/json"),
            "Must be assigned",
        ),
        ((422, b"<html>Locked by a rule</html>", "text/html"), "Locked by a rule"),
        ((403, b'{"errors": ["This key may only read."]}', "application/json"), "(?i)read|allowed"),
        ((200, b"<html>Please log in</html>", "text/html"), "(?i)not a Flowdash answer"),
        ((413, b"", "text/plain"), "(?i)large|413"),
    ],
    ids=["field", "requirement", "html", "forbidden", "portal", "too large"],
)
def test_a_refused_change_puts_the_card_back_and_says_why(
    strict_board: Program, flowdash: StrictFlowdash, refusal: tuple[int, bytes, str], says: str
) -> None:
    before = column_of(strict_board, "Acme Corp")
    flowdash.refuse = refusal
    press_on(strict_board, "acme", "L")
    strict_board.wait_for(says)
    strict_board.press("escape")
    strict_board.settle()
    assert column_of(strict_board, "Acme Corp") == before
    assert flowdash.rows[0]["Stage"] == "In Progress"


def test_a_workflow_without_a_unique_id_is_read_only_with_the_reason(
    start: Callable[..., Program],
) -> None:
    flowdash = StrictFlowdash(unique_id=False)
    try:
        program = opened(start, flowdash)
        program.press("L")
        program.wait_for("(?i)no unique-id field")
        assert flowdash.writes == []
    finally:
        flowdash.stop()


def test_read_only_sends_nothing_but_get(
    start: Callable[..., Program], flowdash: StrictFlowdash
) -> None:
    program = opened(start, flowdash, "--read-only")
    press_on(program, "acme", "L", "H", "I")
    program.settle()
    assert flowdash.writes == []


def test_types_are_read_off_the_tasks(strict_board: Program) -> None:
    press_on(strict_board, "acme", "enter")
    strict_board.wait_for(r"\$10,000\.00")
    strict_board.wait_for(r"(?s)International\?.*no")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 422, 451])
def test_one_refused_poll_is_told_and_the_next_one_goes_through(
    strict_board: Program, flowdash: StrictFlowdash, status: int
) -> None:
    flowdash.refuse_reads = (status, b'{"message": "Closed for lunch"}', "application/json")
    strict_board.wait_for("error since")
    strict_board.wait_for("Closed for lunch")
    strict_board.wait_for("Retrying automatically")
    press_on(strict_board, "acme", "L")  # which waits, and is not lost
    flowdash.refuse_reads = None
    strict_board.wait_for("● live")
    wait_until(lambda: len(flowdash.writes) == 1, strict_board)


def test_a_server_that_hangs_is_not_called_live(strict_board: Program, flowdash: StrictFlowdash) -> None:
    flowdash.answering.clear()
    strict_board.wait_for("no answer for 2 s")
    strict_board.wait_for("no answer for 7 s")
    asked = len(flowdash.requests)
    strict_board.press("r")  # gives the answer up, and asks again
    wait_until(lambda: len(flowdash.requests) > asked, strict_board)
    flowdash.answering.set()
    strict_board.wait_for("● live")


def test_how_a_board_was_left_is_how_it_comes_back(
    strict_board: Program, start: Callable[..., Program], flowdash: StrictFlowdash
) -> None:
    strict_board.press("z", ".", "/", *"acme")
    strict_board.wait_for("/acme")
    strict_board.press("enter")
    strict_board.settle()
    strict_board.press("q")
    strict_board.wait_end()
    again = opened(start, flowdash)
    again.wait_for("/acme")
    again.wait_for("end stages hidden")
    again.press("escape")
    again.wait_gone("/acme")
    again.press("q")
    again.wait_end()
    third = opened(start, flowdash)
    assert "/acme" not in third.screen
