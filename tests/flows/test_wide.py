"""A wide window shows the task under the cursor by itself, a high one all of it."""

from collections.abc import AsyncIterator

import pytest

from fdtui import wiring
from fdtui.tui.preferences import Look
from tests.flows.driver import Driver, running


@pytest.fixture
async def wide(tmp_path) -> AsyncIterator[Driver]:
    async with running(wiring.demo_session(folder=tmp_path), (200, 60)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("42")
        yield board


async def test_the_task_under_the_cursor_is_shown_and_the_board_keeps_its_keys(wide: Driver) -> None:
    await wide.until(lambda: "Contract Value" in wide.screen)
    assert "Acme Corp" in wide.screen and wide.place == "board"
    await wide.give("cursor.down")
    await wide.until(lambda: "Globex" in wide.screen)
    await wide.give("task.open")
    assert wide.place == "detail"


async def test_what_is_shown_by_itself_is_closed_last_and_stays_closed(wide: Driver) -> None:
    wide.filter("corp or globex")
    await wide.give("app.cancel")
    assert wide.has_detail and len(wide.titles("In Progress")) > 2
    await wide.give("app.cancel")
    assert not wide.has_detail
    await wide.give("cursor.down", "cursor.up")
    assert not wide.has_detail


async def test_quitting_needs_no_second_key(wide: Driver) -> None:
    await wide.give("app.back")
    await wide.until(lambda: not wide.is_running)


async def test_checklist_comments_and_activity_stand_below_the_fields(wide: Driver) -> None:
    await wide.until(lambda: "─ Comments" in wide.screen and "─ Checklist" in wide.screen)
    told = wide.screen
    assert told.index("Contract Value") < told.index("─ Checklist") < told.index("─ Comments")


async def test_a_window_that_becomes_narrow_gives_the_board_its_room(wide: Driver) -> None:
    await wide.pilot.resize_terminal(120, 40)
    await wide.until(lambda: not wide.has_detail)
    await wide.pilot.resize_terminal(200, 60)
    await wide.until(lambda: wide.has_detail)


async def test_the_settings_keep_it_closed(tmp_path) -> None:
    look = Look(resident=False)
    async with running(wiring.demo_session(folder=tmp_path), (200, 60), look=look) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("42")
        assert not board.has_detail
