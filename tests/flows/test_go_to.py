"""Go to anything: tasks of all workflows, people, workflows, fields and commands; and back again."""

from __future__ import annotations

import pytest

from fdtui.core.views import Arrangement, NamedView
from fdtui.tui.board.view_tabs import MemoryViewBook
from fdtui.tui.presentation.details import Tab
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.flows.test_filter import ROWS, Bugs, bug, loaded


async def opened(board: Driver, typed: str) -> None:
    await board.give("app.go")
    await board.until(lambda: "Go to" in board.screen)
    await board.type(typed)


async def test_a_task_is_gone_to_by_its_id_and_by_words(demo: Driver) -> None:
    await demo.go_to("43")
    await opened(demo, "57")
    await demo.until(lambda: "Wayne Enterprises" in demo.screen)
    await demo.press("enter")
    assert demo.current == "57" and demo.column == "Under Review"
    await opened(demo, "quite named")
    await demo.press("enter")
    assert demo.current == "49"
    await demo.give("cursor.back")
    assert demo.current == "57"
    await demo.give("cursor.back")
    assert demo.current == "49"


async def test_a_task_of_another_workflow_is_found_and_gone_to_and_back(demo: Driver) -> None:
    await demo.go_to("57")
    first = demo.session.state.workflow
    await opened(demo, "first empty row")
    await demo.until(lambda: "Bug triage" in demo.words)
    await demo.press("enter")
    await demo.until(lambda: demo.current == "1" and demo.session.state.workflow != first)
    await demo.settle()
    await demo.give("cursor.back")
    await demo.until(lambda: demo.session.state.workflow == first and demo.current == "57")


async def test_what_hides_a_task_is_dropped_and_comes_back_with_the_way_back(demo: Driver) -> None:
    demo.filter("globex")
    await demo.settle()
    assert demo.current == "50"
    await opened(demo, "57")
    await demo.press("enter")
    assert demo.current == "57" and not demo.filtered_by
    assert "The filter hid it" in demo.said
    await demo.give("board.toggle-end")
    await opened(demo, "62")
    await demo.press("enter")
    assert demo.current == "62" and demo.column == "Done"
    await demo.give("cursor.back", "cursor.back")
    assert demo.current == "62"


async def test_a_person_becomes_a_filter_and_a_field_is_opened(demo: Driver) -> None:
    await opened(demo, "@ada")
    await demo.press("enter")
    assert demo.filtered_by == 'assignee:"Ada Lovelace"'
    assert "44" in demo.titles("Not Started") and "43" not in demo.titles("Not Started")
    await demo.give("cursor.back")
    assert not demo.filtered_by
    await opened(demo, "contract val")
    await demo.press("enter")
    await demo.until(lambda: demo.pane.field == "Contract Value")
    assert demo.place == "detail" and demo.pane.tab is Tab.FIELDS


async def test_commands_and_workflows_stand_there_and_what_was_chosen_last_comes_first(
    demo: Driver,
) -> None:
    await opened(demo, ">sort")
    await demo.press("enter")
    assert "Sort by" in demo.screen
    await demo.press("escape")
    await opened(demo, "bug tri")
    await demo.press("enter")
    await demo.until(lambda: demo.session.state.workflow_id and "Bug triage" in demo.screen)
    await demo.settle()
    await demo.give("app.go")
    rows = demo.screen.splitlines()
    top = next(at for at, row in enumerate(rows) if "task, id, @person" in row)
    assert "Sort" in rows[top + 2], demo.screen


async def test_a_view_is_gone_to_by_its_name() -> None:
    book = MemoryViewBook((NamedView("Grave", shows=Arrangement("severity:critical")),))
    async with running(session_on(Bugs(*ROWS)), views=book) as board:
        await loaded(board)
        await board.go_to("2")
        await opened(board, "grave")
        await board.press("enter")
        assert board.filtered_by == "severity:critical"
        assert board.titles("Open") == ["1"]
        await board.give("cursor.back")
        assert board.current == "2"


async def test_without_a_place_to_go_back_to_it_says_so(demo: Driver) -> None:
    await demo.give("cursor.back")
    assert "nowhere to go back to" in demo.said


@pytest.mark.parametrize(("width", "has_preview"), [(200, True), (80, False)])
async def test_a_wide_window_shows_what_is_under_the_bar(width: int, has_preview: bool) -> None:
    session = session_on(Bugs(*ROWS))
    async with running(session, (width, 40)) as board:
        await loaded(board)
        await board.give("app.go")
        await board.type(">refresh")
        assert ("Ask the server now." in board.screen) is has_preview


async def test_a_large_board_is_searched_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fdtui.tui.goto.task_finder.FIRST_FIND", 0.0)
    monkeypatch.setattr("fdtui.tui.goto.task_finder.FIND_SLICE", 0.0)
    monkeypatch.setattr("fdtui.tui.goto.task_finder.TYPING_PAUSE", 3600.0)
    rows = (bug(str(at), "Open", "Minor", None, None) for at in range(1, 701))
    async with running(session_on(Bugs(*rows))) as board:
        await loaded(board)
        await board.give("app.go")
        await board.type("#700")
        assert "searching" in board.screen
        await board.press("enter")  # waits for what is not found yet
        assert board.current == "700"
