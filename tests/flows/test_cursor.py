"""The cursor: always on a card if one is shown, and on what is undone, redone, made or followed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from fdtui.core.job import Execution
from fdtui.tui.preferences import Look
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.flows.office import ROW, Office
from tests.unit.sync.gateway import Board

Rows = Callable[[int], list[dict[str, Any]]]


@pytest.fixture
async def long(rows: Rows) -> AsyncIterator[Driver]:
    """A column of more cards than the screen shows."""
    look = Look(density="comfortable")
    async with running(session_on(Board(*rows(60))), look=look) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        yield driver


async def test_what_is_undone_has_the_cursor_and_is_in_view(long: Driver) -> None:
    await long.go_to("003")
    await long.give("task.move-next", "cursor.bottom")
    assert long.current == "059" and " 004" not in long.screen
    await long.give("board.undo")
    assert long.current == "003" and " 004" in long.screen
    assert long.said == "· Undone: Task 3 → To do · ^r redo"
    await long.give("cursor.bottom", "board.redo")
    assert long.current == "003" and long.column == "Doing"


async def test_a_moved_card_is_followed_by_a_key(long: Driver) -> None:
    assert long.board.commands.refuses("cursor.follow")
    await long.go_to("003")
    await long.give("task.move-next")
    assert long.current == "004" and long.said == "· Task 3 → Doing · u undo · ' follow"
    await long.give("cursor.follow")
    assert long.current == "003" and long.column == "Doing"


async def test_the_cursor_follows_by_itself_where_that_is_set(office: Office) -> None:
    async with running(session_on(office), look=Look(follow=True)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("1")
        await board.give("task.move-next")
        assert board.current == "1" and board.column == "Done"
        assert board.said == "· Acme → Done · u undo"


async def test_a_card_that_the_filter_hides_is_not_followed(board: Driver) -> None:
    board.filter("-stage:Done")
    await board.give("task.move-next")
    assert board.said == "· Acme → Done, hidden by the filter · u undo" and board.current == "2"
    await board.give("cursor.follow")
    assert board.said == "! Acme is hidden by the filter."


async def test_the_cursor_goes_to_the_nearest_card_that_a_filter_leaves() -> None:
    names = (("1", "Red", "Doing"), ("2", "Blue", "Doing"), ("3", "Red", "To do"), ("4", "Red", "To do"))
    rows = [{**ROW, "ID": uid, "Name": name, "Stage": stage} for uid, name, stage in names]
    async with running(session_on(Office(*rows))) as board:
        await board.until(lambda: board.session.state.connection == "live")
        board.filter("name:red -stage:Done")
        await board.go_to("1")
        await board.give("task.move-next")
        assert board.current in {"3", "4"}
        await board.settle()
        assert board.current in {"3", "4"} and board.column == "To do"


async def test_a_task_that_is_made_where_the_filter_hides_it_leaves_the_cursor_on_a_card(
    board: Driver,
) -> None:
    board.filter("acme")
    await board.give("task.delete")
    await board.asks("Delete").answer("y")
    await board.settle()
    assert board.current is None
    board.filter("bolt")
    assert board.current == "2"
    await board.give("board.undo")
    await board.settle()
    assert board.current == "2"


async def test_an_answer_is_one_line_in_a_narrow_window(office: Office) -> None:
    office.rows["1"]["Name"] = "A title that is far too long for a line of forty cells"
    async with running(session_on(office), (40, 12)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("1")
        await board.give("task.move-next")
        assert board.said == "· A title… → Done · u undo · ' follow"


async def test_a_long_column_says_where_the_cursor_is_and_that_there_is_more(long: Driver) -> None:
    glyphs = Look().glyphs
    head = long.screen.splitlines()[2]
    assert "1/60" in head and head.count("/") == 1
    assert glyphs.thumb in long.screen.splitlines()[4]
    await long.give("cursor.bottom")
    assert "60/60" in long.screen and glyphs.thumb not in long.screen.splitlines()[4]
    await long.give("column.next")
    assert "/60" not in long.screen and glyphs.thumb in long.screen
    long.filter("01")
    await long.go_to("001")
    assert "1/11 of 60" in long.screen
    long.filter("011")
    assert "1 of 60" in long.screen and "1/1" not in long.screen and glyphs.thumb not in long.screen


async def test_triage_offers_no_key_that_does_nothing_there(board: Driver) -> None:
    await board.give("triage.start", "task.move-next")
    assert board.said == "· Acme → Done · u undo"
    await board.give("board.undo")
    assert board.said == "· Undone: Acme → Doing · ^r redo"


async def test_a_card_that_an_action_moved_is_followed(board: Driver, office: Office) -> None:
    office.answers = [Execution("e1", "Success")]
    await board.give("task.actions")
    await board.until(lambda: board.actions.is_open)
    await board.press("1")
    office.rows["1"]["Stage"] = "Done"
    await board.until(lambda: board.card("1").stage == "Done")
    await board.settle()
    await board.give("column.first", "cursor.follow")
    assert board.current == "1"
