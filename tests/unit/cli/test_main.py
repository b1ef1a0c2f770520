"""`fdtui --version`, which is answered before there is a command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fdtui import __version__
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.failures import exit_code_after

VERSION = [sys.executable, "-m", "fdtui", "--version"]


def test_the_version_goes_to_stdout() -> None:
    run = subprocess.run(VERSION, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == (f"fdtui {__version__}\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
def test_a_version_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(VERSION, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == "fdtui: The output could not be written: No space left on device.\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt, EOFError])
def test_a_question_that_is_left_ends_the_board_quietly(
    error: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    def ask() -> None:
        raise error

    assert exit_code_after(ask) == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == "\n"
