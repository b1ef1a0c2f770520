"""Files on their way, in the pane at the bottom, from wherever one is on the board."""

from collections.abc import Callable
from pathlib import Path

from tests.pty.conftest import Server, wait_until
from tests.pty.link import Link
from tests.pty.test_files import GLOBEX, MIB, fdtui, names_of, open_files
from tests.terminal import Program


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
    board.wait_for("No path to copy")
    board.press("enter")
    board.wait_for("▌ Globex")
    board.press("x")
    board.wait_for("✓ +plan.bin")
    board.press("d")
    board.wait_for("Files 0")
    board.wait_for("No files on their way")


def test_leaving_asks_about_a_download_too(
    start: Callable[..., Program], server: Server, link: Link, tmp_path: Path
) -> None:
    (tmp_path / "plan.bin").write_bytes(bytes(MIB))
    fdtui(server, tmp_path, "task", "attach", GLOBEX, "plan.bin")
    (tmp_path / "there").mkdir()
    board = start(FDTUI_URL=link.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
    board.wait_for(r"● live")
    board.settle()
    open_files(board)
    board.wait_for("▌ +▤ plan.bin")
    link.pace = 100_000
    board.press("D")
    board.wait_for("Save plan.bin in")
    board.write(f"{tmp_path}/there/\r".encode())
    board.wait_for("On their way")
    board.press("q")
    board.wait_gone("Files of Globex")
    board.press("q")
    board.wait_for("1 file on the way")
    link.pace = 0
    board.settle()
    board.press("w")
    assert board.wait_end() == 0
    assert (tmp_path / "there" / "plan.bin").read_bytes() == bytes(MIB)


def test_a_full_field_is_told_before_anything_is_chosen(
    board: Program, server: Server, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(9)]
    for each in files:
        each.touch()
    open_files(board)
    board.press("a")
    board.wait_for("Attach to Documents")
    board.settle()
    board.write(f"\x1b[200~{chr(10).join(map(str, files))}\x1b[201~".encode())
    board.wait_for("9 ticked")
    board.wait_for("takes at most 10 files")
    board.press("enter")
    board.settle()
    assert "9 ticked" in board.screen, "nothing that was chosen is lost"
    board.press("escape")
    board.wait_for("Files of Globex")
    fdtui(server, tmp_path, "task", "attach", GLOBEX, *map(str, files[:8]))
    board.wait_for("10 of 10")
    board.press("a")
    board.wait_for("takes at most 10 files")
    assert "Attach to" not in board.screen
