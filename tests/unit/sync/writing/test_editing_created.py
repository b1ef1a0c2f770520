"""A task that was created offline can be changed before any server knows of it."""

import time
from typing import Any

import pytest

from fdtui.core.commands import why_not
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    AssignTask,
    DeleteTask,
    LinkTask,
    MoveTask,
    SetFields,
)
from fdtui.sync.session import Session
from fdtui.sync.storage.journal import EntryState
from tests.unit.sync.writing.test_journal import Place, is_saved, place, until

__all__ = ["place"]

BUGS = "bT7rG4"
"""A workflow whose server gives each task its id."""


async def created(place: Place, session: Session, **values: Any) -> str:
    """A task that is created while the server is away; its key."""
    await session.idle()
    place.line.is_down = True
    assert session.create({"Title": "Fresh", "Stage": "New", **values})
    return session.state.pending[-1].key


async def named(place: Place, name: str) -> list[dict[str, Any]]:
    rows = await place.ask("GET", "", workflow=BUGS)
    return [each for each in rows if each["Title"] == name]


def edit(session: Session, key: str) -> None:
    assert session.perform(MoveTask(key, "Fixed"))
    assert session.perform(AssignTask(key, "user@example.com"))
    assert session.perform(SetFields(key, (("Title", "Edited"),)))


async def test_what_is_changed_while_it_waits_is_created_so_with_one_request(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        edit(session, key)
        task = session.state.shown[key]
        assert (task.stage, task.row["Title"]) == ("Fixed", "Edited")
        await until(lambda: is_saved(session))
        assert [each.title for each in session.waiting.entries()][-1] == "Fresh"
        left = place.crash()
    place.line.is_down = False
    async with place.window(left, workflow=BUGS) as session:
        await session.idle()
        assert not session.waiting
    (there,) = await named(place, "Edited")
    assert (there["Stage"], there["Assigned To"]) == ("Fixed", "user@example.com")
    assert [method for method, _ in place.line.writes] == ["POST"]


async def test_what_cannot_be_put_into_the_creation_follows_it_to_the_id_it_got(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        session.perform(AddComment(key, "said offline"))
        session.perform(AddChecklistItem(key, "to do", "New"))
        session.perform(MoveTask(key, "Fixed"))
        await until(lambda: is_saved(session))
        left = place.crash()
    place.line.is_down = False
    async with place.window(left, workflow=BUGS) as session:
        await session.idle()
        assert not session.waiting.entries(), place.notices
        (there,) = await named(place, "Fresh")
        uid = str(there[session.state.schema.unique_id.name])  # type: ignore[union-attr]
    assert there["Stage"] == "Fixed"
    said = await place.ask("GET", f"/{uid}/comments", workflow=BUGS)
    assert [each["body"] for each in said] == ["said offline"]
    writes = [method for method, _ in place.line.writes]
    assert writes == ["POST", "POST", "POST", "PUT"]


async def test_what_is_linked_while_it_waits_is_linked_once_it_is_created(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        for uid, linked in (("1", True), ("3", True), ("1", False), ("6", True)):
            assert session.perform(LinkTask(key, "Expenses", "Expense ID", uid, linked=linked))
        assert [each["Expense ID"] for each in session.state.shown[key].row["Expenses"]] == ["3", "6"]  # type: ignore[union-attr]
        session.perform(MoveTask(key, "Fixed"))
        await until(lambda: is_saved(session))
        left = place.crash()
    place.line.is_down = False
    async with place.window(left, workflow=BUGS) as session:
        await session.idle()
        assert not session.waiting.entries(), place.notices
        (there,) = await named(place, "Fresh")
        assert session.undo() and session.undo()
        await session.idle()
        (after,) = await named(place, "Fresh")
    assert [each["Expense ID"] for each in there["Expenses"]] == ["3", "6"]
    assert ([each["Expense ID"] for each in after["Expenses"]], after["Stage"]) == (["3"], "New")


async def test_what_cannot_wait_for_it_says_when_it_can_be_done(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        reason = why_not(session.state, "task.actions", session.state.shown[key])
        assert reason == (
            "This task is still being created. Actions and files have to wait until the server has it."
        )
        (problem,) = session.transfers.attach(key, "Screenshots", [place.folder / "x.png"])
        assert reason in problem


async def test_a_crash_after_the_creation_leaves_the_rest_about_the_task_that_was_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        session.perform(AddComment(key, "said offline"))
        await until(lambda: is_saved(session))
        place.line.is_down = False
        left = ""

        def settled(entry: Any) -> None:
            place.line.is_down = True  # the comment does not leave

        session.waiting.when_settled(settled)
        session.refresh()
        await until(lambda: place.line.is_down)
        await until(lambda: len(session.waiting) == 1)
        left = place.crash()
        (entry,) = session.waiting.entries()
        assert (entry.pending.key, entry.task.uid) == (entry.task.key, entry.task.key)
    place.line.is_down = False
    async with place.window(left, workflow=BUGS) as session:
        await session.idle()
        (there,) = await named(place, "Fresh")
        uid = str(there[session.state.schema.unique_id.name])  # type: ignore[union-attr]
    said = await place.ask("GET", f"/{uid}/comments", workflow=BUGS)
    assert [each["body"] for each in said] == ["said offline"]


async def test_a_lost_answer_of_the_creation_makes_no_second_task(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        edit(session, key)
        await until(lambda: is_saved(session))
        place.line.is_down, place.line.drops_answers = False, True
        session.refresh()
        await until(lambda: place.line.writes)
        left = place.crash()
    place.line.drops_answers = False
    async with place.window(left, workflow=BUGS) as session:
        await session.idle()
    assert len(await named(place, "Edited")) == 1
    assert not await named(place, "Fresh")


async def test_each_change_of_it_can_be_undone_down_to_nothing(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        session.perform(MoveTask(key, "Fixed"))
        assert session.undo()
        assert session.state.shown[key].stage == "New"
        assert session.undo()
        assert key not in session.state.shown
        await until(lambda: not session.waiting.is_closing)
        place.line.is_down = False
        session.refresh()
        await session.idle()
    assert place.line.writes == []


async def test_deleting_it_takes_back_all_that_waits_and_undo_brings_it_back_as_it_was(
    place: Place,
) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        edit(session, key)
        session.perform(AddComment(key, "said offline"))
        assert session.perform(DeleteTask(key))
        assert (len(session.waiting), key in session.state.shown) == (0, False)
        assert session.undo()
        place.line.is_down = False
        session.refresh()
        await session.idle()
    (there,) = await named(place, "Edited")
    assert there["Stage"] == "Fixed"


async def test_where_it_is_refused_nothing_of_it_is_lost_and_all_is_tried_again(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session, **{"Assigned To": "nobody@example.com"})
        session.perform(MoveTask(key, "Fixed"))
        session.perform(AddComment(key, "said offline"))
        await until(lambda: is_saved(session))
        place.line.is_down = False
        session.refresh()
        await session.idle()
        entries = session.waiting.entries()
        assert [each.state for each in entries] == [EntryState.REFUSED] * 3
        assert "was not created" in entries[-1].why
        session.waiting.retry(entries[1])
        await session.idle()
        assert [each.state for each in session.waiting.entries()] == [EntryState.REFUSED] * 3


async def test_a_clock_that_was_set_back_meanwhile_changes_no_order(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {"Company ID": "N1", "Company Name": "Theirs"}
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.create({"Company ID": "N1", "Company Name": "Fresh", "Stage": "Not Started"})
        key = session.state.pending[-1].key
        monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)
        session.perform(MoveTask(key, "Done"))
        session.perform(AddComment(key, "said offline"))
        await until(lambda: is_saved(session))
        await place.ask("POST", "", theirs)
        left = place.crash()
    place.line.is_down = False
    async with place.window(left) as session:
        await session.idle()
        refused = session.waiting.entries()
        assert [each.state for each in refused] == [EntryState.REFUSED] * 3
        await place.ask("DELETE", "/N1")
        session.waiting.retry(refused[0])
        await session.idle()
        assert not session.waiting.entries(), place.notices
    there = await place.ask("GET", "/N1")
    assert (there["Company Name"], there["Stage"]) == ("Fresh", "Done")
    assert [each["body"] for each in await place.ask("GET", "/N1/comments")] == ["said offline"]


async def test_what_another_window_does_to_it_meanwhile_arrives(place: Place) -> None:
    async with place.window(workflow=BUGS) as one, place.window(workflow=BUGS) as other:
        key = await created(place, one)
        await until(lambda: key in other.state.shown)
        other.perform(MoveTask(key, "Fixed"))
        other.perform(AddComment(key, "said by the other"))
        await until(lambda: is_saved(other))
        place.line.is_down = False
        one.refresh()
        other.refresh()
        await one.idle()
        await other.idle()
        (there,) = await named(place, "Fresh")
        assert there["Stage"] == "Fixed"
        uid = str(there[one.state.schema.unique_id.name])  # type: ignore[union-attr]
        assert [each["body"] for each in await place.ask("GET", f"/{uid}/comments", workflow=BUGS)]
        assert other.perform(MoveTask(key, "New"))  # decided while it had its first key
        await other.idle()
    (there,) = await named(place, "Fresh")
    assert there["Stage"] == "New"


async def test_a_task_that_asks_for_its_own_id_is_changed_in_order_too(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.create({"Company ID": "N1", "Company Name": "Fresh", "Stage": "Not Started"})
        key = session.state.pending[-1].key
        session.perform(AddComment(key, "said offline"))
        session.perform(MoveTask(key, "Done"))
        session.perform(DeleteTask("43"))
        await until(lambda: is_saved(session))
        place.line.is_down = False
        session.refresh()
        await session.idle()
        assert session.state.shown["N1"].stage == "Done"
    assert (await place.ask("GET", "/N1"))["Stage"] == "Done"
    about = [each for each in place.line.writes if each[1].endswith(("tasks", "N1", "comments"))]
    assert [method for method, _ in about] == ["POST", "POST", "PUT"]


async def test_a_task_that_is_being_created_is_deleted_once_it_is(place: Place) -> None:
    async with place.window(workflow=BUGS) as session:
        key = await created(place, session)
        place.line.is_down, place.line.drops_answers = False, True
        session.refresh()
        await until(lambda: session.state.pending[0].sent)
        assert session.perform(DeleteTask(key))
        place.line.drops_answers = False
        session.refresh()
        await session.idle()
    assert not await named(place, "Fresh")
    assert [method for method, _ in place.line.writes][-1] == "DELETE"
