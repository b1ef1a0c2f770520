"""Groups and views in a terminal of any size, and the last frame of a board that begins with one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.test_last_frame import Starts
from tests.terminal import Program

VIEWS = """\
[[views]]
name = "Money"
workflow = "Company onboarding"
group = "Assigned To"
sum = "Contract Value"
density = "line"

[[views]]
name = "Ada"
filter = "assignee:ada"
default = true
"""
ALT_1, ALT_2 = b"\x1b1", b"\x1b2"


def write_views(home: Path) -> Path:
    """A settings file with the views."""
    folder = home / "config"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "config.toml").write_text(VIEWS)
    (folder / "config.toml").chmod(0o600)
    return folder / "config.toml"


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)], ids=["40x12", "80x24", "200x60"])
def test_views_and_groups_fit_every_window(
    start: Callable[..., Program], tmp_path: Path, size: tuple[int, int]
) -> None:
    write_views(tmp_path / "home")
    columns, rows = size
    program = start("demo", columns=columns, rows=rows)
    program.wait_for("● live")
    program.wait_for("3 Ada")
    program.write(ALT_2)
    program.wait_for("2 Mon")
    program.wait_for(r"▾ AL Ada.* 2 · \$50[.,]3")
    program.press("F")
    program.wait_for(r"▌› AL Ada")
    program.press("j")
    program.wait_for(r"▌ The Quite")
    program.press("S")
    program.wait_for("Group by")
    program.wait_for("sum of Contract Val")
    program.press("home", "up", "pageup", "enter")
    wait_until(lambda: "▾ AL" not in program.screen and "› AL" not in program.screen, program)
    program.press("v")
    program.wait_for("now, changed")
    program.press("1")
    wait_until(lambda: "now, changed" not in program.screen, program)
    program.wait_for("1 All")
    program.settle()
    program.press("q")
    assert program.wait_end() == 0


@pytest.fixture
def starts(start: Callable[..., Program], server: Server, tmp_path: Path) -> Starts:
    return Starts(start, server, tmp_path)


def test_a_board_that_begins_with_a_view_leaves_no_frame_of_another(starts: Starts) -> None:
    file = write_views(starts.home)
    starts.kept(columns=80, rows=24)
    (frame,) = starts.frames
    known = frame.read_bytes()
    program = starts.run(columns=80, rows=24)
    program.wait_for("● live")
    program.write(ALT_1)
    program.wait_for("XYZ Inc")
    program.settle()
    program.press("q")
    assert program.wait_end() == 0
    assert frame.read_bytes() == known, "the next start begins with the view"
    program = starts.run(columns=80, rows=24)
    program.wait_for("● live")
    assert "XYZ Inc" not in program.screen
    program.press("v")
    program.wait_for("default")
    program.press("*")
    wait_until(lambda: "default" not in file.read_text(), program)
    assert file.read_text() == VIEWS.replace("default = true\n", "")
