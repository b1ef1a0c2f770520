"""Views: shown by a tab, kept under a name, changed, renamed, put in order, deleted, begun with."""

from pathlib import Path

from fdtui.core.views import Arrangement, BoardStart, NamedView
from fdtui.sync.storage.views import MemoryViews
from fdtui.tui.board.view_tabs import MemoryViewBook
from fdtui.wiring.view_books import FileViewBook
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.flows.test_filter import ROWS as BUGS
from tests.flows.test_filter import Bugs, found, loaded
from tests.flows.test_sort import session_with

MINE = NamedView("Mine", "Work", Arrangement("assignee:me", density="line"))
BY_SEVERITY = NamedView(
    "By severity", shows=Arrangement(sort="id desc", group="severity", folded=("Done",))
)
ELSEWHERE = NamedView("Other", "Other work")
ME = "ada@example.com"


def book(*views: NamedView) -> MemoryViewBook:
    return MemoryViewBook(views or (ELSEWHERE, MINE, BY_SEVERITY))


def header(board: Driver) -> str:
    return board.screen.splitlines()[0]


async def answer(board: Driver, key: str) -> None:
    """Answer the question that is open."""
    await board.until(lambda: board.is_asking)
    await board.asks().answer(key)


async def test_tabs_show_views_and_the_board_without_one_comes_back_as_it_was() -> None:
    async with running(session_on(Bugs(*BUGS), me=ME), views=book()) as board:
        await loaded(board)
        assert "1 All   2 Mine   3 By severity" in header(board)
        board.filter("bug")
        await board.give("view.show-2")
        assert found(board) == ["1", "4"] and board.filtered_by == "assignee:me"
        assert "1 · 2001" not in board.screen, "a line each"
        await board.give("view.show-3")
        assert board.titles("Open") == ["1", "2"] and "▾ Critical" in board.screen
        assert "bug 4" not in board.screen, "its column is folded"
        kept = board.session.last_view()
        assert kept is not None and kept.view == "By severity"
        await board.give("view.show-1")
        assert board.filtered_by == "bug" and "▾" not in board.screen.splitlines()[4]
        await board.give("view.show-4")
        assert "There is no view 4 yet; v makes one of what the board shows." in board.said


async def test_a_count_before_the_key_and_a_digit_in_the_list_show_a_view_too() -> None:
    async with running(session_on(Bugs(*BUGS), me=ME), views=book()) as board:
        await loaded(board)
        await board.press("2", "v")
        assert board.filtered_by == "assignee:me" and not board.is_covered
        await board.press("v")
        assert "now" in board.screen and "id desc" in board.screen and "Other" not in board.screen
        await board.press("1")
        assert not board.is_covered and board.filtered_by == ""
        await board.press("v", "j", "j", "enter")
        assert board.titles("Open") == ["1", "2"]
        await board.press("9", "v")
        assert "There is no view 9 yet" in board.said


async def test_what_the_board_shows_is_kept_as_a_view_and_changed() -> None:
    views = book(MINE)
    async with running(session_on(Bugs(*BUGS), me=ME), views=views) as board:
        await loaded(board)
        board.filter("severity:critical")
        await board.give("board.views")
        await board.press("n")
        await board.type("mine")
        await board.press("enter")
        assert "There is a view of that name already." in board.screen
        await board.press("ctrl+u")
        await board.type("Urgent")
        await board.press("enter")
        await board.until(lambda: "Urgent" in header(board) and board.is_covered)
        assert views.views[1].workflow == "Work"
        assert views.views[1].shows.filter == "severity:critical"
        await board.press("escape")
        board.filter("severity:minor")
        await board.settle()
        assert "3 Urgent*" in header(board)
        await board.press("v", "s")
        await board.until(lambda: views.views[1].shows.filter == "severity:minor")
        await board.until(lambda: "*" not in header(board))
        await board.press("k", "s")
        await answer(board, "n")
        await board.until(lambda: not board.is_asking)
        assert views.views[0].shows.filter == "assignee:me"
        await board.press("s")
        await answer(board, "y")
        await board.until(lambda: views.views[0].shows.filter == "severity:minor")
        await board.until(lambda: board.is_covered and "2 Mine" in header(board))


async def test_views_are_renamed_put_in_order_made_the_default_and_deleted() -> None:
    views = book()
    async with running(session_on(Bugs(*BUGS), me=ME), views=views) as board:
        await loaded(board)
        await board.give("view.show-2", "board.views")
        await board.press("r")
        await board.press("ctrl+u")
        await board.type("My own")
        await board.press("enter")
        await board.until(lambda: "2 My own" in header(board) and board.is_covered)
        await board.press("J")
        await board.until(lambda: "2 By severity   3 My own" in header(board))
        await board.press("*")
        await board.until(lambda: any(each.is_default for each in views.views))
        assert [each.name for each in views.views if each.is_default] == ["My own"]
        await board.until(lambda: "default" in board.screen.splitlines()[-20:][0] or board.is_covered)
        await board.press("K")
        await board.until(lambda: "2 My own" in header(board))
        await board.press("d")
        await answer(board, "n")
        await board.until(lambda: not board.is_asking)
        assert len(views.views) == 3
        await board.press("d")
        await answer(board, "y")
        await board.until(lambda: len(views.views) == 2)
        await board.until(lambda: "1 All" in header(board) and board.is_covered)
        assert board.filtered_by == "assignee:me", "the board stays as it is"
        await board.press("escape", "k")
        assert not board.is_covered


async def test_without_views_there_are_no_tabs_and_the_list_makes_the_first() -> None:
    views = MemoryViewBook()
    async with running(session_on(Bugs(*BUGS), me=ME), views=views) as board:
        await loaded(board)
        assert "All" not in header(board)
        await board.press("v")
        assert board.bound >= {"views.new"} and "views.delete" not in board.bound
        await board.press("n")
        await board.type("First")
        await board.press("enter")
        await board.until(lambda: "2 First" in header(board))


async def test_a_view_that_cannot_be_kept_is_said_and_all_stays(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[[views]\n")
    async with running(session_on(Bugs(*BUGS), me=ME), views=FileViewBook(file, (MINE,))) as board:
        await loaded(board)
        await board.press("v", "n")
        await board.type("New")
        await board.press("enter")
        await board.until(lambda: "config.toml, line 1" in board.words)
        assert file.read_text() == "[[views]\n" and "New" not in header(board)


async def test_views_go_into_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    async with running(session_on(Bugs(*BUGS), me=ME), views=FileViewBook(file, ())) as board:
        await loaded(board)
        board.filter("late")
        await board.press("v", "n")
        await board.type("Late")
        await board.press("enter")
        await board.until(lambda: "2 Late" in header(board))
    assert 'name = "Late"\nworkflow = "Work"\nfilter = "late"\n' in file.read_text()


async def test_a_workflow_begins_with_its_default_view_once() -> None:
    default = NamedView("Mine", "Work", MINE.shows, is_default=True)
    kept, gateway = MemoryViews(), Bugs(*BUGS)
    for _ in range(2):
        async with running(session_with(gateway, kept), views=book(default)) as board:
            await loaded(board)
            await board.until(lambda: board.filtered_by == "assignee:me")
            board.filter("bug")
            board.leave_view()
            assert not board.is_as_the_next_start
            await board.give("view.show-2")
            assert board.is_as_the_next_start


async def test_the_board_begins_as_it_is_asked_to() -> None:
    kept, gateway = MemoryViews(), Bugs(*BUGS)
    default = NamedView("Mine", "Work", MINE.shows, is_default=True)
    views = book(default, BY_SEVERITY)
    async with running(
        session_with(gateway, kept), views=views, start=BoardStart("by severity")
    ) as board:
        await loaded(board)
        assert "3 By severity" in header(board) and board.titles("Open") == ["1", "2"]
    async with running(
        session_with(gateway, kept), views=views, start=BoardStart(filter="id:2")
    ) as board:
        await loaded(board)
        assert found(board) == ["2"]
        assert board.is_as_the_next_start
    both = BoardStart("by severity", "id:2")
    async with running(session_with(gateway, kept), views=views, start=both) as board:
        await loaded(board)
        assert found(board) == ["2"] and "3 By severity*" in header(board)


async def test_a_click_on_a_tab_shows_it() -> None:
    async with running(session_on(Bugs(*BUGS), me=ME), views=book()) as board:
        await loaded(board)
        await board.pilot.click(offset=(header(board).index("Mine"), 0))
        assert board.filtered_by == "assignee:me"
        await board.pilot.click(offset=(header(board).index("All"), 0))
        assert board.filtered_by == ""


async def test_a_narrow_window_names_the_view_that_is_shown() -> None:
    async with running(session_on(Bugs(*BUGS), me=ME), size=(40, 12), views=book()) as board:
        await loaded(board)
        await board.give("view.show-3")
        assert "3 By" in header(board) and "live" in header(board)
        await board.give("board.views")
        assert "2 Mine" in board.screen


async def test_what_is_known_before_the_first_frame_is_shown_as_asked() -> None:
    session = session_on(Bugs(*BUGS), me=ME)
    async with running(session) as board:
        await loaded(board)
    start = BoardStart("by severity", "late")
    async with running(session, views=book(), start=start) as board:
        assert found(board) == ["1"] and "3 By severity*" in header(board)


async def test_a_view_of_another_workflow_is_not_begun_with_and_that_is_said() -> None:
    async with running(session_on(Bugs(*BUGS)), views=book(), start=BoardStart("Other")) as board:
        await loaded(board)
        await board.until(lambda: "Other is no view of this workflow." in board.said)
        assert "1 All" in header(board)
