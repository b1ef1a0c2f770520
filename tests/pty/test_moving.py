"""Files on their way, in the pane at the bottom, from wherever one is on the board."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.link import Link
from tests.pty.test_files import GLOBEX, MIB, names_of, open_files
from tests.terminal import Program


@pytest.fixture
def link(server: Server) -> Iterator[Link]:
    between = Link(int(server.url.rpartition(":")[2]))
    yield between
    between.stop()


def test_an_upload_is_watched_cancelled_and_tried_again(
    start: Callable[..., Program], server: Server, link: Link, tmp_path: Path
) -> None:
    (tmp_path / "plan.bin").write_bytes(bytes(MIB))
    board = start(FDTUI_URL=link.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
    board.wait_for(r"● live")
    board.settle()
    open_files(board)
    link.pace = 100_000
    board.press("a")
    board.wait_for("Attach to Documents")
    board.press(*f"{tmp_path}/plan.bin")
    board.settle()
    board.press("enter")
    board.wait_for("On their way")
    board.press("q", "h")
    board.wait_gone("Files of Globex")
    board.press("x")
    board.wait_for(r"Executions 0 ─ Requests \d+ ─ Files 1 ")
    board.wait_for(r"plan.bin +Globex · Documents .* of 1.0 MB .*kB/s .* left")
    board.press("escape")
    board.wait_for("cancelled: r tries again")
    link.pace = 0
    board.press("r")
    board.wait_for("✓ +plan.bin .*attached")
    wait_until(lambda: names_of(server, GLOBEX).count("plan.bin") == 1, board)
    board.press("y")
    board.wait_for("no path to copy")
    board.press("enter")
    board.wait_for("▌ Globex")
    board.press("x")
    board.wait_for("✓ +plan.bin")
    board.press("d")
    board.wait_for("Files 0")
    board.wait_for("No file is on its way")
