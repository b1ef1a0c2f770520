"""An attached image, drawn by terminals that can do different things."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server
from tests.pty.test_files import GLOBEX, fdtui, open_files
from tests.terminal import Program

Image = pytest.importorskip("PIL.Image")


@pytest.fixture
def image(server: Server, tmp_path: Path) -> str:
    """The name of an image that Globex has as its third file."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).convert("RGB").save(out, "PNG")
    (tmp_path / "chart.png").write_bytes(out.getvalue())
    fdtui(server, tmp_path, "task", "attach", GLOBEX, str(tmp_path / "chart.png"))
    return "chart.png"


@pytest.fixture
def look(
    start: Callable[..., Program], server: Server, image: str, tmp_path: Path
) -> Callable[..., Program]:
    """Opens the image on a terminal that is set up by ``prepare``."""

    def opened(prepare: Callable[[Program], object], pictures: str = "auto") -> Program:
        settings = tmp_path / "home" / "config" / "config.toml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(f'[board]\npictures = "{pictures}"\n')
        program = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
        prepare(program)
        program.wait_for(r"● live")
        program.settle()
        open_files(program)
        program.wait_for(image)
        program.settle()
        program.press("G", "enter")
        program.wait_for("esc back")
        return program

    return opened


def drawn(program: Program, pattern: bytes) -> re.Match[bytes]:
    """The first place in what was written where ``pattern`` is, waited for."""
    for _ in range(200):
        if found := re.search(pattern, program.output):
            return found
        program.read(0.05)
    raise AssertionError(f"it was not drawn; the screen:\n{program.screen}")


def close(program: Program) -> bytes:
    """What is written when the picture is closed and the program left."""
    program.settle()
    before = len(program.output)
    program.press("escape")
    program.wait_for("Files of Globex")
    program.settle()
    assert "[?62" not in program.screen
    program.press("q")
    program.wait_gone("Files of Globex")
    program.press("q")
    assert program.wait_end() == 0
    return bytes(program.output[before:])


def test_a_terminal_that_knows_kitty(look: Callable[..., Program]) -> None:
    program = look(lambda each: setattr(each.vt, "knows_kitty", True))
    found = drawn(program, rb"\x1b_Ga=T,f=100,t=d,i=(\d+),")
    assert b"\x1b_Ga=d,d=I,i=" + found[1] in close(program)
    assert "▀" not in program.screen


def test_a_terminal_that_knows_sixel(look: Callable[..., Program]) -> None:
    def prepare(program: Program) -> None:
        program.vt.attributes, program.vt.cell = "62;4;22", "20;10"

    program = look(prepare)
    at = drawn(program, rb'\x1b\[(\d+);(\d+)H\x1bP[\d;]*q"1;1;(\d+);(\d+)')
    y, x, width, height = map(int, at.groups())
    assert x - 1 + width / 10 <= 120
    assert y - 1 + height / 20 <= 38, "no pixel below the frame, where it would scroll the screen"
    written = close(program)
    assert b"\x1bP" not in written
    # The pixels go away only where letters are written: on each line, from where the picture began.
    assert f"\x1b[{y};".encode() in written


def test_a_terminal_that_says_nothing_gets_blocks(look: Callable[..., Program]) -> None:
    program = look(lambda each: setattr(each.vt, "mute", True))
    program.wait_for("▀▀▀")
    assert program.vt.strings == ["Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA"]
    close(program)


def test_blocks_by_wish_ask_nothing(look: Callable[..., Program]) -> None:
    program = look(lambda each: setattr(each.vt, "knows_kitty", True), "blocks")
    program.wait_for("▀▀▀")
    assert program.vt.strings == []
    assert b"\x1b[c" not in program.output
    close(program)


def test_keys_are_heard_while_the_terminal_answers(look: Callable[..., Program]) -> None:
    def prepare(program: Program) -> None:
        program.vt.attributes = "62;4\x1b[A"  # no answer at all: broken off by a key

    program = look(prepare)
    program.wait_for("▀▀▀")
    close(program)


def test_the_picture_follows_the_size_of_the_window(look: Callable[..., Program]) -> None:
    program = look(lambda each: setattr(each.vt, "knows_kitty", True))
    first = drawn(program, rb"\x1b_Ga=T,f=100,t=d,i=(\d+),p=1,c=(\d+),")
    program.settle()
    before = len(program.output)
    program.resize(60, 20)
    program.settle(0.5)
    written = bytes(program.output[before:])
    second = re.search(rb"\x1b_Ga=T,f=100,t=d,i=(\d+),p=1,c=(\d+),", written)
    assert second
    assert b"\x1b_Ga=d,d=I,i=" + first[1] in written
    assert int(second[2]) < int(first[2])
    close(program)
