"""Keys that nobody can have meant do nothing: cut sequences, bursts, answers of the terminal."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program


def uids(server: Server) -> set[str]:
    return {str(each["Company ID"]) for each in server.call("GET", "/tasks")}


def in_pieces(program: Program, *pieces: str, gap: float) -> None:
    """Type pieces with at least so many seconds between them, while the program runs."""
    for piece in pieces:
        program.write(piece.encode())
        program.settle(gap or 0.001)


@pytest.mark.parametrize("gap", [0, 0.02, 0.09])
def test_escape_and_then_y_keep_the_task(board: Program, server: Server, gap: float) -> None:
    before = uids(server)
    board.press("d")
    board.wait_for("for everyone")
    board.settle(0.4)
    in_pieces(board, "\x1b", "y", gap=gap)
    board.wait_gone("for everyone")
    board.settle(0.5)
    assert uids(server) == before


def test_a_word_in_one_burst_deletes_nothing(board: Program, server: Server) -> None:
    before = uids(server)
    board.write(b"daily")
    board.wait_for("for everyone")
    board.settle(0.5)
    assert "Deleting" not in board.screen
    assert uids(server) == before
    board.press("y")
    board.wait_for("Deleting")
    wait_until(lambda: uids(server) < before, board)


def test_an_answer_before_the_question_could_be_read_is_refused_with_a_word(
    board: Program, server: Server
) -> None:
    before = uids(server)
    board.press("d")
    board.wait_for("for everyone")
    board.press("y")
    board.wait_for("before the question could be read")
    assert uids(server) == before
    board.settle(0.4)
    board.press("y")
    wait_until(lambda: uids(server) < before, board)


def test_text_in_one_burst_is_told_and_not_obeyed(board: Program) -> None:
    board.write(b"daily standup\rgo home\r")
    board.wait_for("22 characters came all at once")
    assert "for everyone" not in board.screen


def test_text_in_one_burst_is_typed_where_one_types(board: Program) -> None:
    board.press("/")
    board.wait_for("esc drop")
    board.write(b"northwind trad\r")
    board.wait_for("(?i)northwind")
    board.wait_gone("esc drop")
    assert "came all at once" not in board.screen


def test_a_line_behind_the_key_that_opens_one_is_typed_into_it(board: Program) -> None:
    board.write(b":deleted tasks\r")
    board.wait_for("Nothing that you deleted here")
    board.write(b"/northwind trad\r")
    board.wait_gone("Acme Corp")


def test_keys_that_a_slow_link_delivers_together_work_one_by_one(board: Program) -> None:
    board.write(b"jkj/acme")
    board.wait_for("/acme")


ANSWERS = (
    "\x1b[I", "\x1b[?62;4;22c", "\x1b[4;600;900t", "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", "\x1b[?2026;1$y",
    "\x1bOI", "\x1bOX", "\x1b[<0;1;1M", "\x1b_Gi=31;OK\x1b\\", "\x1b[200~daily\ry\x1b[201~",
)  # fmt: skip


@pytest.mark.parametrize("gap", [0, 0.13, 0.3])
def test_what_the_terminal_says_is_no_key(board: Program, server: Server, gap: float) -> None:
    before, shown = server.call("GET", "/tasks"), board.screen.splitlines()[1:-2]
    for answer in ANSWERS:
        in_pieces(board, answer[: len(answer) // 2 + 1], answer[len(answer) // 2 + 1 :], gap=gap)
        board.settle(0.1)
        assert board.screen.splitlines()[1:-2] == shown, answer
    assert server.call("GET", "/tasks") == before
    board.press("?")
    board.wait_for("To the next card")


def test_a_paste_without_an_end_leaves_the_keyboard_alive(board: Program) -> None:
    board.write(b"\x1b[200~abc")
    board.settle()
    board.press("ctrl+c")
    board.settle()
    board.press("?")
    board.wait_for("To the next card")


def test_a_letter_of_another_layout_is_the_key_in_its_place(board: Program) -> None:
    board.press("о")  # j
    board.wait_for("▌ Northwind")
    board.press("д", "р")  # l h
    board.press(".", "/", "о")
    board.wait_for("/о")
    board.press("escape")
    board.press("中")
    board.wait_for("layout is not Latin")


def test_in_tmux_escape_and_y_keep_the_task(server: Server, tmp_path: Path) -> None:
    import shutil
    import sys

    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed")
    before = uids(server)
    call = [tmux, "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]

    def do(*words: str) -> str:
        return subprocess.run([*call, *words], check=True, capture_output=True, text=True).stdout

    def wait_for(text: str) -> None:
        deadline = time.monotonic() + 20
        while text not in (screen := do("capture-pane", "-p")):
            assert time.monotonic() < deadline, screen
            time.sleep(0.05)

    do(
        "new-session", "-d", "-x", "120", "-y", "40", "-e", f"FDTUI_URL={server.url}",
        "-e", f"FDTUI_API_KEY={server.key}", "-e", f"FDTUI_HOME={tmp_path}",
        f"{sys.executable} -m fdtui",
    )  # fmt: skip
    try:
        wait_for("live")
        do("send-keys", "d")
        wait_for("for everyone")
        do("send-keys", "Escape", "y")
        wait_for("Copy")
        assert uids(server) == before
    finally:
        do("kill-server")


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_no_code_is_written_to_a_terminal_without_a_screen(
    start: Callable[..., Program], term: str
) -> None:
    program = start("demo", TERM=term)
    assert program.wait_end() == 2
    assert b"\x1b" not in program.output
    assert b"TERM" in program.output


def test_an_error_stream_in_a_file_is_refused(start: Callable[..., Program], tmp_path: Path) -> None:
    import shlex
    import sys

    file = tmp_path / "errors"
    command = f"{shlex.quote(sys.executable)} -m fdtui demo 2>{shlex.quote(str(file))}"
    program = Program(["/bin/sh", "-c", command], environ={"FDTUI_HOME": str(tmp_path / "home")})
    with program:
        assert program.wait_end() == 2
        assert b"\x1b" not in program.output
    told = file.read_text("utf-8")
    assert "stderr is none" in told and "\x1b" not in told


def test_the_cursor_is_at_the_caret_of_what_has_the_keys(board: Program) -> None:
    board.press("/")
    board.wait_for("esc drop")
    board.write("东京ab".encode())
    board.wait_for("ab")
    board.settle()
    cursor = board.vt.screen.cursor
    assert (cursor.x, cursor.y) == (len(" /") + 6, 38)
    board.press("left")
    board.settle()
    assert (cursor.x, cursor.y) == (len(" /") + 5, 38)
    board.press("escape", "e")
    board.wait_for("Edit ")
    board.press("x")
    board.settle()
    line = board.screen.splitlines()[cursor.y]
    assert line[: cursor.x].rstrip().endswith("x")


def test_another_locale_than_utf8_gets_ascii_signs(start: Callable[..., Program]) -> None:
    program = start("demo", LC_ALL="C")
    program.wait_for("LC_ALL=C is not UTF-8")
    assert "●" not in program.screen
    overruled = start("demo", LC_ALL="C", FDTUI_ASCII="0")
    overruled.wait_for("● live")
    assert "not UTF-8" not in overruled.screen


def test_a_key_with_alt_is_a_command_where_it_is_one(
    start: Callable[..., Program], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[keys]\n"app.help" = "alt+l"\n', "utf-8")
    program = start("demo", FDTUI_CONFIG=str(tmp_path / "config.toml"))
    program.wait_for("● live")
    program.settle()
    program.write(b"\x1bl")
    program.wait_for("To the next card")


def test_no_action_runs_by_a_burst(board: Program, server: Server) -> None:
    before = server.call("GET", "/tasks")
    board.press("a")
    board.wait_for("Run on")
    board.press("escape")
    board.wait_gone("Run on")
    board.write(b"a1")
    board.wait_for("Run on")
    board.settle(0.4)
    assert "Run on" in board.screen
    board.press("escape")
    board.wait_gone("Run on")
    assert server.call("GET", "/tasks") == before
