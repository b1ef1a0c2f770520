import asyncio
from typing import Any

from fdtui.core.errors import (
    InvalidError,
    NotAllowedError,
    NotAuthenticatedError,
    RateLimitedError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.intents import AssignTask, MoveTask
from fdtui.core.schema import FieldType
from fdtui.core.state import Link
from tests.unit.sync.desk import row, running, until
from tests.unit.sync.gateway import Board


async def test_it_opens_the_first_workflow_and_reads_everything() -> None:
    async with running(Board(row("1"), row("2", "Done")), me="ada@example.com") as desk:
        await desk.session.idle()
        assert desk.state.link is Link.LIVE
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
        await until(lambda: desk.state.link is Link.OFFLINE)
        assert desk.stage_of("1") == "Doing"
        assert desk.state.link_reason == "Connection refused."
        for _ in range(200):
            desk.clock.tick()
            await asyncio.sleep(0)
        await desk.session.idle()
        assert board.sent == [("w", {"ID": "1", "Stage": "Doing"})]
        assert desk.state.link is Link.LIVE


async def test_a_refused_key_stops_the_asking_until_the_user_says_so() -> None:
    board = Board(row("1"))
    board.fail("tasks", NotAuthenticatedError("The key was refused."))
    async with running(board) as desk:
        await desk.session.idle()
        assert (desk.state.link, desk.state.link_reason) == (Link.DENIED, "The key was refused.")
        asked = len(board.calls)
        for _ in range(50):
            desk.clock.tick()
            await asyncio.sleep(0)
        assert len(board.calls) == asked
        desk.session.refresh()
        await desk.session.idle()
        assert desk.state.link is Link.LIVE


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
        for _ in range(500):
            desk.clock.tick()
            await asyncio.sleep(0)
        await desk.session.idle()
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


async def test_an_unknown_workflow_names_those_there_are() -> None:
    async with running(Board(row("1")), workflow="Wrok") as desk:
        await desk.session.idle()
        assert desk.state.link is Link.DENIED
        assert "There is no workflow “Wrok”" in desk.state.link_reason
        assert "Did you mean “Work”?" in desk.state.link_reason


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
        await until(lambda: desk.state.link is Link.LIVE and desk.state.workflow.id == "v")
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
        await until(lambda: desk.state.link is Link.CONNECTING)
        assert "not answered yet" in desk.state.link_reason
        board.release("tasks")
        await desk.session.idle()
        assert desk.state.link is Link.LIVE
