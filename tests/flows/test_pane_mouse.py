"""The mouse in the detail pane: the names of its tabs, its fields, and what its lists hold."""

from collections.abc import AsyncIterator

import pytest

from fdtui.tui.presentation.details import Tab
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.flows.office import ROW, Office


@pytest.fixture
def office() -> Office:
    found = Office(ROW, {**ROW, "ID": "2", "Name": "Bolt"})
    found.ticks = {"First": "Blank", "Second": "Blank"}
    return found


@pytest.fixture
async def board(office: Office) -> AsyncIterator[Driver]:
    async with running(session_on(office), (170, 40)) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await driver.go_to("1")
        await driver.give("task.open")
        await driver.settle()
        yield driver


async def click(board: Driver, text: str) -> None:
    """Click on the first letter of a text in the detail pane."""
    left = board.pane.region.x
    for y, line in enumerate(board.screen.splitlines()):
        if (x := line.find(text, left)) >= 0:
            await board.pilot.click(offset=(x, y))
            await board.pilot.pause()
            return
    raise AssertionError(f"{text} is not in the pane:\n{board.screen}")


@pytest.mark.parametrize("tab", list(Tab))
async def test_a_click_on_the_name_of_a_tab_opens_it(board: Driver, tab: Tab) -> None:
    await click(board, str(tab))
    assert board.pane.tab is tab and board.place == "detail"
    await click(board, str(Tab.FIELDS))
    assert board.pane.tab is Tab.FIELDS


async def test_a_click_behind_the_names_opens_none(board: Driver) -> None:
    region = board.pane.tabs_region
    await board.pilot.click(offset=(region.right - 1, region.y))
    assert board.pane.tab is Tab.FIELDS


async def test_a_click_puts_the_cursor_on_a_field_and_a_second_one_edits_it(board: Driver) -> None:
    assert board.place == "board"
    await click(board, "Price")
    assert (board.place, board.pane.field) == ("detail", "Price")
    assert not board.is_covered
    await click(board, "Due")
    assert board.pane.field == "Due" and not board.is_covered
    await click(board, "Due")
    await board.until(lambda: board.is_covered)
    assert board.is_modal


async def test_while_a_question_is_open_a_click_beside_it_does_nothing(board: Driver) -> None:
    await click(board, "Price")
    await board.give("task.delete")
    question = board.asks("Delete")
    assert question.is_topmost
    await click(board, "Comments")
    await click(board, "Due")
    assert question.is_topmost
    assert (board.pane.tab, board.pane.field) == (Tab.FIELDS, "Price")


async def test_a_second_click_on_an_item_of_the_checklist_ticks_it(
    board: Driver, office: Office
) -> None:
    await click(board, "Checklist")
    await board.until(lambda: "Second" in board.screen)
    await board.settle()
    await click(board, "Second")
    await board.settle()
    assert board.pane.item == "Second"
    assert office.ticks == {"First": "Blank", "Second": "Blank"}
    await click(board, "Second")
    await board.settle()
    assert office.ticks == {"First": "Blank", "Second": "Completed"}
