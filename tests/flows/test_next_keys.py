"""Whoever hesitates after the first key of a command is shown what may follow."""

import pytest

from fdtui.tui.board import next_keys
from tests.flows.driver import Driver


async def test_a_moment_later_what_may_follow_is_shown(
    board: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_keys, "HESITATION", 0.01)
    await board.press("g")
    await board.until(lambda: "g and then" in board.screen)
    assert "g  Top" in board.screen and "m  Mouse on or off" in board.screen
    assert not board.is_covered, "it takes no keys"
    await board.press("g")
    assert "and then" not in board.screen
    await board.press("g")
    await board.until(lambda: "g and then" in board.screen)
    await board.press("escape")
    assert "and then" not in board.screen


async def test_whoever_knows_the_key_sees_nothing(board: Driver) -> None:
    await board.press("g", "g")
    assert "and then" not in board.screen
    await board.press("5")  # a count is no beginning of a command
    assert not board.host.focus.following
    await board.press("g")
    assert ("g", "cursor.top") in board.host.focus.following


async def test_the_mouse_is_left_to_the_terminal_and_taken_again(board: Driver) -> None:
    assert board.app.has_mouse
    await board.give("app.mouse")
    assert not board.app.has_mouse and "gm takes it back" in board.said
    await board.give("app.mouse")
    assert board.app.has_mouse
