"""Little to run with: few files, little processor time. Slower, and nothing is lost."""

import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program

FEW = 40
"""Files that the program may have open: a board that is idle has about 30."""


@contextmanager
def hogs(count: int = 2) -> Iterator[None]:
    """Processes that take all the time they get."""
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_work, daemon=True) for _ in range(count)]
    for each in running:
        each.start()
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.join()


def _work() -> None:
    while True:
        pass


def opened(start: Callable[..., Program], server: Server) -> Program:
    board = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
    resource.prlimit(board.pid, resource.RLIMIT_NOFILE, (FEW, FEW))
    os.setpriority(os.PRIO_PROCESS, board.pid, 19)
    board.wait_for("● live", 60)
    board.settle()
    return board


def rename(board: Program, server: Server, more: str) -> None:
    board.press("e")
    board.wait_for("Edit XYZ", 60)
    board.settle()
    board.press(*more)
    board.wait_for(f"XYZ Inc.*{more}", 60)
    board.press("ctrl+o")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"].endswith(more), board, 60)


def test_few_files_and_no_time(start: Callable[..., Program], server: Server) -> None:
    with hogs():
        board = opened(start, server)
        rename(board, server, " one")
        board.settle()
        rename(board, server, " two")
        assert server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. one two"
        board.press("q")
        assert board.wait_end(60) == 0
        assert b"Traceback" not in board.output


def test_few_files_and_a_transfer(start: Callable[..., Program], server: Server, tmp_path) -> None:
    board = opened(start, server)
    path = tmp_path / "some.bin"
    path.write_bytes(os.urandom(300_000))
    board.press("f")
    board.wait_for("Files of XYZ")
    board.press("a")
    board.wait_for("Attach to")
    board.press(*str(path))
    board.settle()
    board.press("enter")
    board.wait_for("some.bin is attached", 60)


def test_no_files_at_all(start: Callable[..., Program], server: Server) -> None:
    """It says so, works with what it has, and goes on where there are some again."""
    board = opened(start, server)
    used = sum(1 for _ in Path(f"/proc/{board.pid}/fd").iterdir())
    resource.prlimit(board.pid, resource.RLIMIT_NOFILE, (used - 2, FEW))
    server.stop()
    board.press("r")
    board.wait_for("offline|error", 60)
    board.press("?")
    board.wait_for("(?i)help")
    board.press("escape")
    again = server.restarted()
    try:
        resource.prlimit(board.pid, resource.RLIMIT_NOFILE, (FEW, FEW))
        board.settle()
        board.press("r")
        board.wait_for("● live", 60)
        rename(board, again, " three")
    finally:
        again.stop()


def test_little_memory(tmp_path: Path) -> None:
    """What the server needs may be too much; the board is there, says so, and ends as it should."""
    script = f"ulimit -v 128000; exec {sys.executable} -m fdtui demo"
    home = {"FDTUI_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}
    with Program(["sh", "-c", script], columns=120, rows=40, environ=home) as program:
        program.wait_for("Not Started", 30)
        program.settle()
        program.press("q")
        assert program.wait_end(30) == 0
        assert b"Traceback" not in program.output
