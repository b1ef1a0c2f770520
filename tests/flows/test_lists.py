"""The lists that one chooses from: commands, stages, people."""

from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.flows.office import ROW, Office
from tests.unit.sync.gateway import Board


def item_lines(board: Driver) -> list[str]:
    """What stands in the list, line by line."""
    return [line[line.index("│") :] for line in board.screen.splitlines() if line.count("│") >= 2]


async def test_the_palette_begins_with_what_was_done_last_and_ends_with_movements(demo: Driver) -> None:
    await demo.give("cursor.down", "board.density", "task.select", "task.select", "app.palette")
    items = [item.id for item in demo.list.items]
    assert items[:2] == ["task.select", "board.density"]
    assert items[2] == "task.open" and items[-1] == "pane.next"
    assert "Choose a stage for the task." in demo.screen


async def test_a_digit_chooses_a_stage_and_each_says_how_many_cards_it_has(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.give("task.move")
        assert any("1 To do" in line and "here  3" in line for line in item_lines(board))
        await board.press("3")
        await board.settle()
        assert gateway.rows["000"]["Stage"] == "Done"


async def test_letters_still_search_the_stages(rows) -> None:
    gateway = Board(*rows(1))
    async with running(session_on(gateway)) as board:
        await board.give("task.move")
        await board.type("do")
        await board.press("3")
        assert board.searched == "do3" and board.is_covered


async def test_i_come_first_among_the_people_and_each_has_a_number_of_open_cards() -> None:
    mine = {**ROW, "Assigned To": "ada@example.com"}
    office = Office(mine, {**mine, "ID": "2"}, {**mine, "ID": "3", "Stage": "Done"})
    async with running(session_on(office, me="ada@example.com")) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("1")
        await board.give("task.assign")
        await board.until(lambda: "open" in board.screen)
        assert [item.id for item in board.list.items[:2]] == ["ada@example.com", ""]
        assert any(
            "Ada" in line and "has it  me" in line and "2 open" in line for line in item_lines(board)
        )


async def test_a_form_is_as_high_as_its_content_and_not_too_wide(demo: Driver) -> None:
    await demo.give("task.new")
    lines = demo.screen.splitlines()
    top = next(at for at, line in enumerate(lines) if "╭─ New task" in line)
    bottom = next(at for at, line in enumerate(lines) if "╰" in line)
    assert bottom - top < 24
    assert (
        max(len(line[line.index("│") : line.rindex("│") + 1]) for line in lines[top + 1 : bottom]) == 84
    )
    assert "is required" not in demo.screen
