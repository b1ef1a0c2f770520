"""Somebody changes a task while our write of it is on its way: nothing is overwritten unsaid."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.intents import AssignTask, DeleteTask, Intent, MoveTask, SetFields
from tests.unit.sync.writing.proxied import table

EDITS = [
    MoveTask("43", "Done"),
    SetFields("43", (("Stage", "Done"), ("Number of Employees", "7"))),
]


@pytest.mark.parametrize("intent", EDITS, ids=["move", "form"])
async def test_a_change_of_the_same_field_becomes_a_conflict(tmp_path: Path, intent: Intent) -> None:
    async with table(tmp_path) as desk:
        before = desk.state.shown["43"].stage
        theirs = next(s.name for s in desk.state.schema.stages if s.name not in {before, "Done"})
        desk.between.on_write = desk.colleague(Stage=theirs)
        desk.session.perform(intent)
        await desk.session.idle()
        assert (await desk.call("GET", "/43"))["Stage"] == theirs
        (conflict,) = [field for field in desk.state.conflicts["43"].fields if field.name == "Stage"]
        assert (conflict.theirs, conflict.mine) == (theirs, "Done")
        assert "changed meanwhile" in desk.told


async def test_a_change_of_another_field_is_kept_and_ours_goes_through(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        desk.between.on_write = desk.colleague(Number_of_Employees="77")
        desk.session.perform(MoveTask("43", "Done"))
        await desk.session.idle()
        task = await desk.call("GET", "/43")
        assert (task["Stage"], task["Number of Employees"]) == ("Done", "77")
        assert [headers.get("if-match", "")[:3] for _, _, headers in desk.between.writes] == ['W/"'] * 2
        assert desk.notices == []


async def test_a_task_that_was_changed_is_not_deleted(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        desk.between.on_write = desk.colleague(Number_of_Employees="77")
        desk.session.perform(DeleteTask("43"))
        await desk.session.idle()
        assert (await desk.call("GET", "/43"))["Number of Employees"] == "77"
        assert "43" in desk.state.shown
        assert "Number of Employees was changed meanwhile to “77”. Nothing was deleted" in desk.told
        desk.session.refresh()
        await desk.session.idle()
        desk.session.perform(DeleteTask("43"))  # who has seen it may delete it
        await desk.session.idle()
        assert await desk.call("GET", "/43") == {"errors": ["There is no such task."]}


async def test_a_task_that_a_colleague_changed_before_is_not_deleted(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        await desk.colleague(Number_of_Employees="77")()
        desk.session.perform(DeleteTask("43"))
        await desk.session.idle()
        assert desk.between.writes == []
        assert "Nothing was deleted" in desk.told


async def test_a_delete_behind_changes_of_ones_own_goes_through(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        desk.session.perform(MoveTask("43", "Done"))
        desk.session.perform(AssignTask("43", "user@example.com"))
        desk.session.perform(DeleteTask("43"))
        await desk.session.idle()
        assert (desk.notices, "43" in desk.state.shown) == ([], False)


async def test_others_that_keep_writing_do_not_hold_a_change_up_for_ever(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        count = 0

        async def again() -> None:
            nonlocal count
            count += 1
            await desk.colleague(Number_of_Employees=str(count))()
            desk.between.on_write = again

        desk.between.on_write = again
        desk.session.perform(MoveTask("43", "Done"))
        await desk.session.idle()
        assert (await desk.call("GET", "/43"))["Stage"] == "Done"
        assert len(desk.between.writes) == 8


async def test_a_tag_that_the_install_never_accepts_is_left_out(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        desk.between.swallows = lambda method, _: (
            (412, b"{}") if method != "GET" and "if-match" in desk.between.requests[-1][2] else None
        )
        desk.session.perform(MoveTask("43", "Done"))
        desk.session.perform(DeleteTask("44"))
        await desk.session.idle()
        assert (await desk.call("GET", "/43"))["Stage"] == "Done"
        assert "44" not in desk.state.shown
        assert desk.notices == []


@pytest.mark.parametrize("has_tags", [False, True], ids=["no tags", "tags that nobody heeds"])
async def test_where_no_tag_helps_what_was_overwritten_is_told(tmp_path: Path, has_tags: bool) -> None:
    async with table(tmp_path) as desk:
        desk.between.has_tags, desk.between.heeds_tags = has_tags, False
        before = desk.state.shown["43"].stage
        theirs = next(s.name for s in desk.state.schema.stages if s.name not in {before, "Done"})

        async def slowly() -> None:
            await desk.colleague(Stage=theirs)()
            seen = len(desk.between.requests)
            while len(desk.between.requests) < seen + 2:  # somebody looks meanwhile
                await asyncio.sleep(0)

        desk.between.on_write = slowly
        desk.session.perform(MoveTask("43", "Done"))
        await desk.session.idle()
        assert f"Stage was changed meanwhile to “{theirs}”, and yours overwrote it" in desk.told
        desk.between.on_write = slowly
        desk.session.perform(DeleteTask("43"))
        await desk.session.idle()
        assert f"Stage was changed meanwhile to “{theirs}”, and was deleted anyway" in desk.told


async def test_without_tags_a_change_right_after_ours_is_shown(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        desk.between.has_tags = False
        before = desk.state.shown["43"].stage
        theirs = next(s.name for s in desk.state.schema.stages if s.name not in {before, "Done"})
        desk.session.perform(MoveTask("43", "Done"))
        inner = desk.between.app

        async def after(scope: Any, receive: object, send: object) -> None:
            await inner(scope, receive, send)
            if scope["method"] == "PUT":
                desk.between.app = inner
                await desk.colleague(Stage=theirs)()

        desk.between.app = after
        await desk.session.idle()
        assert desk.state.shown["43"].stage == theirs
        assert f"Stage: the server kept “{theirs}”" in desk.told


async def test_one_404_is_no_deletion(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        blips = [(404, b"<html>no</html>")]
        desk.between.swallows = lambda method, path: (
            blips.pop() if blips and method == "GET" and path.endswith("/43") else None
        )
        desk.session.perform(MoveTask("43", "Done"))
        await desk.session.idle()
        assert (blips, desk.notices) == ([], [])
        assert (await desk.call("GET", "/43"))["Stage"] == "Done"


@pytest.mark.parametrize("status", [400, 403, 405, 407, 418, 421, 425, 451, 503])
async def test_one_odd_answer_to_the_look_before_a_write_refuses_nothing(
    tmp_path: Path, status: int
) -> None:
    async with table(tmp_path) as desk:
        blips = [(status, b"<html>no</html>")]
        desk.between.swallows = lambda method, path: (
            blips.pop() if blips and method == "GET" and path.endswith("/43") else None
        )
        desk.session.perform(MoveTask("43", "Done"))
        await desk.session.idle()
        assert (blips, desk.notices) == ([], [])
        assert (await desk.call("GET", "/43"))["Stage"] == "Done"
