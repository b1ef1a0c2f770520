"""Every dialog in four windows, over wide letters: whole, with its keys, and nothing lost beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from fdtui import wiring
from fdtui.core.commands import BY_ID
from fdtui.core.keymap import build_keymap
from fdtui.core.values import Row
from fdtui.sync.storage.protocols import MemoryDrafts
from fdtui.tui.forms.webhook_app import WebhookApp
from fdtui.tui.preferences import Look
from fdtui.tui.toolkit.key_names import key_label
from fdtui.tui.welcome.app import WelcomeApp
from tests.flows.dialogs import DIALOGS, all_closed, wide_titles
from tests.flows.driver import Driver, running
from tests.flows.test_welcome import TEMPLATES, check
from tests.terminal.painted import on_terminal

DARK, ASCII_LIGHT = Look(motion=False), Look(motion=False, ascii=True, theme="light")
WINDOWS = (
    *((size, DARK) for size in ((40, 12), (80, 24), (120, 40), (200, 60))),
    *((size, ASCII_LIGHT) for size in ((40, 12), (80, 24))),
)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


def faults(board: Driver, rows: list[str]) -> list[str]:
    """What is wrong with a dialog as the terminal shows it."""
    found: list[str] = []
    region, (width, height) = board.dialog.region, board.app.size
    if region.x < 0 or region.y < 0 or region.right > width or region.bottom > height - 1:
        found.append(f"{region} covers the keys, or leaves the window")
    found += _edges(board, rows)
    found += _text(board, rows)
    found += _keys(board, rows[-1])
    if board.dialog.question:
        inside = " ".join(" ".join(row[region.x + 1 : region.right - 1].split()) for row in rows)
        inside = inside.replace("\0", "").replace(" ", "")
        said = board.dialog.question.replace(" ", "")
        if said not in inside:
            found.append(f"the question is cut: {said} is not in {inside}")
    return found


def _edges(board: Driver, rows: list[str]) -> list[str]:
    """A frame is closed on all its sides, whatever lies below."""
    if not board.dialog.is_framed:
        return []
    region, found = board.dialog.region, list[str]()
    is_ascii = board.host.look.ascii
    for y in range(region.y, region.bottom):
        left, right = rows[y][region.x], rows[y][region.right - 1]
        ends = {region.y: "++" if is_ascii else "╭╮", region.bottom - 1: "++" if is_ascii else "╰╯"}
        if left + right != ends.get(y, "||" if is_ascii else "││"):
            found.append(f"row {y} begins with {left!r} and ends with {right!r}")
    return found


def _text(board: Driver, rows: list[str]) -> list[str]:
    """Every letter of it stands there, also where the edge of a column below would cut it in two."""
    content, found = board.dialog.inside, list[str]()
    for y, line in enumerate(board.dialog.lines):
        shown = rows[content.y + y][content.x : content.right]
        meant = "".join(letter + "\0" * (cell_len(letter) - 1) for letter in line)
        if shown != meant:
            found.append(f"row {y} shows {shown!r} for {meant!r}")
    return found


def _keys(board: Driver, footer: str) -> list[str]:
    """The first thing that one can do, and the way out, are named whole."""
    if board.dialog.is_in_place:
        return []
    hints, found = board.hints, list[str]()
    for command, word in (hints[0], hints[-1]):
        key = board.key_of(command) if command in BY_ID else key_label(command)
        if f" {key} {word} " not in f"{footer} ":
            found.append(f"“{key} {word}” is not in “{footer.strip()}”")
    return found


@pytest.fixture(params=WINDOWS, ids=lambda each: f"{each[0][0]}x{each[0][1]}-{each[1].theme}")
async def board(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Driver]:
    size, look = request.param
    async with running(wiring.demo_session(folder=tmp_path), size=size, look=look) as driver:
        await driver.until(lambda: driver.session.state.connection == "live")
        await wide_titles(driver)
        yield driver


async def test_every_dialog_is_whole_with_its_keys(board: Driver) -> None:
    found: list[str] = []
    for name, opens in DIALOGS.items():
        await opens(board)
        await board.until(lambda: board.is_covered)
        await board.pilot.pause()
        rows = board.on_terminal
        found += [f"{name}: {each}" for each in faults(board, rows)]
        await all_closed(board)
    assert not found, "\n".join(found)


async def test_a_conflict_is_told_from_its_first_word(board: Driver) -> None:
    await DIALOGS["conflict"](board)
    await board.until(lambda: board.is_covered)
    said = " ".join(" ".join(board.dialog.lines).split())
    assert "You wanted to change Contact Email, but someone else changed" in said


async def test_the_board_beside_a_dialog_stays_as_it_was(board: Driver) -> None:
    before = board.on_terminal
    await board.give("task.move")
    await board.until(lambda: board.is_covered)
    after = board.on_terminal
    region = board.dialog.region
    for y in range(1, board.app.size.height - 1):
        inside = region.y <= y < region.bottom
        left, right = (region.x, region.right) if inside else (0, 0)
        pairs = [*zip(before[y][:left], after[y][:left], strict=True)]
        pairs += zip(before[y][right:], after[y][right:], strict=True)
        differ = [at for at, (old, new) in enumerate(pairs) if old != new]
        # Of a letter that its edge cuts in two a blank stays, and nothing else changes.
        assert all(pairs[at][1] in " \0" for at in differ) and set(differ) <= {left - 1, left}, (
            y,
            differ,
        )
    await all_closed(board)
    assert board.on_terminal == before


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("keys", [(), ("1",), ("1", "enter"), ("3",), ("3", "x", "enter")])
async def test_each_step_of_the_welcome_names_its_keys(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = WelcomeApp(TEMPLATES, check=check, look=Look())
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        *body, footer = on_terminal(app.screen)
        assert sum(bool(row.strip()) for row in body) > 2
        assert " enter " in footer and (" esc " in footer or " q " in footer), footer


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 60)])
async def test_the_form_of_a_webhook_is_closed_and_names_its_keys(size: tuple[int, int]) -> None:
    async def send(row: Row) -> Row:
        return row

    app = WebhookApp("example.com", send, MemoryDrafts(), Look(), build_keymap())
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"Name=", *"検索が全角英数字に一致しない", "ctrl+o")
        await pilot.pause()
        *body, footer = on_terminal(app.screen)
        assert " ^o save " in footer and " esc leave" in footer
        rows = [row for row in body if row.strip()]
        ends = {(row.strip()[0], row.strip()[-1]) for row in rows}
        assert ends - {("f", "m")} == {("╭", "╮"), ("│", "│"), ("╰", "╯")}, "\n".join(body)
