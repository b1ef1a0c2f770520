"""How large the cards are, and how many of them a window shows."""

import re

from fdtui.tui.preferences import Look
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.unit.sync.gateway import Board


def shown(board: Driver) -> int:
    """Cards of which the title is in sight."""
    return len(re.findall(r"Task \d+", board.screen))


async def test_a_window_of_80_by_24_shows_nine_cards_or_eighteen_lines(rows) -> None:
    async with running(session_on(Board(*rows(60))), (80, 24)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        assert shown(board) == 9
        await board.give("board.density")
        assert "Cards: roomy." in board.said and shown(board) == 4
        await board.give("board.density", "board.density", "board.density")
        assert "Cards: line." in board.said and shown(board) == 18
        await board.give("board.density")
        assert "Cards: auto (compact)." in board.said and shown(board) == 9


async def test_compact_cards_lie_on_changing_grounds(rows) -> None:
    look = Look(density="compact")
    async with running(session_on(Board(*rows(6))), (80, 24), look=look) as board:
        await board.until(lambda: board.session.state.connection == "live")
        grounds = {}
        for segment in board.card_segments:
            if found := re.search(r"Task (\d+)", segment.text):
                assert segment.style is not None and segment.style.bgcolor is not None
                grounds[int(found[1])] = segment.style.bgcolor.name
        assert grounds[1] == grounds[3] == grounds[5] != grounds[2] == grounds[4]
        await board.give("cursor.down")


async def test_a_large_window_wraps_titles(rows) -> None:
    first, *others = rows(3)
    first["Name"] = "A title that says in many words, and then some"
    async with running(session_on(Board(first, *others)), (100, 40)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        assert "and then some" in board.screen
        await board.give("board.density", "board.density")
        assert "and then some" not in board.screen
