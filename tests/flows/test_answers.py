"""What the board answers: to each change one line, and to what cannot be seen a sign that stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fdtui import wiring
from fdtui.core.errors import UnreachableError
from fdtui.core.intents import MoveTask
from fdtui.sync.session import Session, SessionOptions
from tests.flows.conftest import session_on
from tests.flows.driver import NOW, Driver, running
from tests.flows.office import Office, into_the_pane, open_form, saved
from tests.unit.sync.gateway import Board


@pytest.fixture
async def small(office: Office) -> AsyncIterator[Driver]:
    async with running(session_on(office), (30, 8)) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.go_to("1")
        yield driver


async def test_a_change_is_answered_with_the_task_its_place_and_the_way_back(board: Driver) -> None:
    await board.give("task.move-next")
    assert board.said == "· Acme → Done · u undo · ' follow"
    await board.give("cursor.down")
    assert not board.said
    await board.give("board.undo")
    assert board.said == "· Undone: Acme → Doing · ^r redo" and board.current == "1"
    await board.give("board.redo")
    assert board.said == "· Redone: Acme → Done · u undo" and board.current == "1"
    await board.give("board.undo")
    await board.settle()
    await board.go_to("1")
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    await board.press("ctrl+o")
    await saved(board)
    assert board.said == "· Acme Inc: Name changed · u undo"


@pytest.mark.parametrize("command", ["task.new", "task.duplicate"])
async def test_a_new_task_is_answered_and_has_the_cursor(board: Driver, command: str) -> None:
    await open_form(board, command)
    await board.form.field("ID").type("77")
    await board.form.field("Name").press("ctrl+u")
    await board.form.field("Name").type("Newco")
    await board.press("ctrl+o")
    await saved(board)
    assert board.said == "· Newco → Doing · u undo" and board.current == "77"


async def test_what_is_no_change_of_ones_own_is_not_answered(board: Driver, office: Office) -> None:
    office.rows["1"]["Stage"] = "Done"
    board.session.refresh()
    await board.until(lambda: "Done" in [board.card("1").stage])
    assert "undo" not in board.said
    board.session.perform_all([MoveTask("1", "To do"), MoveTask("2", "To do")])
    await board.settle()
    assert "all 2 went through" in board.said


async def test_a_value_of_somebody_else_is_asked_about_before_it_is_replaced(
    board: Driver, office: Office
) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    office.rows["1"]["Name"] = "Theirs"
    board.session.refresh()
    await board.until(lambda: "someone changed this to" in board.screen)
    await board.press("ctrl+o")
    board.asks("Name: theirs “Theirs”, yours “Acme Inc”").is_safe()
    await board.press("enter")
    assert board.form.is_topmost and office.sent == []
    await board.press("ctrl+o")
    await board.asks("Someone else changed Name meanwhile").answer("t")
    await saved(board)
    assert office.sent == [] and office.rows["1"]["Name"] == "Theirs"


async def test_a_value_of_somebody_else_is_asked_about_where_its_line_is_out_of_sight(
    small: Driver, office: Office
) -> None:
    await open_form(small)
    await small.form.field("Name").type(" Inc")
    office.rows["1"]["Name"] = "Theirs"
    small.session.refresh()
    await small.settle()
    small.form.go_to("Notes")
    await small.press("ctrl+o")
    await small.until(lambda: small.is_asking)
    assert office.sent == []


async def test_a_deletion_says_what_is_lost_and_what_is_not(board: Driver) -> None:
    await board.give("task.delete")
    board.asks("Comments, checklist, files and links are lost.").is_safe()
    assert "Undo brings the fields back." in board.words and "permanently" not in board.words


async def test_the_help_is_about_where_one_is(tmp_path: Path) -> None:
    async with running(wiring.demo_session(folder=tmp_path), (120, 90)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.give("task.open", "pane.next", "app.help")
        await board.until(lambda: "Help for the detail pane" in board.screen)
        assert (
            "To the next field." in board.screen and "Edit the field under the cursor." in board.screen
        )
        assert "Half a column down." not in board.screen
        await board.press("escape")
        await board.give("app.cancel", "triage.start", "app.help")
        await board.until(lambda: "Help for triage" in board.screen)
        assert "1 to 9" in board.screen and "Skip to the next task." in board.screen
        assert "To the column on the left." not in board.screen


async def test_a_draft_leaves_a_sign_until_it_is_gone(board: Driver) -> None:
    await open_form(board)
    await board.form.field("Name").type("x")
    await board.press("escape", "l")
    await board.until(lambda: "1 draft" in board.screen.splitlines()[0])
    await board.give("cursor.down", "cursor.up")
    assert "1 draft" in board.screen.splitlines()[0]
    await board.give("task.edit")
    await board.until(lambda: board.is_asking)
    await board.press("d")
    await board.until(lambda: board.form.is_topmost)
    await board.press("escape")
    await board.until(lambda: "draft" not in board.screen.splitlines()[0])


@pytest.mark.parametrize("command", ["task.new", "task.duplicate"])
async def test_a_new_form_counts_only_what_was_typed(board: Driver, command: str) -> None:
    await open_form(board, command)
    assert "changed" not in board.screen
    await board.form.field("Name").type("x")
    assert "Save   1 field changed" in board.screen
    await board.press("escape")
    board.asks("1 field changed")


async def test_the_key_that_saves_sends_a_comment(board: Driver, office: Office) -> None:
    await board.give("task.comments", "comments.write")
    await board.type("hello")
    await board.press("ctrl+o")
    await board.settle()
    assert not board.is_covered and office.said == ["hello"]
    assert board.said == "· Acme: comment added"


async def test_the_help_has_a_key_where_letters_are_text(board: Driver) -> None:
    await open_form(board)
    assert "f1 help" in board.footer
    await board.press("?")
    assert board.form.is_topmost
    await board.press("f1")
    await board.until(lambda: "Help for" in board.screen)
    await board.press("escape")
    assert board.form.is_topmost


async def test_an_error_of_a_form_is_whole_in_the_smallest_window(small: Driver) -> None:
    await open_form(small)
    await small.form.field("Price").type("abc")
    await small.press("ctrl+o")
    assert "Fix 1 field first." in small.screen
    assert small.screen.splitlines()[6].startswith("╰─")  # the frame is closed below it
    said = " ".join(line.strip("│▌ ") for line in small.screen.splitlines())
    assert "✗ is invalid: an amount such as 1234.50" in said, small.screen


async def test_an_error_in_the_pane_covers_no_other_field(board: Driver) -> None:
    await into_the_pane(board, "Price")
    await board.press("enter")
    await board.type("abc")
    await board.press("enter")
    await board.until(lambda: "✗" in board.screen)
    lines = board.screen.splitlines()
    wrong = next(at for at, line in enumerate(lines) if "✗" in line)
    assert any("Due" in line[board.pane.region.x :] for line in lines[wrong:]), board.screen
    await board.press("escape", "d")
    await board.until(lambda: not board.is_covered)
    shown = [line[board.pane.region.x :].strip("│▌ ") for line in board.screen.splitlines()]
    at = next(at for at, line in enumerate(shown) if line.startswith("Price"))
    assert shown[at + 1].startswith("Due")


async def test_a_filter_that_finds_nothing_says_what_it_looks_for(board: Driver) -> None:
    await board.give("board.filter")
    await board.type("severity:critical")
    assert "There is no field “severity”." in board.screen
    await board.press("ctrl+u")
    await board.type("zzz")
    assert "no field" not in board.screen and "No card passes this filter." in board.screen
    await board.press("ctrl+u")
    assert "No card" not in board.screen


async def test_files_of_a_workflow_without_a_field_for_them(board: Driver) -> None:
    await board.give("task.files")
    assert not board.is_covered and "This workflow has no field for files." in board.said


async def test_a_start_without_the_server_offers_no_card_to_be_changed() -> None:
    async def connect() -> Board:
        raise UnreachableError("The server cannot be reached.")

    async with running(Session(connect, SessionOptions(every=3600), clock=lambda: NOW)) as board:
        await board.until(lambda: board.session.state.connection == "offline")
        await board.settle()
        for word in ("select", "move", "new", "edit", "open", "comments", "triage"):
            assert f" {word} " not in board.footer, board.footer
