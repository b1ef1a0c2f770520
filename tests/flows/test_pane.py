"""The pane's own keys, and what the footer says of them."""

from collections.abc import AsyncIterator

import pytest

from fdtui.core.errors import InvalidError
from fdtui.core.schema import Field, FieldType
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.flows.test_editing import ROW, Office, into_the_pane, saved


@pytest.fixture
def office() -> Office:
    return Office(ROW, {**ROW, "ID": "2", "Name": "Bolt"}, {**ROW, "ID": "3", "Name": "Cog"})


@pytest.fixture
async def board(office: Office) -> AsyncIterator[Driver]:
    async with running(session_on(office)) as driver:
        await driver.until(lambda: driver.session.state.link == "live")
        await driver.go_to("1")
        yield driver


async def test_space_in_the_pane_ticks_and_moves_nothing(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Urgent")
    await board.press("space")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Urgent": True})]
    await board.press("space")
    await saved(board)
    assert office.sent[1:] == [("w", {"ID": "1", "Urgent": False})]
    assert board.current == "1" and not board.board.deck.selection


async def test_space_on_another_field_says_what_it_would_do(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Name")
    await board.press("space")
    assert "space ticks a checkbox" in board.said and "enter" in board.said
    await board.give("pane.tab-next")
    await board.press("space")
    assert board.current == "1" and not board.board.deck.selection
    assert not office.sent and board.board.pane == "detail"


async def test_a_tick_that_is_refused_says_why(board: Driver, office: Office) -> None:
    office.fail("update", InvalidError({"Urgent": ["is locked"]}))
    await into_the_pane(board, "Urgent")
    await board.press("space")
    await board.until(lambda: "is locked" in board.said)
    assert office.rows["1"]["Urgent"] is False


class Short(Office):
    async def fields(self, workflow: str) -> tuple[Field, ...]:
        await self._turn("fields")
        return (Field("ID", FieldType.UNIQUE_ID), Field("Name"), Field("Urgent", FieldType.CHECKBOX))


async def test_tab_reaches_a_checkbox_without_ticking_it() -> None:
    office = Short(ROW)
    async with running(session_on(office)) as board:
        await board.until(lambda: board.session.state.link == "live")
        await board.go_to("1")
        await into_the_pane(board, "Name")
        await board.press("enter", "tab")
        await board.settle()
        assert "no" in board.screen and not office.sent
        await board.press("space", "enter")
        await saved(board)
        assert office.sent == [("w", {"ID": "1", "Urgent": True})]
