"""The whole program on the demo: screen, session, client, server, database."""

import json

from fdtui.core.task import Task
from tests.flows.driver import Driver


def base(driver: Driver, uid: str) -> Task:
    """The task as the server said it last, without what is still to be sent."""
    return driver.session.state.base[uid]


async def test_the_board_shows_the_documented_tasks(demo: Driver) -> None:
    assert demo.stages == ["Not Started", "In Progress", "Under Review", "Done"]
    assert "42" in demo.titles("In Progress") and "43" in demo.titles("Not Started")
    for text in ("● live", "user@example.com", "Acme Corp", "42 · $10,000.00"):
        assert text in demo.screen


async def test_a_card_moves_and_the_cursor_stays_in_place(demo: Driver) -> None:
    first, second = demo.titles("Not Started")[:2]
    await demo.go_to(first)
    await demo.give("task.move-next")
    await demo.settle()
    assert base(demo, first).stage == "In Progress"
    assert demo.current == second
    await demo.give("task.move-next")
    await demo.settle()
    assert base(demo, second).stage == "In Progress"


async def test_a_card_is_moved_by_the_name_of_the_stage(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.move")
    await demo.type("done")
    assert "Move XYZ Inc. to" in demo.screen
    await demo.press("enter")
    await demo.settle()
    assert base(demo, "43").stage == "Done"


async def test_a_list_that_is_closed_changes_nothing(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.move")
    await demo.press("escape")
    await demo.give("task.assign")
    await demo.press("escape", "escape")
    await demo.settle()
    assert base(demo, "43").stage == "Not Started"
    assert demo.session.unsent == 0 and not demo.is_covered


async def test_assigning_by_a_few_letters_and_to_nobody(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.assign")
    await demo.type("ada")
    await demo.press("enter")
    await demo.settle()
    assert (base(demo, "43").assignee or "").startswith("ada")
    await demo.give("task.assign")
    await demo.type("nobody")
    await demo.press("enter")
    await demo.settle()
    assert base(demo, "43").assignee is None


async def test_assigning_to_me_and_giving_it_back(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.assign-me")
    await demo.settle()
    assert base(demo, "43").assignee == "user@example.com"
    await demo.give("task.assign-me")
    await demo.settle()
    assert base(demo, "43").assignee is None


async def test_the_ends_of_the_stages_are_told(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.move-previous")
    assert "first stage" in demo.said
    await demo.press("j")
    assert demo.said == ""


async def test_the_filter_narrows_counts_and_goes(demo: Driver) -> None:
    total = len(demo.session.state.shown)
    await demo.give("board.filter")
    await demo.press(*"acme", "space", *"corp")
    assert demo.titles("In Progress") == ["42"] and demo.titles("Done") == []
    assert f"1 of {total} tasks" in demo.screen and "/acme corp" in demo.screen
    assert demo.current == "42"
    await demo.press("enter")
    await demo.give("cursor.down")
    assert "/acme" in demo.screen
    await demo.give("app.cancel")
    assert f" {total} tasks" in demo.screen


async def test_typing_a_filter_gives_no_commands(demo: Driver) -> None:
    await demo.give("board.filter")
    await demo.type("LqH")
    await demo.paste("IL\nq")
    await demo.press("escape")
    await demo.settle()
    assert demo.session.unsent == 0 and demo.filtered_by == ""


async def test_a_paste_on_the_board_is_no_command(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.paste("LLLq")
    await demo.settle()
    assert base(demo, "43").stage == "Not Started" and demo.is_running


async def test_the_detail_pane_shows_every_field(demo: Driver) -> None:
    await demo.go_to("42")
    await demo.give("task.open")
    await demo.pilot.pause()
    for field in demo.session.state.schema.fields:
        assert field.name[:16] in demo.screen
    assert demo.place == "board"
    await demo.go_to("43")
    await demo.until(lambda: "300" in demo.screen)
    await demo.give("pane.next")
    assert demo.place == "detail"
    await demo.give("app.cancel")
    assert not demo.has_detail and demo.place == "board"


async def test_end_stages_can_be_hidden(demo: Driver) -> None:
    await demo.give("board.toggle-end")
    assert "Done" not in demo.stages and "end stages hidden" in demo.screen
    await demo.give("board.toggle-end")
    assert "Done" in demo.stages


async def test_a_column_folds_to_a_strip(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("board.collapse")
    assert demo.current is None
    await demo.give("task.move-next")
    assert "No card" in demo.said
    await demo.give("board.collapse")
    assert demo.current == "43"


async def test_another_workflow(demo: Driver) -> None:
    await demo.give("board.switch-workflow")
    await demo.type("bug")
    await demo.press("enter")
    await demo.until(lambda: demo.session.state.loaded and "Confirmed" in demo.stages)
    assert "Bug triage" in demo.screen


async def test_help_names_every_command_with_its_keys(demo: Driver) -> None:
    from fdtui.core.commands import COMMANDS

    await demo.give("app.help")
    seen = ""
    for _ in range(12):
        seen += demo.screen
        await demo.press("pagedown")
    for command in COMMANDS:
        assert command.title[:20] in seen, command.id
    await demo.press("q")
    assert not demo.is_covered and demo.is_running


async def test_every_command_of_the_registry_is_built(demo: Driver) -> None:
    from fdtui.core.commands import COMMANDS

    assert demo.commands == {command.id for command in COMMANDS}


async def test_the_palette_finds_gives_and_says_why_not(demo: Driver) -> None:
    await demo.give("app.palette")
    await demo.type("dark or")
    await demo.press("enter")
    assert demo.theme == "fdtui-light"
    await demo.go_to("43")
    await demo.give("board.collapse")
    await demo.give("app.palette")
    await demo.type("next stage")
    await demo.press("enter")
    assert "No card is under the cursor." in demo.screen


async def test_copying_puts_the_text_into_the_clipboard(demo: Driver) -> None:
    await demo.go_to("42")
    await demo.give("task.copy")
    await demo.press("enter")
    assert demo.clipboard == "42" and "copied" in demo.said
    await demo.give("task.copy")
    await demo.type("json")
    await demo.press("enter")
    assert json.loads(demo.clipboard)["Company Name"] == "Acme Corp"
    assert "lines" in demo.said


async def test_q_leaves(demo: Driver) -> None:
    await demo.give("app.back")
    await demo.until(lambda: not demo.is_running)


async def test_the_mouse_selects_scrolls_and_opens(demo: Driver) -> None:
    views = [view for view in demo.app.query("ColumnView") if view.display]
    await demo.pilot.click(views[1], offset=(5, 7))
    await demo.pilot.pause()
    assert demo.current == demo.titles("In Progress")[1]
