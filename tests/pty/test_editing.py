import os
import signal
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program


def drafts_in(folder: Path) -> str:
    """What the drafts on the disk hold, as text."""
    for path in folder.rglob("ledger-*.db"):
        with sqlite3.connect(path) as db:
            return str(db.execute("select body from draft").fetchall())
    return ""


def form_of(board: Program) -> None:
    board.press("e")
    board.wait_for("Edit XYZ")
    board.settle()


def test_a_field_in_place_changes_that_field_alone(board: Program, server: Server) -> None:
    before = server.call("GET", "/tasks/43")
    board.press("enter")
    board.wait_for("Number of Employees")
    board.press("tab", "j", "enter")
    board.wait_for("enter save")
    board.settle()
    board.press(*" Ltd", "enter")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. Ltd", board)
    after = server.call("GET", "/tasks/43")
    assert {**after, "Company Name": before["Company Name"]} == before
    board.wait_gone("enter save")


def test_a_colleague_and_a_form_both_get_their_way(board: Program, server: Server) -> None:
    form_of(board)
    board.press(*" Ltd")
    server.call("PUT", "/tasks", {"Company ID": "43", "Number of Employees": "301"})
    board.press("ctrl+o")
    board.wait_gone("Edit XYZ")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. Ltd", board)
    assert server.call("GET", "/tasks/43")["Number of Employees"] == "301"


def test_delete_asks_and_names_the_task(board: Program, server: Server) -> None:
    board.press("d")
    board.wait_for(r"Delete XYZ Inc\. for everyone")
    board.press("escape")
    board.wait_gone("for everyone")
    assert server.call("GET", "/tasks/43")
    board.press("d")
    board.wait_for("for everyone")
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    wait_until(lambda: "43" not in {each["Company ID"] for each in server.call("GET", "/tasks")}, board)


def test_what_is_there_again_is_not_restored_over(board: Program, server: Server) -> None:
    board.press("d")
    board.wait_for("for everyone")
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    wait_until(lambda: "43" not in {each["Company ID"] for each in server.call("GET", "/tasks")}, board)
    board.settle()
    board.press(":", *"deleted tasks", "enter")
    board.wait_for("Restore a task")
    board.settle()
    server.call("POST", "/tasks", {"Company ID": "43", "Company Name": "Theirs"})
    board.press("enter")
    board.wait_for("A task with the id 43 exists already")
    board.settle()
    board.press("u")
    board.settle()
    assert server.call("GET", "/tasks/43")["Company Name"] == "Theirs"
    assert server.call("GET", "/tasks/43")["Contract Value"] is None


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_half_written_form_outlives_the_program(
    board: Program, server: Server, start: Callable[..., Program], tmp_path: Path, number: int
) -> None:
    form_of(board)
    board.press(*" half")
    if number == signal.SIGKILL:  # that is seen to in half a second; the others wait for nothing
        wait_until(lambda: "half" in drafts_in(tmp_path / "home"), board)
    else:
        board.wait_for("XYZ Inc. half")
    board.signal(number)
    board.wait_end()
    again = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
    again.wait_for("1 draft of yours")
    again.settle()
    again.press("e")
    again.wait_for("A draft from")
    again.press("g")
    again.wait_for("XYZ Inc. half")
    again.press("ctrl+o")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. half", again)
    wait_until(lambda: "half" not in drafts_in(tmp_path / "home"), again)


def editor(folder: Path, script: str) -> str:
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


@pytest.fixture
def in_editor(start: Callable[..., Program], server: Server, tmp_path: Path) -> Callable[[str], Program]:
    """The board with an editor that is a script, a form open, the editor called."""

    def run(script: str) -> Program:
        program = start(
            FDTUI_URL=server.url,
            FDTUI_API_KEY=server.key,
            EDITOR=editor(tmp_path, script),
            VISUAL="",
        )
        program.wait_for("● live")
        program.settle()
        form_of(program)
        program.press("ctrl+x")
        return program

    return run


def test_the_users_own_editor(
    in_editor: Callable[[str], Program], server: Server, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    program = in_editor(
        f'stat -c "%a" "$1" "$(dirname "$1")" > {seen}; env >> {seen}; printf " from outside\\n" >> "$1"'
    )
    program.wait_for("XYZ Inc. from outside")
    program.press("ctrl+o")
    wait_until(
        lambda: server.call("GET", "/tasks/43")["Company Name"] == "XYZ Inc. from outside", program
    )
    said = seen.read_text()
    assert said.splitlines()[:2] == ["600", "700"]
    assert server.key not in said
    assert not list(tmp_path.glob("fdtui-*"))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 3", "ended with 3"),
        ("kill -9 $$", "ended by signal 9"),
        (': > "$1"', "left an empty file"),
        (r'printf "\000\001" > "$1"', "is not text"),
        (r'printf "\377\376" > "$1"', "is not text"),
        ('head -c 9000000 /dev/zero > "$1"', "more than"),
    ],
)
def test_an_editor_that_fails_costs_nothing(
    in_editor: Callable[[str], Program], tmp_path: Path, script: str, told: str
) -> None:
    program = in_editor(script)
    program.wait_for(told)
    assert "XYZ Inc." in program.screen
    (kept,) = tmp_path.glob("fdtui-*/text.txt")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    said = (
        line[line.index("│") + 2 : line.rindex("│")]
        for line in program.screen.splitlines()
        if "│" in line
    )
    assert kept.parent.name in "".join(map(str.rstrip, said))


def test_an_editor_that_is_not_there(
    start: Callable[..., Program], server: Server, tmp_path: Path
) -> None:
    program = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, EDITOR="/no/such/editor", VISUAL="")
    program.wait_for("● live")
    program.settle()
    form_of(program)
    program.press("ctrl+x")
    program.wait_for("cannot be started|ended with 127")
    assert "XYZ Inc." in program.screen


def test_ctrl_c_in_the_editor_is_the_editors(in_editor: Callable[[str], Program]) -> None:
    program = in_editor(
        'stty -a < /dev/tty > /dev/null; echo ready; read line < /dev/tty; echo x >> "$1"'
    )
    program.wait_for("ready")
    os.write(program._fd, b"\x03")
    program.wait_for("ended by signal 2|ended with 130")
    assert program.code is None


def test_an_open_form_writes_nothing_while_nobody_types(board: Program) -> None:
    form_of(board)
    board.settle(quiet=1.0)
    before = len(board.output)
    board.read(1.5)
    assert len(board.output) == before
