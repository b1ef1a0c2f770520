"""The columns are sorted by any fields, which the header shows and each workflow keeps."""

from fdtui.core.views import Arrangement
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.views import MemoryViews, SavedView
from tests.flows.conftest import NOW, session_on
from tests.flows.driver import running
from tests.flows.test_filter import Bugs, bug, loaded

ROWS = (
    bug("1", "Open", "Minor", "ada@example.com", "2001-01-01"),
    bug("2", "Open", "Critical", None, None),
    bug("3", "Open", "Minor", "grace@example.com", "2999-01-01"),
    bug("4", "Done", "Minor", "ada@example.com", "2001-01-01"),
)


def session_with(gateway: Bugs, views: MemoryViews) -> Session:
    async def connect() -> Bugs:
        return gateway

    return Session(connect, SessionOptions(every=3600), clock=lambda: NOW, views=views)


async def test_a_field_is_taken_turned_and_followed_by_another() -> None:
    session = session_on(Bugs(*ROWS))
    async with running(session) as board:
        await loaded(board)
        await board.press("s")
        assert "choice" in board.screen and "the order of the list" in board.screen
        await board.type("due")
        await board.press("enter")
        assert board.titles("Open") == ["1", "3", "2"]
        assert "by Due Date▴" in board.screen.splitlines()[0]
        await board.press("s", "enter")
        assert board.titles("Open") == ["3", "1", "2"]
        assert board.current == "1"
        await board.press("s", "ctrl+x")
        await board.type("sev")
        await board.press("ctrl+t", "ctrl+u")
        await board.type("id")
        await board.press("ctrl+t", "ctrl+t", "escape")
        assert board.titles("Open") == ["2", "3", "1"]
        kept = session.last_view()
        assert kept is not None and kept.shows.sort == "Severity, ID desc"
        await board.press("s", "home", "pageup", "enter")
        assert board.titles("Open") == ["1", "2", "3"]
        assert "by " not in board.screen.splitlines()[0]


async def test_a_kept_sort_is_there_at_the_start_and_holds_while_cards_change() -> None:
    gateway, views = Bugs(*ROWS), MemoryViews()
    async with running(session_with(gateway, views)) as board:
        await loaded(board)
        board.session.save_view(SavedView(Arrangement(sort="severity, gone, due desc")))
    async with running(session_with(gateway, views)) as board:
        await loaded(board)
        await board.until(lambda: board.titles("Open") == ["2", "3", "1"])
        assert "gone!" in board.screen.splitlines()[0]
        gateway.rows["1"]["Severity"] = "Critical"
        await board.give("board.refresh")
        await board.until(lambda: board.titles("Open") == ["1", "2", "3"])
