"""Files on their way when the program is killed: what the next start says of them, and does."""

import hashlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.link import Link
from tests.pty.test_files import GLOBEX, digest, fdtui, names_of, open_files
from tests.terminal import Program

Opener = Callable[[], Program]
SLOW = 300_000


@pytest.fixture
def window(start: Callable[..., Program], server: Server, link: Link) -> Opener:
    """Opens the board at the far end of the link, at rest; all windows share one state folder."""

    def run() -> Program:
        program = start(FDTUI_URL=link.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
        program.wait_for(r"● live")
        program.settle()
        return program

    return run


def attach(board: Program, path: Path) -> None:
    open_files(board)
    board.press("a")
    board.wait_for("Attach to Documents")
    board.press(*str(path))
    board.wait_for(path.name)
    board.settle()
    board.press("enter")


def kill(board: Program) -> None:
    board.signal(signal.SIGKILL)
    board.wait_end()


def retry(board: Program) -> None:
    """The interrupted one is the last row of the pane."""
    open_files(board)
    board.wait_for("interrupted: r tries again")
    board.settle()
    board.press("G", "r")


def arrived(server: Server, folder: Path, name: str) -> str:
    """SHA-256 of what the server has."""
    ran = fdtui(server, folder, "task", "download", GLOBEX, name, "--to", "-")
    return hashlib.sha256(ran.stdout).hexdigest()


def test_an_upload_that_was_killed_half_way(
    window: Opener, link: Link, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "slow.bin"
    path.write_bytes(os.urandom(12_000_000))  # more than all buffers on the way hold
    before = names_of(server, GLOBEX)
    board = window()
    link.pace = SLOW
    attach(board, path)
    board.wait_for(r"MB of 12\.0 MB", 30)
    other = window()  # while the first one lives, it is that one's
    open_files(other)
    other.settle(0.5)
    assert "interrupted" not in other.screen
    kill(other)
    kill(board)
    link.pace = 0
    assert names_of(server, GLOBEX) == before
    again = window()
    again.wait_for(r"The transfer of slow\.bin was interrupted on exit; the task's files show")
    again.read(1)
    assert names_of(server, GLOBEX) == before  # nothing flows before somebody says so
    retry(again)
    again.wait_for("is attached")
    assert sorted(names_of(server, GLOBEX)) == sorted([*before, "slow.bin"])
    assert arrived(server, tmp_path, "slow.bin") == digest(path)
    kill(again)
    last = window()
    open_files(last)
    last.settle(0.5)
    assert "interrupted" not in last.screen


@pytest.mark.parametrize(
    ("size", "end"),
    [(5_000, signal.SIGKILL), (1_500_000, signal.SIGKILL), (5_000, signal.SIGHUP)],
)
def test_an_upload_that_had_arrived_and_nobody_heard(
    window: Opener, link: Link, server: Server, tmp_path: Path, *, size: int, end: signal.Signals
) -> None:
    path = tmp_path / "done.bin"
    path.write_bytes(os.urandom(size))
    before = names_of(server, GLOBEX)
    board = window()
    link.loses_answers = True
    attach(board, path)
    wait_until(lambda: names_of(server, GLOBEX) != before, board)
    wait_until(lambda: link.lost > 0, board)
    board.signal(end)
    board.wait_end()
    link.loses_answers = False
    there = names_of(server, GLOBEX)
    again = window()
    again.wait_for("interrupted")
    retry(again)
    again.wait_for("is attached")
    assert names_of(server, GLOBEX) == there
    assert sorted(there) == sorted([*before, "done.bin"])
    assert arrived(server, tmp_path, "done.bin") == digest(path)


def test_a_download_that_was_killed_half_way(
    window: Opener, link: Link, server: Server, tmp_path: Path
) -> None:
    path, folder = tmp_path / "slow.bin", tmp_path / "here"
    path.write_bytes(os.urandom(2_000_000))
    folder.mkdir()
    assert fdtui(server, tmp_path, "task", "attach", GLOBEX, "slow.bin").returncode == 0
    board = window()
    open_files(board)
    board.wait_for("slow.bin")
    board.settle()
    link.pace = SLOW
    board.press("D")
    board.wait_for("Save slow.bin in")
    board.press(*f"{folder}/")
    board.wait_for("save in this folder")
    board.settle()
    board.press("enter")
    wait_until(lambda: any(each.stat().st_size for each in folder.iterdir()), board)
    kill(board)
    link.pace = 0
    (half,) = folder.iterdir()
    assert half.name.startswith(".fdtui-")
    again = window()
    wait_until(lambda: not list(folder.iterdir()), again)
    retry(again)
    wait_until(lambda: [each.name for each in folder.iterdir()] == ["slow.bin"], again)
    assert digest(folder / "slow.bin") == digest(path)
