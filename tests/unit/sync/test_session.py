import asyncio
from typing import Any

import pytest

from fdtui.core.errors import (
    ApiError,
    InvalidError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.intents import AssignTask, MoveTask
from fdtui.core.schema import FieldType, WorkflowRef
from fdtui.core.state import ConnectionState
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row, running, settled, until


async def test_it_opens_the_first_workflow_and_reads_everything() -> None:
    async with running(Board(row("1"), row("2", "Done")), me="ada@example.com") as desk:
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.LIVE
        assert desk.state.workflow is not None
        assert desk.state.workflow.id == "w"
        assert list(desk.state.shown) == ["1", "2"]
        assert [(s.name, s.end) for s in desk.state.schema.stages] == [
            ("To do", False),
            ("Doing", None),
            ("Done", True),
        ]


async def test_a_move_is_one_put_with_the_id_and_the_stage() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        assert desk.stage_of("1") == "Doing"
        assert desk.session.unsent == 1
        await desk.session.idle()
        assert board.sent == [("w", {"ID": "1", "Stage": "Doing"})]
        assert (desk.session.unsent, desk.state.pending, desk.notices) == (0, (), [])


async def test_a_poll_that_was_asked_before_a_write_does_not_undo_it() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("tasks")
        desk.session.refresh()
        await until(lambda: board.calls[-1] == "tasks")  # the old board is on its way …
        desk.session.perform(MoveTask("1", "Doing"))
        await until(lambda: not desk.session.unsent)  # … a write lands …
        seen = len(desk.states)
        board.release("tasks")  # … and the old board arrives
        await desk.session.idle()
        assert desk.stage_of("1") == "Doing"
        assert all(state.shown["1"].stage == "Doing" for state in desk.states[seen:])


async def test_a_refusal_puts_the_card_back_and_says_why() -> None:
    board = Board(row("1"))
    board.fail("update", InvalidError({"Stage": ["is locked"]}))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert desk.stage_of("1") == "To do"
        assert desk.state.refused == {"1": "Stage is locked"}
        assert "Task 1: could not move to Doing. Stage is locked" in desk.notices[-1].text


async def test_the_changes_of_one_task_go_in_order() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("update")
        for intent in (
            MoveTask("1", "Doing"),
            AssignTask("1", "ada@example.com"),
            MoveTask("1", "Done"),
        ):
            desk.session.perform(intent)
        assert (desk.stage_of("1"), desk.state.shown["1"].assignee) == ("Done", "ada@example.com")
        for number in (1, 2, 3):
            await until(lambda n=number: len(board.sent) == n)
            board.release("update")
            assert len(board.sent) == number
        await desk.session.idle()
        assert [sorted(set(body) - {"ID"}) for _, body in board.sent] == [
            ["Stage"],
            ["Assigned To"],
            ["Stage"],
        ]
        assert board.rows["1"]["Stage"] == "Done"


async def test_a_change_by_somebody_else_in_between_is_not_overwritten() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Stage"] = "Done"
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert board.sent == []
        assert "changed meanwhile to “Done”" in desk.state.refused["1"]
        desk.session.refresh()
        await desk.session.idle()
        assert desk.stage_of("1") == "Done"


async def test_the_same_change_by_somebody_else_is_no_conflict() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Stage"] = "Doing"
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert (board.sent, desk.state.refused, desk.stage_of("1")) == ([], {}, "Doing")


async def test_other_fields_of_somebody_else_survive() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Assigned To"] = "grace@example.com"
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert board.rows["1"]["Assigned To"] == "grace@example.com"
        assert desk.state.shown["1"].assignee == "grace@example.com"


async def test_a_task_deleted_by_somebody_else_is_told() -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        await desk.session.idle()
        del board.rows["1"]
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert "deleted this task" in desk.notices[-1].text
        await until(lambda: "1" not in desk.state.shown)


async def test_a_field_that_the_server_does_not_take_is_told() -> None:
    board = Board(row("1"))
    board.on_update = lambda body: {**body, "Stage": "To do"}
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert desk.stage_of("1") == "To do"
        assert "the server kept “To do”" in desk.notices[-1].text


async def test_a_lost_answer_is_looked_into_and_not_sent_twice() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()

        def taken_but_lost(body: dict[str, Any]) -> dict[str, Any]:
            board.rows["1"].update(body)
            raise UnreachableError("Connection reset.", sent=True)

        board.on_update = taken_but_lost
        desk.session.perform(MoveTask("1", "Doing"))
        await until(lambda: board.sent and desk.clock.naps)
        while desk.session.unsent:
            desk.clock.tick()
            await asyncio.sleep(0)
        assert len(board.sent) == 1
        assert (desk.stage_of("1"), desk.notices) == ("Doing", [])


async def test_offline_keeps_the_change_and_sends_it_once_when_back() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.fail("task", UnreachableError("Connection refused."))
        board.fail("tasks", *[UnreachableError("Connection refused.")] * 3)
        desk.session.perform(MoveTask("1", "Doing"))
        await until(lambda: desk.state.connection is ConnectionState.OFFLINE)
        assert desk.stage_of("1") == "Doing"
        assert desk.state.connection_reason == "Connection refused."
        await settled(desk)
        assert board.sent == [("w", {"ID": "1", "Stage": "Doing"})]
        assert desk.state.connection is ConnectionState.LIVE


async def test_a_refused_key_is_asked_about_every_few_minutes_and_when_the_user_says_so() -> None:
    board = Board(row("1"))
    refusal = NotAuthenticatedError("The key was refused.")
    board.fail("tasks", refusal, refusal, refusal)
    async with running(board) as desk:
        await desk.session.idle()
        assert (desk.state.connection, desk.state.connection_reason) == (
            ConnectionState.DENIED,
            "The key was refused.",
        )
        await until(lambda: any(120 <= seconds <= 300 for seconds, _ in desk.clock.naps))
        asked = board.calls.count("tasks")
        desk.clock.tick()
        await until(lambda: board.calls.count("tasks") == asked + 1)
        assert desk.state.connection is ConnectionState.DENIED
        desk.session.refresh()
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.DENIED
        desk.session.refresh()
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.LIVE


STRANGE = [
    ApiError("The server refused the request (400).", status=400),
    NotAllowedError("Not allowed (403).", status=403),
    NotFoundError("There is none (404).", status=404),
    ApiError("The server refused the request (405).", status=405),
    NotFoundError("It is gone (410).", status=410),
    InvalidError(errors=["No (422)."]),
    ApiError("The server refused the request (451).", status=451),
    TooLargeError("The answer is larger than 256 MiB.", status=200),
]


@pytest.mark.parametrize("error", STRANGE, ids=str)
async def test_one_strange_answer_to_a_poll_is_told_and_the_polling_goes_on(error: ApiError) -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.fail("tasks", error)
        desk.session.refresh()
        await desk.session.idle()
        assert (desk.state.connection, desk.state.connection_reason) == (
            ConnectionState.REFUSED,
            str(error),
        )
        desk.session.perform(MoveTask("1", "Doing"))
        await until(lambda: any(not nap.done() for _, nap in desk.clock.naps))
        assert max(seconds for seconds, _ in desk.clock.naps) <= 70
        desk.clock.tick()
        await until(lambda: desk.state.connection is ConnectionState.LIVE)
        await desk.session.idle()
        assert board.rows["1"]["Stage"] == "Doing"


async def test_a_list_that_is_too_long_holds_no_change_up() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.fail("tasks", *[TooLargeError("The answer is larger than 256 MiB.")] * 3)
        desk.session.refresh()
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        assert board.rows["1"]["Stage"] == "Doing"


async def test_the_user_ends_a_wait_that_a_server_asked_for() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.fail("update", RateLimitedError("Slowly.", status=429, sent=False, retry_after=86400))
        desk.session.perform(MoveTask("1", "Doing"))
        await until(lambda: any(seconds > 60 for seconds, _ in desk.clock.naps))
        assert max(seconds for seconds, _ in desk.clock.naps) <= 132
        desk.session.refresh()
        await desk.session.idle()
        assert "hurry" in board.calls
        assert board.rows["1"]["Stage"] == "Doing"


async def test_the_user_gives_up_an_answer_that_is_long_in_coming() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("tasks")
        desk.session.refresh()
        await until(lambda: board.calls[-1] == "tasks")
        await asyncio.sleep(0)
        desk.clock.tick()
        await until(lambda: desk.state.connection is ConnectionState.CONNECTING)
        asked = board.calls.count("tasks")
        desk.session.refresh()
        await until(lambda: board.calls.count("tasks") == asked + 1)
        board.release("tasks")
        board.release("tasks")
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.LIVE


@pytest.mark.parametrize("status", [403, 404, 405, 501])
async def test_one_slip_about_the_shape_leaves_no_guess(status: int) -> None:
    board = Board(row("1"))
    board.fail("stages", ApiError("No.", status=status))
    board.fail("fields", ApiError("No.", status=status))
    async with running(board) as desk:
        await desk.session.idle()
        assert desk.state.schema.inferred == frozenset()


async def test_what_the_install_did_not_tell_is_asked_for_again_by_the_user() -> None:
    board = Board(row("1"))
    board.lacks = {"stages", "users"}
    async with running(board) as desk:
        await desk.session.idle()
        assert desk.state.schema.stages_guessed
        board.lacks = set()
        desk.session.refresh()
        await desk.session.idle()
        assert [stage.name for stage in desk.state.schema.stages] == ["To do", "Doing", "Done"]
        assert not desk.state.schema.stages_guessed


async def test_a_forbidden_change_is_given_back_and_the_rest_goes_on() -> None:
    board = Board(row("1"), row("2"))
    board.fail("update", NotAllowedError("This key may only read."))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        desk.session.perform(MoveTask("2", "Doing"))
        await desk.session.idle()
        assert list(desk.state.refused) == ["1"]
        assert board.rows["2"]["Stage"] == "Doing"


async def test_a_server_that_asks_for_patience_gets_it() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.fail("tasks", RateLimitedError("Too many requests.", retry_after=30))
        desk.session.refresh()
        await desk.session.idle()
        await until(lambda: any(seconds >= 30 for seconds, _ in desk.clock.naps))


async def test_a_server_that_always_fails_on_one_change_gives_it_back() -> None:
    board = Board(row("1"))
    board.fail("update", *[UnavailableError("Server unavailable (500).", status=500)] * 9)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        await settled(desk, ticks=500)
        assert "failed 5 times" in desk.state.refused["1"]
        assert len(board.sent) == 5


async def test_an_install_without_schema_calls_is_read_off_its_tasks() -> None:
    board = Board(row("1", who="ada@example.com"), row("2", "Done"))
    board.lacks = {"workspace", "workflows", "stages", "fields", "users", "roles"}
    async with running(board, workflow="w") as desk:
        await desk.session.idle()
        schema = desk.state.schema
        assert schema.unique_id is not None
        assert schema.unique_id.name == "ID"
        assert [(s.name, s.end) for s in schema.stages] == [("To do", False), ("Done", True)]
        assert [p.email for p in schema.people] == ["ada@example.com"]
        assert schema.field("Name").type == FieldType.TEXT
        desk.session.perform(MoveTask("1", "Done"))
        await desk.session.idle()
        assert board.sent == [("w", {"ID": "1", "Stage": "Done"})]
        board.rows["3"] = row("3", "Review")
        desk.session.refresh()
        await desk.session.idle()
        assert [s.name for s in desk.state.schema.stages] == ["To do", "Done", "Review"]
        assert desk.state.schema.stages_guessed


async def test_the_user_can_say_the_order_of_the_stages() -> None:
    board = Board(row("1", "Done"), row("2", "To do"))
    board.lacks = {"workspace", "workflows", "stages", "fields", "users", "roles"}
    async with running(board, workflow="w", stages=("To do", "Doing", "Done")) as desk:
        await desk.session.idle()
        schema = desk.state.schema
        assert [s.name for s in schema.stages] == ["To do", "Doing", "Done"]
        assert [s.end for s in schema.stages] == [False, None, True]
        assert not schema.stages_guessed
        board.rows["3"] = row("3", "Review")
        desk.session.refresh()
        await desk.session.idle()
        assert [s.name for s in desk.state.schema.stages] == ["To do", "Doing", "Done", "Review"]
        assert desk.state.schema.stages_guessed


async def test_an_order_for_another_workflow_is_not_heeded() -> None:
    board = Board(row("1", "Done"), row("2", "To do"))
    board.lacks = {"stages"}
    async with running(board, workflow="w", stages=("Open", "Closed")) as desk:
        await desk.session.idle()
        assert [s.name for s in desk.state.schema.stages] == ["Done", "To do"]
        assert desk.state.schema.stages_guessed


async def test_an_order_of_stages_that_the_server_tells_is_no_guess() -> None:
    async with running(Board(row("1"))) as desk:
        await desk.session.idle()
        assert not desk.state.schema.stages_guessed


async def test_an_unknown_workflow_names_those_there_are() -> None:
    async with running(Board(row("1")), workflow="Wrok") as desk:
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.REFUSED
        assert "There is no workflow “Wrok”" in desk.state.connection_reason
        assert "Did you mean “Work”?" in desk.state.connection_reason


class Twins(Board):
    """A workspace with two workflows of one name."""

    async def workflows(self) -> tuple[WorkflowRef, ...]:
        return (WorkflowRef("a", "Work"), WorkflowRef("w", "Work"), WorkflowRef("Work", "Other"))[
            : self.most
        ]

    most = 2


async def test_a_name_that_two_workflows_have_opens_neither() -> None:
    board = Twins(row("1"))
    async with running(board, workflow="Work") as desk:
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.REFUSED
        assert "There are 2 workflows Work: Work (a), Work (w)." in desk.state.connection_reason
        assert "Give the id." in desk.state.connection_reason
        assert "tasks" not in board.calls
        desk.session.open_workflow(desk.state.workflows[1].id)
        await desk.session.idle()
        assert desk.state.workflow is not None
        assert (desk.state.workflow.id, desk.state.connection) == ("w", ConnectionState.LIVE)


async def test_an_id_comes_before_a_name() -> None:
    board = Twins(row("1"))
    board.most = 3
    async with running(board, workflow="Work") as desk:
        await desk.session.idle()
        assert desk.state.workflow is not None and desk.state.workflow.id == "Work"


async def test_read_only_performs_nothing() -> None:
    board = Board(row("1"))
    async with running(board, read_only=True) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        assert desk.stage_of("1") == "To do"
        assert "Read-only" in desk.notices[-1].text
        assert board.sent == []


async def test_a_change_is_delivered_though_the_user_went_to_another_workflow() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("update")
        desk.session.perform(MoveTask("1", "Doing"))
        await until(lambda: board.sent)
        desk.session.open_workflow("v")
        await until(
            lambda: desk.state.connection is ConnectionState.LIVE and desk.state.workflow.id == "v"
        )
        assert desk.session.unsent == 1
        board.release("update")
        await desk.session.idle()
        assert board.sent == [("w", {"ID": "1", "Stage": "Doing"})]
        assert desk.session.unsent == 0


async def test_a_list_that_is_suddenly_empty_is_asked_for_again() -> None:
    board = Board(*(row(str(n)) for n in range(30)))
    async with running(board) as desk:
        await desk.session.idle()
        rows, board.rows = board.rows, {}
        board.hold("tasks")
        desk.session.refresh()
        await until(lambda: board._held.get("tasks"))
        board.rows = rows
        board.release("tasks")
        await until(lambda: board._held.get("tasks"))
        board.release("tasks")
        await desk.session.idle()
        assert len(desk.state.shown) == 30


async def test_idle_has_no_gap_between_a_wish_and_its_sending() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        waiting = asyncio.create_task(desk.session.idle())
        await asyncio.sleep(0)
        assert not waiting.done()
        await waiting
        assert board.rows["1"]["Stage"] == "Doing"


async def test_a_board_that_waits_too_long_no_longer_calls_itself_live() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("tasks")
        desk.session.refresh()
        await until(lambda: board.calls[-1] == "tasks")
        await asyncio.sleep(0)
        desk.clock.tick()
        await until(lambda: desk.state.connection is ConnectionState.CONNECTING)
        assert desk.state.connection_reason == "No answer for 2 s."
        desk.clock.tick()
        await until(lambda: desk.state.connection_reason == "No answer for 7 s.")
        board.release("tasks")
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.LIVE


async def test_a_user_who_acts_sees_sooner_what_others_do() -> None:
    board = Board(row("1"))
    async with running(board, every=10.0) as desk:
        await desk.session.idle()
        await until(lambda: any(seconds == 4 for seconds, _ in desk.clock.naps))
        asked = board.calls.count("tasks")
        desk.clock.tick()  # the part that passes in any case
        await until(
            lambda: any(5 <= seconds <= 7 and not nap.done() for seconds, nap in desk.clock.naps)
        )
        desk.session.act()
        await until(lambda: board.calls.count("tasks") == asked + 1)
        await until(lambda: any(seconds == 4 and not nap.done() for seconds, nap in desk.clock.naps))
        desk.session.act()  # a key that is held asks no more often than that
        for _ in range(50):
            desk.session.act()
            await asyncio.sleep(0)
        assert board.calls.count("tasks") == asked + 1
        desk.clock.tick()
        await until(lambda: board.calls.count("tasks") == asked + 2)


async def test_a_wait_for_news_is_no_delay() -> None:
    board = Board(row("1"))
    board.feed = "t"
    board.hold("changes")
    async with running(board) as desk:
        await desk.session.idle()
        await until(lambda: board.calls[-1] == "changes")
        await until(lambda: any(seconds == 12 for seconds, _ in desk.clock.naps))
        assert not [seconds for seconds, nap in desk.clock.naps if seconds == 2 and not nap.done()]
        assert desk.state.connection is ConnectionState.LIVE
        desk.clock.tick()  # but longer than that is one
        await until(lambda: desk.state.connection is ConnectionState.CONNECTING)
        assert desk.state.connection_reason == "No answer for 2 s."
        board.release("changes")
        await until(lambda: desk.state.connection is ConnectionState.LIVE)


async def test_the_user_need_not_wait_for_a_wait() -> None:
    board = Board(row("1"))
    board.feed = "t"
    board.hold("changes")
    async with running(board) as desk:
        await desk.session.idle()
        await until(lambda: board._held.get("changes"))
        board._holding.clear()
        desk.session.refresh()
        await desk.session.idle()
        assert board.calls.count("changes") >= 2
        assert board.calls.count("tasks") == 1


async def test_a_feed_that_is_gone_leaves_the_list() -> None:
    board = Board(row("1"))
    board.feed = "t"
    board.lacks.add("changes")
    async with running(board) as desk:
        await desk.session.idle()
        await until(lambda: board.calls.count("tasks") == 2)
        board.feed = ""
        board.rows["1"]["Stage"] = "Done"
        desk.session.refresh()
        await desk.session.idle()
        assert desk.stage_of("1") == "Done"
        assert board.calls.count("changes") == 2
        assert desk.state.connection is ConnectionState.LIVE


async def test_a_session_ends_even_while_the_user_gives_up_an_answer() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("tasks")
        desk.session.refresh()
        await until(lambda: board.calls[-1] == "tasks")
        for _ in range(3):  # the answer is late now
            desk.clock.tick()
            await asyncio.sleep(0)
        await until(lambda: desk.state.connection_reason)
        desk.session.refresh()  # gives it up, in the moment in which the program ends
