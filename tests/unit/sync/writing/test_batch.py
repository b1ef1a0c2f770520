"""Several changes as one: told one by one, stopped, tried again, taken back whole."""

from fdtui.core.batch import Outcome
from fdtui.core.details import Tick
from fdtui.core.errors import InvalidError
from fdtui.core.intents import AddChecklistItem, AddComment, MoveTask, TickItem
from fdtui.sync.writing.history import is_draft_of, item_draft
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import SessionDriver, row, running, until


def moves(*keys: str, stage: str = "Doing") -> list[MoveTask]:
    return [MoveTask(key, stage) for key in keys]


def outcomes(desk: SessionDriver) -> list[Outcome]:
    assert desk.state.batch is not None
    return [each.outcome for each in desk.state.batch.items]


async def test_each_task_of_a_batch_has_its_outcome() -> None:
    board = Board(row("1"), row("2", "Doing"), row("3"))
    board.fail("update", InvalidError({"Stage": ["is not allowed"]}))
    async with running(board) as desk:
        await desk.session.idle()
        assert desk.session.perform_all(moves("1", "2", "3", "gone")) == 2
        await desk.session.idle()
        assert sorted(outcomes(desk)) == ["done", "done", "failed", "failed"]
        batch = desk.state.batch
        assert batch is not None
        assert (batch.is_over, batch.sentence) == (True, "move to Doing")
        assert batch.items[3].why == "The task is no longer on the board."
        assert any("is not allowed" in each.why for each in batch.items)
        desk.session.perform_all(batch.left, group=batch.group)
        await desk.session.idle()
        assert {key: board.rows[key]["Stage"] for key in "123"} == dict.fromkeys("123", "Doing")


async def test_one_undo_takes_back_the_whole_batch_and_what_was_tried_again() -> None:
    board = Board(*(row(key) for key in "1234"))
    board.fail("update", InvalidError({"Stage": ["is not allowed"]}))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform_all(moves(*"123"))
        await desk.session.idle()
        batch = desk.state.batch
        assert batch is not None
        desk.session.perform_all(batch.left, group=batch.group)
        await desk.session.idle()
        assert desk.session.can_undo == "move to Doing (3 tasks)"
        assert desk.session.undo() == "move to Doing (3 tasks)"
        await desk.session.idle()
        assert {each["Stage"] for each in board.rows.values()} == {"To do"}
        assert outcomes(desk) == [Outcome.DONE] * 3
        assert desk.session.redo() == "move to Doing (3 tasks)"
        await desk.session.idle()
        assert [board.rows[key]["Stage"] for key in "1234"] == [*["Doing"] * 3, "To do"]


async def test_what_is_not_sent_can_be_withdrawn() -> None:
    board = Board(*(row(key) for key in "12345678"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("update")
        desk.session.perform_all(moves(*"12345678"))
        await until(lambda: board.calls.count("update") == 4)
        batch = desk.state.batch
        assert batch is not None
        assert desk.session.withdraw(batch.waiting) == 4
        assert outcomes(desk).count(Outcome.WITHDRAWN) == 4
        assert (desk.session.unsent, len(desk.state.pending)) == (4, 4)
        for _ in range(4):
            board.release("update")
        await desk.session.idle()
        assert board.calls.count("update") == 4
        assert sorted(each["Stage"] for each in board.rows.values()) == ["Doing"] * 4 + ["To do"] * 4
        assert desk.session.can_undo == "move to Doing (4 tasks)"


async def test_one_that_is_only_being_read_is_withdrawn_too() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("task")
        desk.session.perform_all(moves("1"))
        await until(lambda: board.calls[-1] == "task")
        assert desk.session.withdraw(desk.state.batch.waiting) == 1  # type: ignore[union-attr]
        board.release("task")
        await desk.session.idle()
        assert (board.sent, desk.stage_of("1")) == ([], "To do")


async def test_after_a_withdrawal_the_task_can_be_changed_again() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("task")
        desk.session.perform_all(moves("1"))
        await until(lambda: board.calls[-1] == "task")
        desk.session.withdraw(desk.state.batch.waiting)  # type: ignore[union-attr]
        desk.session.perform(MoveTask("1", "Done"))
        board.release("task")
        await until(lambda: board.calls.count("task") == 2)
        board.release("task")
        await desk.session.idle()
        assert [body["Stage"] for _, body in board.sent] == ["Done"]


async def test_an_undo_that_was_overtaken_says_that_it_was_one() -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform_all(moves("1", "2"))
        await desk.session.idle()
        board.rows["2"]["Stage"] = "Done"
        desk.session.undo()
        await desk.session.idle()
        assert [board.rows[key]["Stage"] for key in "12"] == ["To do", "Done"]
        conflict = desk.state.conflicts["2"]
        assert conflict.pending.undoes
        assert sorted(outcomes(desk)) == ["done", "failed"]
        assert desk.session.can_redo == "move to Doing"


async def test_what_was_settled_can_be_undone() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Stage"] = "Done"
        desk.session.perform(MoveTask("1", "Doing"))
        await desk.session.idle()
        desk.session.resolve_conflict("1", {"Stage": "Doing"})
        await desk.session.idle()
        assert board.rows["1"]["Stage"] == "Doing"
        desk.session.undo()
        await desk.session.idle()
        assert board.rows["1"]["Stage"] == "Done"


async def test_a_tick_is_undone() -> None:
    board = Board(row("1"))
    board.ticks["call"] = "Blank"
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(TickItem("1", "call", Tick.COMPLETED, Tick.BLANK))
        await desk.session.idle()
        assert board.ticks["call"] == "Completed"
        desk.session.undo()
        await desk.session.idle()
        assert board.ticks["call"] == "Blank"


async def test_a_refused_comment_keeps_its_text() -> None:
    board = Board(row("1"))
    board.fail("add_comment", InvalidError({"body": ["is invalid"]}))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "Two\nlines"))
        await desk.session.idle()
        (draft,) = desk.session.drafts.all()
        assert draft.texts == (("body", "Two\nlines"),)


async def test_a_refused_checklist_item_keeps_its_text() -> None:
    board = Board(row("1"))
    board.fail("add_checklist_item", InvalidError({"title": ["is invalid"]}))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddChecklistItem("1", "Call them", "Doing"))
        await desk.session.idle()
        (draft,) = desk.session.drafts.all()
        assert is_draft_of(draft.about, item_draft("1"))
        assert draft.texts == (("body", "Call them"),)
