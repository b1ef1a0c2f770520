"""What a click does: the same as the key that stands where it was clicked."""

from tests.flows.driver import Driver


async def click(board: Driver, line: int, words: str) -> None:
    """Click the first letter of ``words`` in a line of the screen."""
    x = board.screen.splitlines()[line].index(words)
    height = board.app.size.height
    await board.pilot.click(offset=(x, line % height))
    await board.pilot.pause()


async def test_a_key_in_the_footer_can_be_clicked(demo: Driver) -> None:
    await click(demo, -1, "open")
    assert demo.has_detail
    await demo.press("tab")
    await click(demo, -1, "close")
    assert not demo.has_detail


async def test_a_key_of_a_pane_can_be_clicked_in_the_footer(demo: Driver) -> None:
    await demo.give("triage.start")
    await click(demo, -1, "skip")
    assert "2 of " in demo.screen
    await click(demo, -1, "leave")
    assert demo.place == "board"


async def test_the_name_of_the_workflow_opens_the_list_of_them(demo: Driver) -> None:
    await click(demo, 0, "onboarding")
    assert demo.list.heading == "Workflow"
    opened = demo.list.identity
    await click(demo, 0, "onboarding")
    assert demo.list.identity == opened


async def test_a_second_click_opens_the_card(demo: Driver) -> None:
    views = [view for view in demo.app.query("ColumnView") if view.display]
    await demo.pilot.click(views[1], offset=(5, 7))
    await demo.pilot.pause()
    assert demo.current == demo.titles("In Progress")[1] and not demo.has_detail
    await demo.pilot.click(views[1], offset=(5, 7))
    await demo.pilot.pause()
    assert demo.has_detail and demo.current == demo.titles("In Progress")[1]


async def test_a_click_on_a_tab_of_the_pane_opens_that_one(demo: Driver) -> None:
    await demo.give("runs.toggle")
    lines = demo.screen.splitlines()
    tabs = next(at for at, line in enumerate(lines) if "Executions " in line)
    await click(demo, tabs, "Files")
    assert "No files on their way" in demo.screen
    await click(demo, tabs, "Requests")
    assert "/api/v1/workflows/2ylSaZ/tasks" in demo.screen


async def test_the_palette_lists_what_can_be_done_where_one_is(demo: Driver) -> None:
    await demo.give("triage.start", "app.palette")
    listed = {item.id: item for item in demo.list.items}
    assert "triage.snooze" in listed and "checklist.tick" not in listed
    assert listed["triage.snooze"].note == "s" and not listed["triage.snooze"].why_not
    assert "leaves triage" in listed["board.filter"].why_not
    await demo.type("go to the next task")
    await demo.press("escape", "escape")
    assert demo.place == "board"


async def test_a_command_of_a_pane_is_given_from_the_palette(demo: Driver) -> None:
    await demo.give("triage.start", "app.palette")
    await demo.type("triage.skip")
    await demo.press("enter")
    await demo.pilot.pause()
    assert demo.place == "triage" and "2 of " in demo.screen
