"""What the terminal may do to the program, and the program must not do to the terminal."""

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program

HOSTILE = (
    "\x1b]52;c;aGFja2Vk\x07",
    "\x1b]0;hacked title\x07",
    "\x1b[2J",
    "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\x1b[6n",
    "\x9b31m",
    "\u202egnp.exe",
    "[@click=app.quit]urgent[/]",
    "bug [/] in parser",
    "\x1bP1;1|hacked\x1b\\",
)
FORBIDDEN = (
    b"\x1b]52;",
    b"\x1b]0;hacked",
    b"\x1b]8;;http",
    b"\x1b[6n\x1b",
    b"\xc2\x9b",
    "\u202e".encode(),
    b"\x1bP1;1|",
)


def test_hostile_text_is_shown_and_never_obeyed(board: Program, server: Server) -> None:
    for index, text in enumerate(HOSTILE):
        server.call(
            "POST", "/tasks", {"Company ID": f"h{index}", "Company Name": text, "Stage": "Not Started"}
        )
    board.press("r")
    board.wait_for("␛")
    board.press("G", "enter")
    board.settle()
    for key in ("k",) * len(HOSTILE):
        board.press(key)
        board.settle(0.1)
    board.press("escape", "/", *"hacked")
    board.settle()
    for bad in FORBIDDEN:
        assert bad not in board.output, bad
    assert "[@click=app.quit]urgent[/]" in board.screen or board.code is None
    board.press("escape", "escape")
    board.settle()
    board.wait_for("Not Started")


JUNK = (
    b"\xff\xfe\x80",
    "é".encode("latin-1"),
    b"\xc3",
    b"\x9b31m",
    b"\x1b[99999999999u",
    b"\x1b[1;2;3;4;5;6;7;8R",
    b"\x1b[<999999;999999;999999M",
    b"\x1b]11;rgb:zz/zz/zz\x07",
    b"\x1bP",
    b"\x00\x01\x02",
)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_on_the_keyboard_does_not_end_it(start: Callable[..., Program], junk: bytes) -> None:
    program = start("demo", columns=80, rows=24)
    program.wait_for("● live")
    program.settle()
    program.write(junk)
    program.settle(0.3)
    program.press("escape", "escape")
    program.settle(0.3)
    program.press("?")
    program.wait_for("(?i)help")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_the_terminal_as_it_was(start: Callable[..., Program], number: int) -> None:
    program = start("demo", columns=80, rows=24, fresh=True)
    program.wait_for("● live")
    program.settle()
    assert 1049 in program.vt.modes
    program.signal(number)
    assert program.wait_end() == 128 + number
    assert program.modes_left == program.before[:4]
    assert not program.vt.modes & {1000, 1002, 1003, 1006, 1049, 2004}


def test_ctrl_z_gives_the_terminal_back_until_it_is_wanted_again(board: Program) -> None:
    """As in any program of a terminal; there is a shell behind it."""
    board.press("ctrl+z")
    wait_until(lambda: stopped(board), board)
    board.settle()
    assert board.modes_left == board.before[:4]
    assert 1049 not in board.vt.modes
    before = len(board.output)
    board.signal(signal.SIGCONT)
    board.wait_for("XYZ Inc.")
    wait_until(lambda: b"XYZ Inc." in board.output[before:], board)
    board.settle()
    board.press("j")
    board.wait_for("▌ Northwind")
    board.press("q")
    assert board.wait_end() == 0


def stopped(program: Program) -> bool:
    stat = Path(f"/proc/{program.pid}/stat").read_text("ascii", "replace")
    return stat.rpartition(")")[2].split()[0] == "T"


def test_the_palette_finds_a_command_by_its_name_in_the_settings(board: Program) -> None:
    board.press(":")
    board.wait_for("Commands")
    board.write(b"board.trash")
    board.wait_for("Deleted tasks")


def test_any_size_is_survived(start: Callable[..., Program]) -> None:
    program = start("demo", columns=80, rows=24)
    program.wait_for("● live")
    for columns, rows in ((1, 1), (500, 1), (1, 200), (19, 5), (40, 10), (59, 24), (200, 60), (80, 24)):
        program.resize(columns, rows)
        program.signal(signal.SIGWINCH)
        program.settle(0.2)
    program.wait_for("XYZ Inc.")


def test_no_terminal_is_told(tmp_path) -> None:
    import subprocess

    from tests.pty.conftest import FDTUI

    run = subprocess.run(
        [*FDTUI, "demo"], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert run.returncode == 2
    assert "needs a terminal" in run.stderr
    assert run.stdout == ""


def test_an_idle_board_writes_nothing(board: Program, server: Server) -> None:
    board.settle(1.5)
    before = len(board.output)
    board.read(6)
    assert board.output[before:] == b""


def test_an_idle_board_sleeps(board: Program) -> None:
    """Nobody types, so nothing wakes up to look whether somebody does."""

    def wakings() -> int:
        places = Path(f"/proc/{board.pid}/task").glob("*/status")
        texts = [each.read_text("ascii") for each in places]
        return sum(int(re.findall(r"\nvoluntary_ctxt_switches:\s+(\d+)", text)[0]) for text in texts)

    board.settle(2)
    best = 10**6
    for _ in range(4):  # a poll falls into some of them
        before = wakings()
        board.read(1)
        best = min(best, wakings() - before)
    assert best < 5


def test_the_key_is_nowhere(board: Program, server: Server, tmp_path) -> None:
    board.press("?")
    board.settle()
    board.press("q", "q")
    wait_until(lambda: True, board)
    key = server.key.encode()
    assert key not in board.output
    for path in (tmp_path / "home").rglob("*"):
        if path.is_file():
            assert key not in path.read_bytes(), path
