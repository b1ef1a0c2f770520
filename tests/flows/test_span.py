"""A view of several workflows: its cards in one list, each worked on with the keys of the board."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fdtui import wiring
from fdtui.core.views import Arrangement, BoardStart, NamedView
from fdtui.sync.session import SessionOptions
from fdtui.tui.board.view_tabs import MemoryViewBook
from tests.flows.driver import Driver, running

ME = "user@example.com"
MY_DAY = NamedView("My day", shows=Arrangement("me", sort="id"), spans=("*",))
MONEY = NamedView("Money", shows=Arrangement("value>1000000"), spans=("*",))


def wishes() -> SessionOptions:
    return SessionOptions(me=ME)


@pytest.fixture
async def board(tmp_path: Path) -> AsyncIterator[Driver]:
    """The demo with views of several workflows."""
    views = MemoryViewBook((MY_DAY, MONEY))
    session = wiring.demo_session(wishes(), folder=tmp_path)
    async with running(session, views=views) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        yield driver


def bar(board: Driver) -> str:
    """The row under the bar of the list."""
    return next((line for line in board.screen.splitlines() if "│ ▌" in line), "")


async def listed(board: Driver, words: str = "My day:") -> None:
    await board.until(lambda: words in board.screen and board.is_covered)


async def to_row(board: Driver, title: str) -> None:
    """Put the bar on the card of that title."""
    await board.press("g", "g")
    for _ in range(40):
        if title in bar(board):
            return
        await board.press("j")
    raise AssertionError(board.screen)


async def to_the_bug(board: Driver) -> None:
    """Put the bar on a card of another workflow than the one on the board."""
    await to_row(board, "Password reset")


async def test_cards_of_all_workflows_stand_in_one_list(board: Driver) -> None:
    await board.give("view.show-2")
    await listed(board)
    for words in ("Initech", "Hooli", "Company onboarding", "Bug triage", "Password reset link"):
        assert words in board.screen
    assert "cards of 3 workflows" in board.screen
    await board.press("escape")
    assert not board.is_covered


async def test_a_card_of_another_workflow_is_moved_and_the_list_comes_back(board: Driver) -> None:
    await board.give("view.show-2")
    await listed(board)
    await to_the_bug(board)
    assert "In Progress" in bar(board)
    await board.give("task.move-next")
    await listed(board)
    await board.until(lambda: "In Review" in bar(board))
    assert "Password reset" in bar(board)
    await board.press("escape")
    assert board.session.state.workflow is not None
    assert board.session.state.workflow.name == "Bug triage"
    await board.settle()
    moved = next(task for task in board.session.state.base.values() if task.uid == "14")
    assert moved.stage == "In Review"


async def test_a_dialog_about_a_card_leads_back_to_the_list(board: Driver) -> None:
    await board.give("view.show-2")
    await listed(board)
    await to_the_bug(board)
    await board.give("task.move")
    await board.until(lambda: "Confirmed" in board.screen and "My day:" not in board.screen)
    await board.type("conf")
    await board.press("enter")
    await listed(board)
    await board.until(lambda: "Confirmed" in bar(board))
    await board.give("task.assign-me")
    await board.until(lambda: "Password reset" not in board.screen and "My day:" in board.screen)


async def test_what_was_done_on_one_board_is_seen_from_the_next(board: Driver) -> None:
    await board.give("view.show-2")
    await listed(board)
    await to_the_bug(board)
    await board.give("task.move-next")
    await board.until(lambda: "In Review" in bar(board))
    await to_row(board, "Initech")
    await board.give("task.move-next")
    await board.until(lambda: "Initech" in bar(board) and "Under Review" in bar(board))
    await to_the_bug(board)
    assert "In Review" in bar(board)
    await board.press("escape")
    await board.settle()


async def test_a_card_is_opened_on_its_board(board: Driver) -> None:
    await board.give("view.show-2")
    await listed(board)
    await to_the_bug(board)
    await board.press("enter")
    await board.until(lambda: board.has_detail and not board.is_covered)
    assert board.current == "14"
    assert board.session.state.workflow is not None
    assert board.session.state.workflow.name == "Bug triage"


async def test_what_a_workflow_does_not_know_is_said(board: Driver) -> None:
    await board.give("view.show-3")
    await listed(board, "Money:")
    assert "Wayne Enterprises" in board.screen
    assert "Bug triage: " in board.words
    await board.give("board.filter")
    assert "Not available in a list of several workflows" in board.words
    await board.press("1", "0", "j", "G")
    await board.give("view.show-1")
    await board.until(lambda: not board.is_covered)


async def test_a_start_begins_with_the_list(tmp_path: Path) -> None:
    session = wiring.demo_session(wishes(), folder=tmp_path)
    views = MemoryViewBook((MY_DAY,))
    async with running(session, views=views, start=BoardStart("my day")) as board:
        await listed(board)


async def test_a_view_is_made_one_of_all_workflows_and_back(tmp_path: Path) -> None:
    views = MemoryViewBook((NamedView("Mine", "Company onboarding", Arrangement("me")),))
    session = wiring.demo_session(SessionOptions("Company onboarding", me=ME), folder=tmp_path)
    async with running(session, views=views) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.press("v", "j", "a")
        await board.until(lambda: views.views[0].spans == ("*",) and "several workflows" in board.screen)
        await board.press("a")
        await board.until(lambda: views.views[0].workflow == "Company onboarding")
