"""A disk that refuses: the board works, says once what is not kept, and loses nothing that is typed."""

import os
import resource
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.test_editing import drafts_in
from tests.pty.test_webhook import hook_of
from tests.terminal import Program

UNKEPT = "last only until you quit"
Opener = Callable[..., Program]


@pytest.fixture
def opened(start: Callable[..., Program], server: Server) -> Opener:
    def run(**environ: str) -> Program:
        who = {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key, "FDTUI_USER": "user@example.com"}
        return start(**{**who, **environ})

    return run


def ledger_in(folder: Path) -> Path:
    (found,) = (folder / "home" / "state").glob("ledger-*.db")
    return found


def limit(program: Program, size: int) -> None:
    """From now on, no file that the program writes gets longer: as on a disk without room."""
    resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def times_said(program: Program, words: str) -> int:
    """How often a message with these words was painted."""
    return bytes(program.output).count(words.encode())


def test_no_home_to_write_to(opened: Opener, tmp_path: Path, server: Server) -> None:
    (tmp_path / "file").write_text("")
    board = opened(FDTUI_HOME=str(tmp_path / "file" / "home"))
    board.wait_for(UNKEPT)
    board.wait_for("● live")
    board.settle()
    board.press("n")
    board.wait_for("New task")
    board.settle()
    board.press(*"Typed all the same")
    board.wait_for("Typed all the same")
    board.press("escape")
    board.settle()
    board.signal(signal.SIGTERM)
    assert board.wait_end() == 128 + signal.SIGTERM
    assert b"Traceback" not in board.output


def test_a_disk_without_room_while_one_types(opened: Opener, tmp_path: Path) -> None:
    board = opened()
    board.wait_for("● live")
    board.settle()
    limit(board, 1)
    board.press("n")
    board.wait_for("New task")
    board.settle()
    board.press(*"Half")
    board.wait_for(UNKEPT)
    board.press(*" a name")
    board.wait_for("Half a name")
    board.settle(1)
    assert "Half" not in drafts_in(tmp_path / "home")
    said = times_said(board, UNKEPT)
    board.press(*" and more")
    board.settle(1)
    assert times_said(board, UNKEPT) == said  # once is enough
    limit(board, resource.RLIM_INFINITY)
    board.press("x")
    board.wait_for("are kept on the disk again")
    wait_until(lambda: "Half a name and morex" in drafts_in(tmp_path / "home"), board)


def test_a_draft_that_no_disk_took_is_there_while_the_program_runs(opened: Opener) -> None:
    board = opened()
    board.wait_for("● live")
    board.settle()
    limit(board, 1)
    board.press("n")
    board.wait_for("New task")
    board.settle()
    board.press(*"Half a name")
    board.wait_for(UNKEPT)
    board.press("escape")
    board.wait_for("Keep it as a draft")
    board.settle(0.4)  # as long as it takes to read the question
    board.press("l")
    board.wait_gone("Keep it as a draft")
    board.settle()
    board.press("n")
    board.wait_for("A draft from")


def test_a_file_that_is_taken_away_while_the_program_runs(opened: Opener, tmp_path: Path) -> None:
    board = opened()
    board.wait_for("● live")
    board.settle()
    ledger_in(tmp_path).unlink()
    board.press("n")
    board.wait_for("New task")
    board.settle()
    board.press(*"Half")
    board.wait_for("(?s)removed.*or.*replaced")


def test_snoozing_where_nothing_can_be_stored(opened: Opener) -> None:
    board = opened()
    board.wait_for("● live")
    board.settle()
    limit(board, 1)
    board.press("T")
    board.wait_for("snooze")
    board.settle()
    board.press("s")
    board.wait_for("Snooze XYZ")
    board.settle()
    board.press("h")
    board.wait_for(UNKEPT)
    board.press("p")
    board.wait_for("Snoozed until")
    board.press("q", "T")
    board.wait_for("snooze")
    board.settle()
    assert "Snooze XYZ" not in board.screen
    board.press("s")
    board.wait_for("Snooze (?!XYZ)")


def test_a_damaged_file_is_kept_aside_and_told(opened: Opener, tmp_path: Path) -> None:
    board = opened()
    board.wait_for("● live")
    board.press("n")
    board.wait_for("New task")
    board.settle()
    board.press(*"Half a name")
    wait_until(lambda: "Half a name" in drafts_in(tmp_path / "home"), board)
    board.signal(signal.SIGTERM)
    board.wait_end()
    path = ledger_in(tmp_path)
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
    again = opened()
    again.wait_for(r"was damaged: all \d+ entries could be saved")
    wait_until(lambda: "Half a name" in drafts_in(tmp_path / "home"), again)
    assert [each.read_bytes()[:1] for each in path.parent.glob("*.damaged-*") if each.stat().st_size]
    again.press("j")
    again.wait_for("1 draft of yours")
    again.press("q")
    assert again.wait_end() == 0
    last = opened()
    last.wait_for("1 draft of yours")
    assert "damaged" not in last.screen


def test_a_file_of_a_newer_program_is_left_alone(opened: Opener, tmp_path: Path) -> None:
    board = opened()
    board.wait_for("● live")
    board.press("q")
    board.wait_end()
    path = ledger_in(tmp_path)
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
        db.execute(f"pragma application_id = {0x66640000 + 99}")
    db.close()
    before = path.read_bytes()
    again = opened()
    again.wait_for("written by a newer fdtui")
    again.wait_for("● live")
    again.press("q")
    assert again.wait_end() == 0
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_home_of_somebody_else(opened: Opener, tmp_path: Path) -> None:
    board = opened()
    board.wait_for("● live")
    board.press("q")
    board.wait_end()
    os.chown(tmp_path / "home" / "state", 12345, -1)
    again = opened()
    again.wait_for("(?s)belongs.*to.*another.*user")
    again.wait_for("● live")


def test_the_form_of_a_webhook_says_it_too(
    start: Callable[..., Program], server: Server, tmp_path: Path
) -> None:
    url = hook_of(server, tmp_path)
    (tmp_path / "file").write_text("")
    program = start(FDTUI_WEBHOOK_URL=url, FDTUI_HOME=str(tmp_path / "file" / "home"))
    program.wait_for(UNKEPT)
    program.press(*"Company ID=900", "enter", *"Company Name=From afar", "ctrl+o")
    program.wait_for("Sent")
    assert server.call("GET", "/tasks/900")["Company Name"] == "From afar"
