"""A write that is answered with a success which nobody can read: a look decides, and no refusal."""

from pathlib import Path

import pytest

from fdtui.core.details import Part, Tick
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    AssignTask,
    DeleteTask,
    MoveTask,
    RemoveItem,
    SetFields,
    TickItem,
)
from tests.unit.sync.writing.proxied import Table, table

PAGE = b"<html><body>Please log in</body></html>"
YESES = [
    (204, b""),
    (201, b"{}"),
    (202, b""),
    (206, b"{}"),
    (200, b"{}"),
    (200, b"[]"),
    (200, b""),
    (200, b"null"),
    (200, b'{"status": "ok"}'),
    (200, b'{"errors": []}'),
    (200, PAGE),
    (200, b"OK"),
    (299, b"\xff"),
]
each_yes = pytest.mark.parametrize("yes", YESES, ids=ascii)


def say(desk: Table, yes: tuple[int, bytes]) -> None:
    desk.between.answers = lambda method, _: None if method == "GET" else yes


@each_yes
async def test_edits_that_were_done_are_done(tmp_path: Path, yes: tuple[int, bytes]) -> None:
    async with table(tmp_path) as desk:
        say(desk, yes)
        desk.session.perform(MoveTask("43", "Done"))
        desk.session.perform(AssignTask("43", "user@example.com"))
        desk.session.perform(SetFields("42", (("Number of Employees", "7"),)))
        await desk.session.idle()
        task = desk.state.shown["43"]
        assert (task.stage, task.assignee) == ("Done", "user@example.com")
        assert "status" not in task.row
        assert desk.notices == []
        assert len(desk.between.writes) == 3
        assert desk.session.undo()
        await desk.session.idle()
        assert desk.state.shown["42"].row["Number of Employees"] != "7"


@each_yes
async def test_a_delete_that_was_done_is_done(tmp_path: Path, yes: tuple[int, bytes]) -> None:
    async with table(tmp_path) as desk:
        say(desk, yes)
        desk.session.perform(DeleteTask("43"))
        await desk.session.idle()
        assert ("43" in desk.state.shown, desk.notices) == (False, [])


@each_yes
async def test_a_task_that_was_made_is_on_the_board(tmp_path: Path, yes: tuple[int, bytes]) -> None:
    async with table(tmp_path) as desk:
        say(desk, yes)
        desk.session.create({"Company ID": "NEW", "Company Name": "New one"})
        await desk.session.idle()
        assert desk.state.shown["NEW"].row["Company Name"] == "New one"
        assert desk.notices == []
        assert len(desk.between.writes) == 1


@each_yes
async def test_a_task_whose_number_the_server_gives_is_found_in_the_list(
    tmp_path: Path, yes: tuple[int, bytes]
) -> None:
    async with table(tmp_path) as desk:
        names = {ref.name: ref.id for ref in desk.state.workflows}
        desk.session.open_workflow(names["Expense approval"])
        await desk.session.idle()
        before = set(desk.state.shown)
        say(desk, yes)
        desk.session.create({"Purpose": "Tea for two"})
        await desk.session.idle()
        (new,) = set(desk.state.shown) - before
        assert desk.state.shown[new].row["Purpose"] == "Tea for two"
        assert desk.notices == []


@each_yes
async def test_remarks_that_were_made_are_there(tmp_path: Path, yes: tuple[int, bytes]) -> None:
    async with table(tmp_path) as desk:
        say(desk, yes)
        desk.session.perform(AddComment("43", "hello"))
        desk.session.perform(AddChecklistItem("43", "call", desk.state.shown["43"].stage))
        await desk.session.idle()
        desk.session.fetch_details("43", Part.COMMENTS, Part.CHECKLIST)
        await desk.session.idle()
        details = desk.state.details["43"]
        assert [each.body for each in details.comments or ()][-1] == "hello"
        (item,) = [each for each in details.checklist or () if each.title == "call"]
        desk.session.perform(TickItem("43", item.id, Tick.COMPLETED, Tick.BLANK))
        await desk.session.idle()
        ticks = {each.id: each.status for each in desk.state.details["43"].checklist or ()}
        assert ticks[item.id] == Tick.COMPLETED
        desk.session.perform(RemoveItem("43", item.id))
        await desk.session.idle()
        assert item.id not in {each.id for each in desk.state.details["43"].checklist or ()}
        assert desk.notices == []


@pytest.mark.parametrize("yes", [(200, PAGE), (200, b"OK")], ids=ascii)
async def test_what_a_portal_swallowed_is_refused_after_a_look(
    tmp_path: Path, yes: tuple[int, bytes]
) -> None:
    async with table(tmp_path) as desk:
        before = desk.state.shown["43"].stage
        desk.between.swallows = lambda method, _: None if method == "GET" else yes
        desk.session.perform(MoveTask("43", "Done"))
        desk.session.perform(DeleteTask("42"))
        desk.session.perform(AddComment("44", "hello"))
        desk.session.create({"Company ID": "NEW", "Company Name": "New one"})
        await desk.session.idle()
        assert desk.state.shown["43"].stage == before
        assert "42" in desk.state.shown
        assert "The task was read again, and is unchanged." in desk.told
        assert "The task is still there." in desk.told
        assert "The comment is not there." in desk.told
        assert "There is no such task on the server." in desk.told


async def test_a_portal_in_front_of_everything_refuses_nothing(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        answers = [(200, PAGE)] * 4
        desk.between.swallows = lambda *_: answers.pop() if answers else None
        desk.session.perform(MoveTask("43", "Done"))
        await desk.session.idle()
        assert (answers, desk.notices) == ([], [])
        assert (await desk.call("GET", "/43"))["Stage"] == "Done"


async def test_a_tick_does_not_overwrite_a_colleagues(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        stage = desk.state.shown["43"].stage
        item = await desk.call("POST", "/43/checklist_items", {"title": "call", "Stage": stage})
        desk.session.fetch_details("43", Part.CHECKLIST)
        await desk.session.idle()
        await desk.call("PUT", f"/43/checklist_items/{item['id']}", {"status": "Skipped"})
        desk.session.perform(TickItem("43", item["id"], Tick.COMPLETED, Tick.BLANK))
        await desk.session.idle()
        assert "Someone marked “call” as skipped meanwhile" in desk.told
        assert desk.between.writes == []
