"""The files of a task: what can be done with a row, in whose keys, and what lies over the pane."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fdtui import wiring
from fdtui.core.commands import BY_ID, IN_SCOPE, Scope
from fdtui.sync.session import SessionOptions
from tests.flows.driver import Driver, running

GLOBEX = "50"
"""The demo's task with two files."""


@asynccontextmanager
async def files_of_globex(
    folder: Path, keys: dict[str, list[str]] | None = None
) -> AsyncIterator[Driver]:
    async with running(wiring.demo_session(folder=folder), keys=keys) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to(GLOBEX)
        await board.give("task.files")
        await board.until(lambda: "contract-draft.pdf" in board.screen)
        yield board


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Driver]:
    async with files_of_globex(tmp_path) as board:
        yield board


def footer(board: Driver) -> str:
    return board.screen.splitlines()[-1]


async def test_the_footer_follows_the_row(files: Driver) -> None:
    for word in ("enter preview", "D download", "a attach", "d remove", "o open", "esc close"):
        assert word in footer(files)
    await files.press("k")
    assert "enter attach" in footer(files) and "D download all" in footer(files)
    assert "remove" not in footer(files) and "bring back" not in footer(files)


async def test_a_dialog_gives_the_pane_back_its_keys(files: Driver) -> None:
    await files.press("j", "d")
    await files.until(lambda: "Remove contacts.csv?" in files.screen)
    await files.press("escape")
    await files.until(lambda: "Remove contacts.csv?" not in files.screen)
    assert "▌   ▤ contacts.csv" in files.screen and "d remove" in footer(files)
    await files.press("a", "escape", "D", "escape", "U", "escape")
    assert "▌   ▤ contacts.csv" in files.screen
    await files.press("escape")
    await files.until(lambda: "Files of Globex" not in files.screen)
    assert files.current == GLOBEX


async def test_removing_and_bringing_back(files: Driver) -> None:
    await files.press("j", "d", "y")
    await files.until(lambda: "Removed contacts.csv; b brings it back." in files.screen)
    await files.settle()
    assert "Removed: can be brought back" in files.screen
    await files.press("b")
    await files.until(lambda: "contacts.csv is attached" in files.screen)
    await files.until(lambda: "can be brought back" not in files.screen)


async def test_enter_opens_a_preview_and_closes_it(files: Driver) -> None:
    await files.press("j", "enter")
    await files.until(lambda: "name" in files.screen and "esc back" in footer(files))
    await files.press("enter")
    await files.until(lambda: "Files of Globex" in files.screen and "esc close" in footer(files))


async def test_a_preview_downloads(files: Driver) -> None:
    await files.press("j", "enter")
    await files.until(lambda: "esc back" in footer(files))
    await files.press("D")
    await files.until(lambda: "Save contacts.csv in" in files.screen)


async def test_every_key_can_be_another(tmp_path: Path) -> None:
    keys = {"files.attach": ["ctrl+y"], "files.bring-back": ["B"], "paths.back": ["ctrl+x"]}
    async with files_of_globex(tmp_path, keys) as board:
        assert "^y attach" in footer(board)
        await board.press("a")
        assert "Attach to" not in board.screen
        await board.press("ctrl+y")
        await board.until(lambda: "Attach to Documents" in board.screen)
        assert "^x back" in footer(board)
        await board.press("ctrl+x")
        await board.until(lambda: "Attach to Documents" not in board.screen)
        await board.press("d", "y")
        await board.until(lambda: "; B brings it back." in board.screen)


async def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    session = wiring.demo_session(SessionOptions(read_only=True), folder=tmp_path)
    async with running(session) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to(GLOBEX)
        await board.give("task.files")
        await board.until(lambda: "contract-draft.pdf" in board.screen)
        assert "attach" not in footer(board) and "remove" not in footer(board)
        for key in ("a", "U", "d"):
            await board.press(key)
            assert "Attach to" not in board.screen and "Remove contract" not in board.screen
            assert "ead-only" in board.said
            await board.press("j", "k")
            assert "ead-only" not in board.said
        await board.press("r")
        assert "Nothing failed here" in board.said
        await board.press("k", "d")
        assert "ead-only" in board.said


async def test_what_is_declared_for_files_is_bound_on_some_row(files: Driver, tmp_path: Path) -> None:
    bound: set[str] = set()

    def look() -> None:
        bound.update(each for each in files.board.host.focus.top.bindings() if each in BY_ID)

    look()
    await files.press("d", "y")
    await files.until(lambda: "brings it back" in files.said)
    look()
    (tmp_path / "here").mkdir()
    await files.press("k", "j", "D")
    await files.until(lambda: "Save" in files.screen)
    await files.paste(f"{tmp_path}/here/")
    await files.until(lambda: "save in this folder" in files.screen)
    await files.press("enter")
    await files.until(lambda: "saved as" in files.screen)
    await files.press("G")
    look()
    assert {each.id for each in IN_SCOPE[Scope.FILES]} - bound == {"files.cancel", "files.retry"}
