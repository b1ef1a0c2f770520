"""The pane's own keys, and what the footer says of them."""

import pytest

from fdtui.core.errors import InvalidError
from fdtui.core.schema import Field, FieldType
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.protocols import Draft
from tests.flows.conftest import session_on
from tests.flows.driver import NOW, Driver, running
from tests.flows.office import ROW, Office, into_the_pane, saved


@pytest.fixture
def office() -> Office:
    return Office(ROW, {**ROW, "ID": "2", "Name": "Bolt"}, {**ROW, "ID": "3", "Name": "Cog"})


async def test_space_in_the_pane_ticks_and_moves_nothing(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Urgent")
    await board.press("space")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Urgent": True})]
    await board.press("space")
    await saved(board)
    assert office.sent[1:] == [("w", {"ID": "1", "Urgent": False})]
    assert board.current == "1" and not board.selected


async def test_space_on_another_field_says_what_it_would_do(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Name")
    await board.press("space")
    assert "Not a checkbox" in board.said and "enter" in board.said
    await board.give("pane.tab-next")
    await board.press("space")
    assert board.current == "1" and not board.selected
    assert not office.sent and board.place == "detail"


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
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("1")
        await into_the_pane(board, "Name")
        await board.press("enter", "tab")
        await board.settle()
        assert "no" in board.screen and not office.sent
        await board.press("space", "enter")
        await saved(board)
        assert office.sent == [("w", {"ID": "1", "Urgent": True})]


async def test_the_footer_says_what_the_keys_do_while_one_edits_in_place(board: Driver) -> None:
    await into_the_pane(board, "Name")
    assert "enter edit the field" in board.footer
    await board.press("enter")
    await board.until(lambda: "enter save" in board.footer)
    assert "tab next" in board.footer and "esc leave" in board.footer
    assert "j down" not in board.footer and "form" not in board.footer
    await board.press("!", "escape")
    assert "save" not in board.footer and "enter choose" in board.footer  # a question lies over it
    await board.press("d")
    await saved(board)
    assert "enter edit the field" in board.footer


async def test_the_footer_of_a_list_in_the_pane(board: Driver) -> None:
    await into_the_pane(board, "Size")
    await board.press("enter")
    await board.until(lambda: "enter choose" in board.footer)
    await board.press("escape")
    await saved(board)
    await into_the_pane(board, "Parts")
    await board.press("enter")
    await board.until(lambda: "space tick" in board.footer)


async def test_the_footer_in_pickers_forms_and_help(board: Driver) -> None:
    assert "open" in board.footer
    await board.give("task.move")
    assert "enter choose" in board.footer and "esc back" in board.footer
    assert "new" not in board.footer
    await board.press("escape")
    await board.give("task.delete")
    assert "enter choose" in board.footer and "esc keep" in board.footer
    await board.press("escape")
    await board.give("app.help")
    assert "esc close" in board.footer and "new" not in board.footer
    await board.press("escape")
    await board.give("task.edit")
    await board.settle()
    assert "^o save" in board.footer and "esc leave" in board.footer and "new" not in board.footer
    await board.press("escape")
    await saved(board)
    assert "open" in board.footer


async def test_drafts_are_told_by_the_titles_of_their_tasks() -> None:
    gateway = Office(ROW, {**ROW, "ID": "2", "Name": "Bolt"}, {**ROW, "ID": "3", "Name": "Cog"})

    async def connect() -> Office:
        return gateway

    session = Session(connect, SessionOptions(every=3600), clock=lambda: NOW)
    for about, at in (("1", 90), ("2\0Name", 60), ("3", 30)):
        session.drafts.save(Draft("w", about, (("Name", "=half"),), NOW - at))
    async with running(session) as board:
        await board.until(lambda: "3 drafts of yours" in board.said)
        assert "Cog, Bolt and 1 more" in board.said


async def test_enter_on_the_address_opens_it(
    board: Driver, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/null")
    office.rows["1"]["Task URL"] = "https://example.com/1"
    board.session.refresh()
    await board.until(lambda: "example.com/1" in board.screen or board.session.state.shown["1"].url)
    await into_the_pane(board, "Task URL")
    await board.press("enter")
    assert "the URL was copied" in board.said


async def test_enter_on_linked_tasks_names_the_key(board: Driver, office: Office) -> None:
    office.rows["1"]["Expenses"] = [{"Expense ID": "3"}]
    board.session.refresh()
    await board.until(lambda: "Expenses" in board.session.state.shown["1"].row)
    await into_the_pane(board, "Expenses")
    await board.press("enter")
    assert f"({board.key_of('task.links')})" in board.said
