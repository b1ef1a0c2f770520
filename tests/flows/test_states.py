"""What the board says when things are not as they should be."""

import pytest

from fdtui.core.errors import KEY_HINT, InvalidError, NotAuthenticatedError, UnreachableError
from fdtui.core.keymap import build_keymap
from fdtui.core.schema import Field, Stage
from fdtui.core.state import ConnectionState
from fdtui.tui.app import FdtuiApp
from fdtui.tui.preferences import Look
from tests.flows.conftest import session_on
from tests.flows.driver import running
from tests.terminal.painted import painted
from tests.unit.sync.gateway import Board


async def test_a_refused_change_is_put_back_marked_and_explained(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.fail("update", InvalidError({"Stage": ["is invalid"]}))
        await board.give("task.move-next")
        await board.settle()
        assert board.titles("To do") == ["000", "001", "002"]
        assert "is invalid" in board.said
        await board.go_to("000")
        await board.until(lambda: "✗" in board.screen)
        await board.give("task.open", "app.cancel")
        await board.settle()
        assert not board.session.state.refused


async def test_a_change_is_marked_until_it_is_confirmed_and_quitting_asks(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.hold("update")
        await board.give("task.move-next")
        await board.until(lambda: "↑" in board.screen)
        board.card("Task 0").is_in("Doing")
        await board.give("app.back")
        await board.asks("1 change not sent yet").answer("s")
        assert board.is_running and not board.is_covered
        await board.press("ctrl+c")
        await board.press("w")
        gateway.release("update")
        await board.until(lambda: not board.is_running)
    assert gateway.rows["000"]["Stage"] == "Doing"


async def test_a_read_only_board_says_so(rows) -> None:
    async with running(session_on(Board(*rows(3)), read_only=True)) as board:
        assert "read-only" in board.screen
        assert "n new" not in board.footer and "enter open" in board.footer
        await board.give("task.move-next")
        assert "Read-only" in board.said
        await board.give("task.assign")
        assert not board.is_covered


async def test_the_footer_of_an_empty_board_names_only_what_can_be_done_there(rows) -> None:
    async with running(session_on(Board(*rows(0)))) as board:
        await board.until(lambda: "live" in board.screen)
        assert "n new" in board.footer and "? help" in board.footer
        assert "open" not in board.footer and "move" not in board.footer


@pytest.mark.parametrize("width", range(24, 60, 3))
async def test_the_name_of_the_workflow_never_touches_what_stands_behind_it(rows, width: int) -> None:
    async with running(session_on(Board(*rows(1))), size=(width, 24)) as board:
        await board.until(lambda: "live" in board.screen)
        head = board.screen.splitlines()[0]
        assert head[head.index("●") - 1] == " "


async def test_a_workflow_without_a_unique_id_is_shown_with_the_reason(rows, monkeypatch) -> None:
    gateway = Board(*rows(3))

    async def fields(_: str) -> tuple[Field, ...]:
        return (Field("ID"), Field("Name"))

    monkeypatch.setattr(gateway, "fields", fields)
    async with running(session_on(gateway)) as board:
        await board.until(lambda: "no unique-id field" in board.said)
        assert "read-only" in board.screen and "Task 1" in board.screen
        await board.give("task.move-next")
        assert gateway.sent == []


async def test_offline_is_told_with_the_reason_and_the_cards_stay(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.fail("tasks", *[UnreachableError("The server does not answer.")] * 9)
        await board.give("board.refresh")
        await board.until(lambda: board.session.state.connection is ConnectionState.OFFLINE)
        await board.until(lambda: "offline since" in board.screen)
        await board.press("j")
        assert "does not answer" in board.screen and "Task 1" in board.screen


@pytest.mark.parametrize("hint", ["", KEY_HINT])
async def test_a_refused_key_is_told_with_the_next_step(hint: str) -> None:
    gateway = Board()
    for call in ("workspace", "workflows", "tasks", "stages", "fields", "users"):
        gateway.fail(call, *[NotAuthenticatedError("The API key was refused.", hint, status=401)] * 5)
    async with running(session_on(gateway)) as board:
        await board.until(lambda: "key refused" in board.screen)
        assert board.screen.count("fdtui config show") == 1


async def test_a_stage_that_the_workflow_does_not_list_has_a_column(rows) -> None:
    gateway = Board(*rows(2), {"ID": "x", "Name": "Lost", "Stage": "Limbo", "Assigned To": None})
    async with running(session_on(gateway), (160, 40)) as board:
        assert "unknown stage: Limbo" in board.screen
        await board.go_to("x")
        await board.give("task.move-next")
        assert "no stage of this workflow" in board.said
        await board.give("task.move")
        await board.press("enter")
        await board.settle()
        assert gateway.rows["x"]["Stage"] == "To do"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_nothing_at_all_is_calm(size, monkeypatch) -> None:
    gateway = Board()

    async def stages(_: str) -> tuple[Stage, ...]:
        return ()

    monkeypatch.setattr(gateway, "stages", stages)
    async with running(session_on(gateway), size) as board:
        await board.until(lambda: "no stages and no tasks" in board.screen)
        await board.press(
            "j", "k", "l", "h", "G", "g", "g", "$", "0", "H", "L", "m", "A", "z", "enter", "tab"
        )
        assert board.is_running


async def test_two_hundred_columns_and_one_widget_for_each_in_view(rows, monkeypatch) -> None:
    gateway = Board(*rows(3))

    async def stages(_: str) -> tuple[Stage, ...]:
        return tuple(Stage(f"Stage {index}") for index in range(200))

    monkeypatch.setattr(gateway, "stages", stages)
    async with running(session_on(gateway)) as board:
        assert len(board.app.query("ColumnView")) <= 6
        await board.give("column.last")
        assert board.column_number == len(board.stages) - 1
        await board.give("column.first")
        await board.press("9", "9", "l")
        assert "Stage 99" in board.screen


async def test_a_change_by_somebody_else_tints_its_card(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.rows["001"]["Name"] = "Renamed"
        board.session.refresh()
        await board.until(lambda: "Renamed" in board.screen)
        assert board.grounds[:3] == ["cursor", "tint", "card"]


async def test_any_size_is_survived(rows) -> None:
    async with running(session_on(Board(*rows(30)))) as board:
        await board.give("task.open")
        for size in (
            (1, 1),
            (2, 500),
            (500, 1),
            (19, 5),
            (20, 6),
            (59, 10),
            (200, 60),
            (119, 24),
            (80, 24),
        ):
            await board.pilot.resize_terminal(*size)
            await board.press("j", "l", "h", "?", "escape", "m", "escape")
        await board.give("app.cancel")
        await board.until(lambda: "Task 1" in board.screen)


async def test_the_frame_waits_for_nothing(rows) -> None:
    gateway = Board(*rows(3))
    gateway.hold("tasks")
    session = session_on(gateway)
    app = FdtuiApp(session, keymap=build_keymap(), look=Look(), clock=lambda: 0.0)
    async with app.run_test() as pilot:
        await pilot.pause()
        text = "\n".join(strip.text for strip in painted(app.screen))
        assert "Connecting…" in text


async def test_ten_thousand_fields_come_as_one_scrolls(rows, monkeypatch) -> None:
    names = [f"Field {index}" for index in range(10_000)]
    gateway = Board({**rows(1)[0], **dict.fromkeys(names, "x")})

    async def fields(_: str) -> tuple[Field, ...]:
        return (Field("ID", "uniqueId"), Field("Name"), *map(Field, names))

    monkeypatch.setattr(gateway, "fields", fields)
    async with running(session_on(gateway), (80, 24)) as board:
        await board.give("task.open")
        assert "Field 3" in board.screen and "Field 400" not in board.screen
        await board.press("4", "1", "0", "j")
        await board.until(lambda: "Field 40" in board.screen)
        await board.give("cursor.bottom")
        await board.until(lambda: "Field 9999" in board.screen)


async def test_without_colours_the_screen_has_none(rows) -> None:
    app = FdtuiApp(session_on(Board(*rows(3))), keymap=build_keymap(), look=Look(depth="none"))
    async with app.run_test(size=(100, 30)) as pilot:
        await app.session.idle()
        await pilot.press("e")
        await pilot.pause()
        styles = [each.style for strip in painted(app.screen) for each in strip]
        colours = {
            colour.name for each in styles if each for colour in (each.color, each.bgcolor) if colour
        }
        assert colours == {"default"}
