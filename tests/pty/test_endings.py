"""How the program ends when it is asked to, or when its terminal is gone: in order, with 128 + n."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from fdtui.cli.exit_codes import ExitCode
from fdtui.core.intents import MoveTask
from fdtui.sync.storage.journal import JournalOwner
from fdtui.sync.storage.journal_table import JournalTable
from tests.pty.conftest import FDTUI, Server, wait_until
from tests.pty.link import Link
from tests.pty.test_editing import drafts_in
from tests.pty.test_files import GLOBEX, environ, fdtui
from tests.pty.test_terminal import stopped
from tests.pty.test_webhook import hook_of
from tests.terminal import Program
from tests.unit.sync.storage.test_journal_table import entry

ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]
GENEROUS = 20
"""Seconds that the end may take here: it takes two at the most, and the machine may be busy."""


@pytest.fixture
def shown(start: Callable[..., Program], server: Server, tmp_path: Path) -> Callable[[str], Program]:
    """Starts the program as a user does, and waits for one of its four screens."""

    def run(kind: str) -> Program:
        board = {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key, "FDTUI_USER": "user@example.com"}
        if kind == "demo":
            program, waits = start("demo", fresh=True), "● live"
        elif kind == "board":
            program, waits = start(fresh=True, **board), "● live"
        elif kind == "welcome":
            program, waits = start(fresh=True), "demo"
        else:
            url = hook_of(server, tmp_path)
            program, waits = start(fresh=True, FDTUI_WEBHOOK_URL=url), "Nothing can be read"
        program.wait_for(waits)
        program.settle()
        return program

    return run


@pytest.mark.parametrize("kind", ["demo", "board", "welcome", "webhook"])
@pytest.mark.parametrize("number", ENDING)
def test_a_signal(shown: Callable[[str], Program], kind: str, number: int) -> None:
    program = shown(kind)
    program.signal(number)
    assert program.wait_end(GENEROUS) == 128 + number
    assert program.modes_left == program.before[:4]
    assert not program.vt.modes & {1000, 1002, 1003, 1006, 1049, 2004}
    assert b"Traceback" not in program.output


@pytest.mark.parametrize("kind", ["demo", "board", "welcome", "webhook"])
def test_a_terminal_that_is_closed(shown: Callable[[str], Program], kind: str) -> None:
    program = shown(kind)
    program.hang_up()
    assert program.wait_end(GENEROUS) == 128 + signal.SIGHUP


@pytest.mark.parametrize("kind", ["demo", "board"])
def test_a_terminal_that_is_gone_without_a_word(
    server: Server, tmp_path: Path, start: Callable[..., Program], kind: str
) -> None:
    """As under ``nohup``: no signal says it, and it does not go on alone for ever."""
    script = f'trap "" HUP; exec {sys.executable} -m fdtui {"demo" if kind == "demo" else ""}'
    where = {"FDTUI_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}
    if kind == "board":
        where |= {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key}
    with Program(["sh", "-c", script], columns=120, rows=40, environ=where) as program:
        program.wait_for("● live")
        program.settle()
        program.signal(signal.SIGHUP)  # which is ignored, as it was asked for
        program.press("?")
        program.wait_for("(?i)help")
        program.hang_up()
        assert program.wait_end(GENEROUS) == 128 + signal.SIGHUP


def test_a_terminal_that_takes_nothing_any_more(shown: Callable[[str], Program]) -> None:
    """Its buffer is full, so each write waits; the keyboard's modes are given back all the same."""
    program = shown("demo")
    for _ in range(60):
        program.press("?", "escape", "ctrl+l")
        time.sleep(0.01)
    program.signal(signal.SIGTERM)
    deadline = time.monotonic() + GENEROUS
    while not (ended := os.waitpid(program.pid, os.WNOHANG))[0]:
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.02)
    program.code = os.waitstatus_to_exitcode(ended[1])
    assert program.code == 128 + signal.SIGTERM
    assert program.modes_left == program.before[:4]


_HANGS = """
#include <unistd.h>
int getaddrinfo(const char *a, const char *b, const void *c, void **d) { sleep(60); return -2; }
"""


@pytest.mark.parametrize("how", ["key", "signal", "closed"])
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_a_network_that_hangs(start: Callable[..., Program], tmp_path: Path, how: str) -> None:
    """The name of the server is asked for in a thread, which nothing can end."""
    (tmp_path / "hangs.c").write_text(_HANGS)
    library = tmp_path / "hangs.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, tmp_path / "hangs.c"], check=True)
    program = start(
        fresh=True, LD_PRELOAD=str(library), FDTUI_URL="https://flowdash.invalid", FDTUI_API_KEY="k"
    )
    program.wait_for("(?i)connecting|opening|loading")
    program.settle()
    code = 0
    if how == "key":
        program.press("q")
    elif how == "signal":
        program.signal(signal.SIGTERM)
        code = 128 + signal.SIGTERM
    else:
        program.hang_up()
        code = 128 + signal.SIGHUP
    assert program.wait_end(GENEROUS) == code
    if how != "closed":
        assert program.modes_left == program.before[:4]
        assert b"Traceback" not in program.output


@pytest.mark.parametrize("how", ["closed", "signal"])
def test_what_was_typed_is_a_draft(
    shown: Callable[[str], Program], start: Callable[..., Program], how: str, tmp_path: Path
) -> None:
    program = shown("webhook")
    program.press(*"Company Name=Half a na")
    program.wait_for("Half a na")
    if how == "closed":
        program.hang_up()
    else:
        program.signal(signal.SIGTERM)
    program.wait_end(GENEROUS)
    again = shown("webhook")
    again.wait_for("(?i)draft")


def test_what_was_typed_on_the_board_is_a_draft(shown: Callable[[str], Program], tmp_path: Path) -> None:
    program = shown("board")
    program.press("n")
    program.wait_for("New task")
    program.settle()
    program.press(*"Nineteen letters ab")
    program.wait_for("Nineteen letters ab")
    program.hang_up()
    assert program.wait_end(GENEROUS) == 128 + signal.SIGHUP
    assert "Nineteen letters ab" in drafts_in(tmp_path / "home")


def test_stopped_from_elsewhere_and_resumed(shown: Callable[[str], Program]) -> None:
    program = shown("demo")
    program.signal(signal.SIGTSTP)
    wait_until(lambda: stopped(program), program)
    program.settle()
    assert program.modes_left == program.before[:4]
    assert 1049 not in program.vt.modes
    before = len(program.output)
    program.signal(signal.SIGCONT)
    wait_until(lambda: b"XYZ Inc." in program.output[before:], program)
    program.settle()
    program.signal(signal.SIGTERM)
    assert program.wait_end(GENEROUS) == 128 + signal.SIGTERM


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
@pytest.mark.parametrize("what", ["kill-pane", "kill-session"])
def test_tmux(tmp_path: Path, what: str) -> None:
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull]
    home, told = tmp_path / "home", tmp_path / "told"
    command = f"{sys.executable} -m fdtui demo; echo $? > {told}"
    shell = f"trap '' HUP; FDTUI_HOME={home} TERM=tmux-256color sh -c '{command}'"
    subprocess.run([*tmux, "new-session", "-d", "-x", "100", "-y", "30", shell], check=True, timeout=20)
    deadline = time.monotonic() + GENEROUS
    look = [*tmux, "capture-pane", "-p"]
    while b"live" not in subprocess.run(look, capture_output=True, check=False).stdout:
        assert time.monotonic() < deadline, "the board did not appear"
        time.sleep(0.05)
    subprocess.run([*tmux, what], check=True, timeout=20)
    while not told.exists() or not told.read_text():
        assert time.monotonic() < deadline + GENEROUS, "it did not end"
        time.sleep(0.05)
    assert told.read_text().strip() == "129"


# Commands


def test_quitting_with_changes_that_wait_says_so(start: Callable[..., Program], server: Server) -> None:
    """They are sent by whom they were made; who starts under another name is told of them."""
    link = Link(int(server.url.rpartition(":")[2]))
    board = {"FDTUI_URL": link.url, "FDTUI_API_KEY": server.key}
    program = start(**board, FDTUI_USER="user@example.com")
    program.wait_for("● live")
    link.stop()
    program.press("L")
    program.wait_for("↑ 1")
    program.press("q")
    assert program.wait_end(GENEROUS) == 0
    told = "1 change waits for the server. The next start or `fdtui sync` sends it."
    assert told.encode() in program.output
    other = start(**board, FDTUI_USER="grace@example.com")
    other.wait_for("1 change made as user@example.com not sent yet.")
    other.press("q")
    assert other.wait_end(GENEROUS) == 0
    assert b"waiting for the server" not in other.output


def test_sync_with_a_key_that_is_refused(server: Server, tmp_path: Path) -> None:
    """It is not the network: the exit code and the next step say so, and the change still waits."""
    whose = hashlib.sha256(f"{server.url}\0".encode()).hexdigest()[:12]
    book = JournalTable(tmp_path / f"home/state/journal-{whose}.db", JournalOwner(server.url))
    book.append([entry(7, MoveTask("1", "Done"))])
    book.close()
    said = fdtui(SimpleNamespace(url=server.url, key="k" * 40), tmp_path, "sync")
    assert said.returncode == ExitCode.NOT_ALLOWED, said
    assert b"1 change could not be sent: Flowdash does not accept the API key" in said.stderr
    assert b"with a key that the server accepts" in said.stderr
    assert b"pending" in fdtui(server, tmp_path, "journal", "list").stdout


@pytest.mark.parametrize("number", ENDING)
def test_a_download_that_is_ended(server: Server, link: Link, tmp_path: Path, number: int) -> None:
    path, folder = tmp_path / "slow.bin", tmp_path / "here"
    path.write_bytes(os.urandom(2_000_000))
    folder.mkdir()
    assert fdtui(server, tmp_path, "task", "attach", GLOBEX, "slow.bin").returncode == 0
    link.pace = 200_000
    running = subprocess.Popen(
        [*FDTUI, "task", "download", GLOBEX, "slow.bin", "--to", f"{folder}/"],
        env={**environ(server, tmp_path), "FDTUI_URL": link.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + GENEROUS
    while not any(each.stat().st_size for each in folder.iterdir()):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline, "nothing arrives"
        time.sleep(0.02)
    running.send_signal(number)
    _, errors = running.communicate(timeout=GENEROUS)
    assert running.returncode == 128 + number
    assert b"Traceback" not in errors
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("nohup", [False, True])
def test_output_to_a_terminal_that_is_closed(
    server: Server, link: Link, tmp_path: Path, *, nohup: bool
) -> None:
    """Whether the signal is what ends it, or that the terminal takes nothing."""
    where = {**environ(server, tmp_path), "FDTUI_URL": link.url}
    kept = {name: value for name, value in where.items() if name.startswith("FDTUI")}
    command = f"exec {sys.executable} -m fdtui task list"
    script = f'trap "" HUP; {command}' if nohup else command
    link.pace = 2_000
    with Program(["sh", "-c", script], environ=kept) as program:
        wait_until(lambda: link.asked > 0, program)
        program.hang_up()
        assert program.wait_end(GENEROUS) == 128 + signal.SIGHUP
