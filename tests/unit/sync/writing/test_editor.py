import asyncio

import pytest

from fdtui.core.details import Part, Tick
from fdtui.core.errors import InvalidError
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    AssignTask,
    DeleteTask,
    LinkTask,
    MoveTask,
    RemoveFile,
    RemoveItem,
    SetFields,
    TickItem,
)
from fdtui.core.state import Mark
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row, running, until


async def test_only_the_changed_fields_are_sent() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(SetFields("1", (("Name", "New"), ("Stage", "To do"))))
        await desk.session.idle()
        assert board.sent == [("w", {"ID": "1", "Name": "New"})]


async def test_an_overtaken_field_is_a_conflict_that_keeps_both_sides() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Name"] = "Theirs"
        desk.session.perform(SetFields("1", (("Name", "Mine"),)))
        await desk.session.idle()
        conflict = desk.state.conflicts["1"]
        (field,) = conflict.fields
        assert (field.base, field.theirs, field.mine) == ("Task 1", "Theirs", "Mine")
        assert desk.state.mark(desk.state.shown["1"]) is Mark.CONFLICT
        desk.session.resolve_conflict("1", {"Name": "Mine"})
        await desk.session.idle()
        assert (board.rows["1"]["Name"], dict(desk.state.conflicts)) == ("Mine", {})


async def test_a_conflict_can_be_left_as_theirs() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Name"] = "Theirs"
        desk.session.perform(SetFields("1", (("Name", "Mine"),)))
        await desk.session.idle()
        desk.session.resolve_conflict("1", {})
        assert (board.sent, dict(desk.state.conflicts)) == ([], {})


async def test_an_edit_of_a_deleted_task_keeps_its_last_contents() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        del board.rows["1"]
        desk.session.perform(SetFields("1", (("Name", "Mine"),)))
        await desk.session.idle()
        conflict = desk.state.conflicts["1"]
        assert conflict.deleted
        assert conflict.row is not None
        assert conflict.row["Name"] == "Mine"


async def test_undo_and_redo_of_an_edit() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(MoveTask("1", "Doing"))
        desk.session.perform(AssignTask("1", "ada@example.com"))
        await desk.session.idle()
        assert desk.session.can_undo == "assign to ada@example.com"
        assert desk.session.undo().startswith("assign to ada@example.com (")
        assert desk.session.undo().startswith("move to Doing (")
        await desk.session.idle()
        assert (board.rows["1"]["Stage"], board.rows["1"]["Assigned To"]) == ("To do", None)
        desk.session.redo()
        await desk.session.idle()
        assert board.rows["1"]["Stage"] == "Doing"
        assert desk.session.can_redo == "assign to ada@example.com"


async def test_an_undo_after_somebody_elses_change_is_a_conflict() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(SetFields("1", (("Name", "Mine"),)))
        await desk.session.idle()
        board.rows["1"]["Name"] = "Theirs"
        desk.session.undo()
        await desk.session.idle()
        (field,) = desk.state.conflicts["1"].fields
        assert (field.base, field.theirs, field.mine) == ("Mine", "Theirs", "Task 1")
        assert board.rows["1"]["Name"] == "Theirs"


async def test_a_refused_change_is_not_undone() -> None:
    board = Board(row("1"))
    board.fail("update", InvalidError({"Name": ["is invalid"]}))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(SetFields("1", (("Name", "Mine"),)))
        await desk.session.idle()
        assert desk.session.can_undo == ""


async def test_a_new_task_is_on_the_board_at_once_and_gets_its_id() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create({"Name": "Fresh", "Stage": "Doing"})
        assert [task.row["Name"] for task in desk.state.shown.values()] == ["Task 1", "Fresh"]
        await desk.session.idle()
        assert [task.uid for task in desk.state.shown.values()] == ["1", "101"]
        assert board.sent == [("w", {"Name": "Fresh", "Stage": "Doing"})]


async def test_a_delete_goes_to_the_trash_and_comes_back_as_a_new_task() -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(DeleteTask("1"))
        assert list(desk.state.shown) == ["2"]
        await desk.session.idle()
        assert list(board.rows) == ["2"]
        (trashed,) = desk.session.trash
        assert (trashed.title, trashed.row["ID"]) == ("Task 1", "1")
        desk.session.undo()
        await desk.session.idle()
        assert board.rows["1"]["Name"] == "Task 1"


async def test_a_listing_asked_for_before_a_delete_does_not_bring_the_task_back() -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("tasks")
        desk.session.refresh()
        await until(lambda: board.calls[-1] == "tasks")
        desk.session.perform(DeleteTask("1"))
        await until(lambda: not desk.session.unsent)
        board.release("tasks")
        await desk.session.idle()
        assert list(desk.state.shown) == ["2"]


async def test_a_link_keeps_what_a_colleague_linked_a_moment_ago() -> None:
    board = Board({**row("1"), "Bugs": [{"Bug ID": 1, "Name": "one"}]})
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Bugs"].append({"Bug ID": 2})
        desk.session.perform(LinkTask("1", "Bugs", "Bug ID", "3"))
        await desk.session.idle()
        assert board.sent[-1] == (
            "w",
            {"ID": "1", "Bugs": [{"Bug ID": 1}, {"Bug ID": 2}, {"Bug ID": "3"}]},
        )
        desk.session.perform(LinkTask("1", "Bugs", "Bug ID", "2", linked=False))
        await desk.session.idle()
        assert board.sent[-1][1]["Bugs"] == [{"Bug ID": 1}, {"Bug ID": "3"}]


async def test_a_removed_file_takes_no_other_with_it() -> None:
    files = [{"blobId": "a", "filename": "a.pdf"}, {"blobId": "b", "filename": "b.pdf"}]
    board = Board({**row("1"), "Documents": files})
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["1"]["Documents"] = [*files, {"blobId": "c", "filename": "c.pdf"}]
        desk.session.perform(RemoveFile("1", "Documents", "a", "a.pdf"))
        await desk.session.idle()
        assert [each["blobId"] for each in board.rows["1"]["Documents"]] == ["b", "c"]


async def test_comments_and_checklist_are_fetched_when_looked_at_and_after_a_change() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.fetch_details("1", Part.COMMENTS, Part.CHECKLIST, Part.ACTIVITY)
        await desk.session.idle()
        details = desk.state.details["1"]
        assert (details.comments, details.checklist) == ((), ())
        assert details.problem(Part.ACTIVITY)
        desk.session.perform(AddComment("1", "hello"))
        desk.session.perform(AddChecklistItem("1", "Call", "To do"))
        desk.session.perform(TickItem("1", "Call", Tick.COMPLETED))
        await desk.session.idle()
        details = desk.state.details["1"]
        assert [comment.body for comment in details.comments or ()] == ["hello"]
        assert [item.status for item in details.checklist or ()] == ["Completed"]
        desk.session.perform(RemoveItem("1", "Call"))
        await desk.session.idle()
        assert desk.state.details["1"].checklist == ()


async def test_a_link_to_one_task_does_not_overwrite_a_colleagues() -> None:
    board = Board({**row("1"), "House": {"House ID": "a", "Name": "A"}})
    async with running(board) as desk:
        await desk.session.idle()
        link = LinkTask("1", "House", "House ID", "c", to_many=False)
        board.rows["1"]["House"] = {"House ID": "a", "Name": "Another name"}
        desk.session.perform(link)
        await desk.session.idle()
        assert board.sent[-1][1]["House"] == {"House ID": "c"}
        board.rows["1"]["House"] = {"House ID": "b", "Name": "B"}
        desk.session.perform(LinkTask("1", "House", "House ID", "d", to_many=False))
        await desk.session.idle()
        assert len(board.sent) == 1
        assert "House was changed meanwhile" in desk.notices[-1].text


@pytest.mark.parametrize("seed", range(1000))
async def test_two_writers_lose_nothing(seed: int) -> None:
    """Random interleavings of our edits with a colleague's, over fields and lists."""
    from random import Random

    random = Random(seed)
    board = Board({**row("1"), "Bugs": [], "A": "", "B": ""})
    linked, names = set(), {"A": "", "B": ""}
    async with running(board) as desk:
        await desk.session.idle()
        for turn in range(12):
            if random.random() < 0.5:
                board.rows["1"]["Bugs"] = [*board.rows["1"]["Bugs"], {"Bug ID": f"t{turn}"}]
                linked.add(f"t{turn}")
                board.rows["1"]["A"] = names["A"] = f"theirs {turn}"
            else:
                desk.session.perform(LinkTask("1", "Bugs", "Bug ID", f"m{turn}"))
                linked.add(f"m{turn}")
                desk.session.perform(SetFields("1", (("B", f"mine {turn}"),)))
                names["B"] = f"mine {turn}"
            for _ in range(random.randrange(4)):
                await asyncio.sleep(0)
        await desk.session.idle()
        assert {each["Bug ID"] for each in board.rows["1"]["Bugs"]} == linked
        assert {name: board.rows["1"][name] for name in names} == names
        assert dict(desk.state.conflicts) == {}


async def test_a_comment_of_ones_own_has_ones_own_name() -> None:
    board = Board(row("1"))
    board.said.append("theirs")
    async with running(board, me="ada@example.com") as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "mine"))
        desk.session.fetch_details("1", Part.COMMENTS)
        await desk.session.idle()
        desk.session.fetch_details("1", Part.COMMENTS)
        await desk.session.idle()
        comments = desk.state.details["1"].comments or ()
        assert [(each.author, each.body) for each in comments] == [
            ("API", "theirs"),
            ("ada@example.com", "mine"),
        ]
