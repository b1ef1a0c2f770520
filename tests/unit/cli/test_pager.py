"""Long output on a terminal: what the pager gets, and that nothing else depends on it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.unit.cli.conftest import WORKFLOW, Home

TIMEOUT = 60
"""Seconds for a command on a busy machine."""
LISTED = 24
"""Tasks of the demo's workflow."""


def on_terminal(
    home: Home,
    *said: str,
    lines: int = 10,
    typed: bytes = b"",
    stdin: int | None = None,
    **names: str,
) -> tuple[int, str]:
    """The exit code of a command that has a terminal of ``lines``, and what that shows."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (lines, 80))
    environ = {**os.environ, "FDTUI_WORKFLOW": WORKFLOW, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    for name in ("COLUMNS", "LINES", "LESS", "PAGER"):
        environ.pop(name, None)
    run = subprocess.Popen(
        [sys.executable, "-m", "fdtui", *said],
        stdin=theirs if stdin is None else stdin,
        stdout=theirs,
        stderr=theirs,
        env={**environ, "TERM": "xterm-256color", **names},
        cwd=home.root,
    )
    os.close(theirs)
    os.write(ours, typed)
    told = b""
    try:
        while data := os.read(ours, 65536):
            told += data
    except OSError:  # how Linux says that the other end is closed
        pass
    code = run.wait(TIMEOUT)
    os.close(ours)
    return code, told.decode()


@pytest.fixture
def pager(home: Home) -> Path:
    """A pager that keeps what it gets in ``paged``, and says how it was told to behave."""
    path = home.root / "my pager"
    path.write_text('#!/bin/sh\ncat > paged\necho "less: $LESS"\n', "utf-8")
    path.chmod(0o700)
    return path


@pytest.mark.parametrize(
    "said", [("task", "list"), ("task", "list", "--json"), ("task", "show", "42"), ("config", "show")]
)
def test_what_is_longer_than_the_screen_goes_to_the_pager(
    home: Home, pager: Path, said: Sequence[str]
) -> None:
    code, seen = on_terminal(home, *said, PAGER=f"'{pager}'")
    assert (code, seen) == (0, "less: FRX\r\n")
    paged = (home.root / "paged").read_text("utf-8")
    _, direct = on_terminal(home, *said, "--no-pager")
    assert paged.splitlines() == direct.splitlines()
    assert len(paged.splitlines()) >= 10


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"lines": 50}, {}),  # it fits
        ({"stdin": subprocess.DEVNULL}, {}),  # nobody presses its keys
        ({}, {"TERM": "dumb"}),
        ({}, {"PAGER": "cat"}),
        ({}, {"PAGER": ""}),
    ],
)
def test_where_none_is_of_use_the_lines_are_printed(
    home: Home, pager: Path, more: Mapping[str, int], names: Mapping[str, str]
) -> None:
    code, seen = on_terminal(home, "task", "list", **{"PAGER": f"'{pager}'", **names}, **more)  # type: ignore[arg-type]
    assert (code, len(seen.splitlines())) == (0, LISTED + 1)
    assert not (home.root / "paged").exists()


def test_a_pager_that_is_left_early_is_no_failure(home: Home) -> None:
    path = home.root / "short"
    path.write_text("#!/bin/sh\nexec <&-\n", "utf-8")
    path.chmod(0o700)
    assert on_terminal(home, "task", "list", PAGER=str(path)) == (0, "")


def test_a_failure_keeps_its_exit_code(home: Home, pager: Path) -> None:
    code, seen = on_terminal(home, "task", "show", "nope", PAGER=f"'{pager}'")
    assert code == 3
    assert "less" not in seen


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no-such-pager -x", "The pager no-such-pager could not be started: No such file or directory."),
        ("less '", "PAGER cannot be read: a quotation mark is not closed."),
    ],
)
def test_a_pager_that_cannot_start_loses_nothing(home: Home, said: str, told: str) -> None:
    code, seen = on_terminal(home, "task", "list", PAGER=said)
    first, *lines = seen.splitlines()
    assert (code, first, len(lines)) == (0, told, LISTED + 1)


def test_an_interrupted_pager_ends_the_command(home: Home) -> None:
    path = home.root / "ends"
    path.write_text("#!/bin/sh\nkill -INT $$\n", "utf-8")
    path.chmod(0o700)
    assert on_terminal(home, "task", "list", PAGER=str(path)) == (130, "")
