"""The board steps back while a dialog lies over it, and comes forward as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdtui import wiring
from fdtui.tui.preferences import Look
from fdtui.tui.toolkit.palettes import DARK, LIGHT
from tests.flows.driver import Driver, running
from tests.terminal.painted import painted

COLOURS = {"dark": {DARK.dim, DARK.line}, "light": {LIGHT.dim, LIGHT.line}}


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


def colours_of(board: Driver) -> set[str]:
    return {
        segment.style.color.name
        for segment in board.card_segments
        if segment.style is not None and segment.style.color is not None
    }


def is_bold(board: Driver) -> bool:
    return any(segment.style is not None and segment.style.bold for segment in board.card_segments)


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_a_dialog_dims_the_board_until_it_is_closed(tmp_path: Path, theme: str) -> None:
    look = Look(theme=theme, motion=False)
    async with running(wiring.demo_session(folder=tmp_path), look=look) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.settle()
        before, words = painted(board.app.screen), board.screen
        await board.give("task.move")
        await board.until(lambda: colours_of(board) <= COLOURS[theme])
        assert not is_bold(board)
        await board.press("escape")
        await board.until(lambda: not colours_of(board) <= COLOURS[theme])
        assert board.screen == words and painted(board.app.screen) == before


async def test_a_dialog_that_follows_another_leaves_it_dimmed(demo: Driver) -> None:
    await demo.give("task.edit")
    await demo.until(lambda: colours_of(demo) <= COLOURS["dark"])
    await demo.type("x")
    await demo.press("escape")
    await demo.until(lambda: demo.is_asking)
    assert colours_of(demo) <= COLOURS["dark"]
    await demo.press("d")
    await demo.until(lambda: not colours_of(demo) <= COLOURS["dark"])


@pytest.mark.parametrize("command", ["board.filter", "task.open"])
async def test_what_shows_the_board_does_not_dim_it(demo: Driver, command: str) -> None:
    await demo.give(command)
    await demo.settle()
    assert not colours_of(demo) <= COLOURS["dark"]


async def test_it_can_be_turned_off(tmp_path: Path) -> None:
    async with running(wiring.demo_session(folder=tmp_path), look=Look(dim=False)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.give("task.move")
        await board.until(lambda: board.is_covered)
        await board.settle()
        assert not colours_of(board) <= COLOURS["dark"]


async def test_without_colours_it_is_the_weight_that_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(wiring.demo_session(folder=tmp_path)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.settle()
        assert is_bold(board)
        await board.give("task.move")
        await board.until(lambda: not is_bold(board))
