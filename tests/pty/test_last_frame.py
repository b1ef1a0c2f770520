"""The last frame first: on the screen before Textual is loaded, with the keys and signals of meanwhile.

A folder on the way to Textual has a module of its name, a gate: it stops the start there until the test
opens it, so that whatever is to happen while only the last frame is on the screen does happen then.
"""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from fdtui.sync.reading.cache_keeper import MAX_BYTES_AT_START
from fdtui.tui.terminal.app import A_BLINK
from tests.bench.cached import environ_of, fill
from tests.pty.conftest import Server, wait_until
from tests.pty.test_terminal import stopped
from tests.terminal import Program

MOUSE_ON = b"\x1b[?1000h"
GATE = """
import os, pathlib, sys, time
here = pathlib.Path(__file__).parent
(here / "reached").touch()
while not (here / "open").exists():
    time.sleep(0.005)
assert not (here / "open").read_text(), "the start fails here"
sys.path.remove(str(here.parent))
del sys.modules["textual"]
import textual
"""
FIRST, SECOND = "▌ XYZ Inc", "▌ Northwind"


class Starts:
    """Starts of one board in terminals of one size."""

    def __init__(self, start: Callable[..., Program], server: Server, folder: Path) -> None:
        self._start, self._server, self.home = start, server, folder / "home"
        self._gate = folder / "gate" / "textual"
        self._gate.mkdir(parents=True)
        (self._gate / "__init__.py").write_text(GATE)

    @property
    def frames(self) -> list[Path]:
        return sorted((self.home / "cache").glob("frame-*"))

    def run(self, **more: object) -> Program:
        """A board, loaded at once."""
        said = {"FDTUI_URL": self._server.url, "FDTUI_API_KEY": self._server.key}
        return self._start(**{**said, "FDTUI_USER": "user@example.com", **more})

    def kept(self, **more: object) -> None:
        """A board that was opened and left, so that there is a frame of it."""
        program = self.run(**more)
        program.wait_for("● live")
        program.settle()
        program.press("q")
        assert program.wait_end() == 0

    def at_the_gate(self, **more: object) -> Program:
        """A start as the user's that has come to where Textual is loaded."""
        for name in ("reached", "open"):
            (self._gate / name).unlink(missing_ok=True)
        program = self.run(fresh=True, PYTHONPATH=str(self._gate.parent), **more)
        wait_until((self._gate / "reached").exists, program)
        while program.read(0.05):
            pass
        return program

    def open(self, what: str = "") -> None:
        """Let Textual be loaded; or with a text, let the start fail there."""
        (self._gate / "beside").write_text(what)
        (self._gate / "beside").rename(self._gate / "open")


@pytest.fixture
def starts(start: Callable[..., Program], server: Server, tmp_path: Path) -> Starts:
    return Starts(start, server, tmp_path)


@pytest.mark.parametrize("size", [(80, 24), (170, 60)], ids=["80x24", "170x60"])
def test_it_is_painted_before_textual_is_loaded(starts: Starts, size: tuple[int, int]) -> None:
    columns, rows = size
    starts.kept(columns=columns, rows=rows)
    (frame,) = starts.frames
    assert frame.stat().st_mode & 0o777 == 0o600
    assert starts.home.joinpath("cache").stat().st_mode & 0o777 == 0o700
    program = starts.at_the_gate(columns=columns, rows=rows)
    assert 1049 in program.vt.modes
    assert "○ as of" in program.screen
    assert FIRST in program.screen
    painted, shown = len(program.output), program.screen
    starts.open()
    program.wait_for("● live")
    program.settle()
    assert program.screen.splitlines()[1:] == shown.splitlines()[1:]
    assert b"XYZ" not in program.output[painted:], "the first frame is no difference"
    assert b"\x1b[?1049h" not in program.output[painted:]
    program.press("q")
    assert program.wait_end() == 0
    assert program.modes_left == program.before[:4]
    assert not program.vt.modes & {1000, 1006, 1049, 2004}


def test_a_wide_window_begins_with_the_task_beside_the_board(starts: Starts) -> None:
    starts.kept(columns=200, rows=60)
    program = starts.at_the_gate(columns=200, rows=60)
    assert "○ as of" in program.screen and "│" in program.screen
    shown = [line.partition("│")[0] for line in program.screen.splitlines()[1:]]
    starts.open()
    program.wait_for("● live")
    program.settle()
    assert [line.partition("│")[0] for line in program.screen.splitlines()[1:]] == shown
    program.press("q")
    assert program.wait_end() == 0


def test_keys_typed_meanwhile_arrive_in_order(starts: Starts) -> None:
    starts.kept()
    program = starts.at_the_gate()
    for key in ("j", "j", "l", "down", "/", "s", "o", "y", "l", "enter"):
        program.press(key)
    starts.open()
    program.wait_for(r"/soyl")
    program.wait_for("● live")
    program.settle()
    assert "Soylent" in program.screen
    assert "Northwind" not in program.screen


def test_a_key_that_changes_something_waits_for_the_server(starts: Starts, server: Server) -> None:
    starts.kept()
    program = starts.at_the_gate()
    program.press("j", "L")
    starts.open()
    wait_until(lambda: stage_of(server, "44") == "In Progress", program)
    assert stage_of(server, "43") == "Not Started"


def test_it_does_nothing_where_the_board_is_no_longer_as_it_was_shown(
    starts: Starts, server: Server, tmp_path: Path
) -> None:
    """Another window has moved on since the frame was kept."""
    starts.kept()
    (frame,) = starts.frames
    shutil.copy2(frame, tmp_path / "frame")
    program = starts.run()
    program.wait_for("● live")
    program.press("j")
    program.wait_for(SECOND)
    program.settle()
    program.press("q")
    program.wait_end()
    shutil.copy2(tmp_path / "frame", frame)
    program = starts.at_the_gate()
    assert FIRST in program.screen
    program.press("l", "h", "L")  # nor does the cursor go on from where it is not
    starts.open()
    program.wait_for("The 3 keys you typed before the board was up to date did nothing")
    program.wait_for("● live")
    program.settle()
    assert SECOND in program.screen
    assert {stage_of(server, "43"), stage_of(server, "44")} == {"Not Started"}


def test_no_other_card_is_changed_than_the_last_frame_shows(starts: Starts, server: Server) -> None:
    """A key that came together with the end of the program has no frame of its own."""
    program = starts.run()
    program.wait_for("● live")
    program.wait_for(FIRST)
    program.settle()
    program.write(b"jq")
    assert program.wait_end() == 0
    program = starts.at_the_gate()
    shown, other = ("44", "43") if SECOND in program.screen else ("43", "44")
    program.press("L")
    starts.open()
    wait_until(
        lambda: stage_of(server, shown) == "In Progress" or "did nothing" in program.screen, program
    )
    assert stage_of(server, other) == "Not Started"


def test_it_does_nothing_while_the_server_is_away(starts: Starts, server: Server) -> None:
    starts.kept()
    server.stop()
    program = starts.at_the_gate()
    program.press("j", "L", "j")
    starts.open()
    program.wait_for("The 2 keys you typed before the board was up to date did nothing")
    program.wait_for(SECOND)  # what only moves the cursor was done
    program.settle(A_BLINK)
    program.press("L")  # pressed on the board itself, which says how old it is
    program.wait_for(r"⧗ 1|↑ 1|1 wait|saving 1")


def test_it_gives_nothing_back_that_was_to_be_taken(starts: Starts, server: Server) -> None:
    """The last frame shows a card that is nobody's; someone has assigned it since."""
    starts.kept()
    server.call("PUT", "/tasks", {"Company ID": "43", "Assigned To": "user@example.com"})
    program = starts.at_the_gate()
    program.press("I")
    starts.open()
    program.wait_for("XYZ Inc. was assigned to user@example.com by someone else; press I to change that")
    program.press("q")
    assert program.wait_end() == 0
    assert server.call("GET", "/tasks/43")["Assigned To"] == "user@example.com"


def test_what_is_typed_before_the_first_frame_of_this_run_was_meant_for_the_last_frame(
    starts: Starts, server: Server
) -> None:
    """It shows the second card under the cursor; the board, which has no cache, begins at the first."""
    program = starts.run()
    program.wait_for("● live")
    program.press("j")
    program.wait_for(SECOND)
    program.settle()
    program.press("q")
    assert program.wait_end() == 0
    for each in (starts.home / "cache").glob("cache-*"):
        each.unlink()
    with server.paused():
        program = starts.at_the_gate()
        assert SECOND in program.screen
        starts.open()
        wait_until(lambda: MOUSE_ON in program.output, program)  # the driver reads the keys
        assert SECOND in program.screen
        program.press("L")
        program.read(0.3)
    program.wait_for("did nothing")
    program.wait_for("● live")
    program.settle()
    assert {stage_of(server, "43"), stage_of(server, "44")} == {"Not Started"}


def test_it_stays_until_there_are_cards(starts: Starts) -> None:
    """A large board is read from the cache behind its first frame, which has none."""
    fill(str(starts.home), 4_000, noise=MAX_BYTES_AT_START // 3_500)
    away = environ_of(str(starts.home)) | {"FDTUI_USER": ""}
    program = starts.run(**away)
    program.wait_for("offline since")
    program.wait_for("▌ Write report 0")
    program.settle()
    program.press("q")
    assert program.wait_end() == 0
    program = starts.at_the_gate(**away)
    program.press("j", "j")
    painted = len(program.output)
    starts.open()
    program.wait_for("▌ Write report 8 ")
    assert b"connecting" not in program.output[painted:]


def test_another_start_begins_as_ever(starts: Starts) -> None:
    """What else there is that makes another start: `tests/unit/launch`."""
    starts.kept()

    def is_painted(**more: object) -> bool:
        program = starts.at_the_gate(**more)
        program.signal(signal.SIGKILL)
        program.wait_end()
        return bool(program.output)

    assert is_painted()
    for other in ({"NO_COLOR": "1"}, {"TERM": "xterm"}, {"rows": 39}):
        assert not is_painted(**other), other
    settings = starts.home / "config" / "config.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text('[board]\ntheme = "light"\n')
    assert not is_painted()
    settings.unlink()
    (frame,) = starts.frames
    frame.write_bytes(frame.read_bytes().replace(b"XYZ", b"ABC"))
    program = starts.at_the_gate()
    assert not program.output
    starts.open()
    program.wait_for("● live")


def test_no_frame_is_kept_without_colours(starts: Starts) -> None:
    starts.kept(NO_COLOR="1")
    assert not starts.frames


def test_a_signal_meanwhile(starts: Starts) -> None:
    starts.kept()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        program = starts.at_the_gate()
        assert 1049 in program.vt.modes
        program.signal(number)
        assert program.wait_end() == 128 + number
        assert is_sane(program)


def test_the_keyboard_ends_it_meanwhile(starts: Starts) -> None:
    starts.kept()
    program = starts.at_the_gate()
    program.press("ctrl+c")
    assert program.wait_end() == 128 + signal.SIGINT
    assert is_sane(program)
    program = starts.at_the_gate()
    program.press("q")
    starts.open()
    assert program.wait_end() == 0
    assert is_sane(program)


def test_another_driver_gets_the_terminal_as_the_shell_had_it(starts: Starts) -> None:
    """It would keep the modes of the last frame for those of the shell, and leave them behind."""
    other = {"TEXTUAL_DRIVER": "tests.terminal.other_driver:OtherDriver"}
    starts.kept(**other)
    program = starts.at_the_gate(**other)
    assert "○ as of" in program.screen
    painted = len(program.output)
    starts.open()
    program.wait_for("● live")
    assert program.output[painted:].index(b"\x1b[?1049l") < program.output[painted:].index(
        b"\x1b[?1049h"
    )
    program.press("q")
    assert program.wait_end() == 0
    assert is_sane(program)


def test_a_start_that_fails_gives_the_terminal_back(starts: Starts) -> None:
    starts.kept()
    program = starts.at_the_gate()
    starts.open("fail")
    assert program.wait_end() == 1
    assert is_sane(program)
    assert b"internal error" in program.output.rpartition(b"\x1b[?1049l")[2]


def test_a_terminal_that_goes_away_meanwhile(starts: Starts) -> None:
    starts.kept()
    program = starts.at_the_gate()
    program.hang_up()
    assert program.wait_end() == 128 + signal.SIGHUP


def test_ctrl_z_meanwhile(starts: Starts) -> None:
    starts.kept()
    program = starts.at_the_gate()
    program.press("j", "ctrl+z")
    wait_until(lambda: stopped(program), program)
    while program.read(0.05):
        pass
    assert is_sane(program)
    program.signal(signal.SIGCONT)
    program.wait_for("○ as of")
    starts.open()
    program.wait_for("● live")
    program.wait_for(SECOND)  # the key before it was not lost


def test_a_window_that_changes_its_size_meanwhile(starts: Starts) -> None:
    starts.kept()
    program = starts.at_the_gate()
    painted = len(program.output)
    for columns, rows in ((90, 30), (120, 40)):  # the program sees the second only
        program.resize(columns, rows)
        program.signal(signal.SIGWINCH)
    starts.open()
    program.wait_for("● live")
    program.settle()
    assert b"XYZ" in program.output[painted:], "cells that may be gone were trusted"
    assert FIRST in program.screen
    assert "Stark Industries" in program.screen


def test_a_program_that_was_killed_leaves_a_frame(starts: Starts) -> None:
    program = starts.run()
    program.wait_for("● live")
    wait_until(lambda: bool(starts.frames), program)
    program.signal(signal.SIGKILL)
    program.wait_end()
    assert "○ as of" in starts.at_the_gate().screen


def test_a_key_that_is_refused_leaves_no_frame(starts: Starts, server: Server, tmp_path: Path) -> None:
    starts.kept()
    port = int(server.url.rpartition(":")[2])
    server.stop()
    (tmp_path / "other").mkdir()
    other = Server(tmp_path / "other", port)  # it knows another key
    try:
        program = starts.run()
        program.wait_for("key refused")
        program.settle()
        program.press("q")
        assert program.wait_end() == 0
    finally:
        other.stop()
    assert not starts.frames


def stage_of(server: Server, task: str) -> str:
    return str(server.call("GET", f"/tasks/{task}")["Stage"])


def is_sane(program: Program) -> bool:
    """Whether the terminal is as it was before the program."""
    return program.modes_left == program.before[:4] and not program.vt.modes & {1000, 1049, 2004}
