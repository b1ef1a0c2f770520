"""Long output on a terminal goes to the user's pager, as git does it; short output is printed."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import click

from fdtui.cli import output
from fdtui.cli.ending import HUNG_UP
from fdtui.cli.exit_codes import ExitCode

R = TypeVar("R")

DEFAULT = "less"
"""The pager where `PAGER` names none."""
HABITS = {"LESS": "FRX", "LV": "-c"}
"""What less and lv are told where the environment says nothing: to show colours, and stay visible."""
NO_PAGER = ("", "cat")


class PagerEndedError(Exception):
    """The person has seen enough, and left the pager."""


class OutputPager:
    """Holds what fits on the screen; once there is more, all goes to the user's pager."""

    def __init__(self, command: list[str], columns: int, lines: int) -> None:
        self._command, self._columns, self._lines = command, max(columns, 1), lines
        self._held: list[str] | None = []
        self._room = lines - 1  # the prompt of the shell takes the last
        self._process: subprocess.Popen[str] | None = None
        self._heard: Any = None

    def write(self, text: str) -> str:
        """Take ``text``; answers what is to be written to the terminal now.

        Raises `PagerEndedError` once the user has left it.
        """
        if self._process is not None:
            self._pass_on(text)
            return ""
        if self._held is None:
            return text
        self._held.append(text)
        self._room -= sum(max(1, -(-len(line) // self._columns)) for line in text.splitlines())
        if self._room >= 0:
            return ""
        held = self.release()
        if not self._start():
            return held
        self._pass_on(held)
        return ""

    def release(self) -> str:
        """What was held, and is held no longer."""
        held, self._held = "".join(self._held or ()), None
        return held

    def close(self) -> None:
        """Let the person read to the end.

        Raises `SystemExit` where the pager was interrupted, or ended with its terminal.
        """
        if self._process is None:
            return
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as it was started
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        code = self._process.wait()
        signal.signal(signal.SIGINT, self._heard)
        if code == -signal.SIGINT:
            raise SystemExit(ExitCode.INTERRUPTED)
        if not sys.stdout.isatty():  # it was one when the pager began
            raise SystemExit(HUNG_UP)

    def _start(self) -> bool:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own program
                self._command,
                stdin=subprocess.PIPE,
                env={**HABITS, **os.environ},
                encoding="utf-8",
                errors="surrogateescape",
            )
        except OSError as error:
            name = self._command[0]
            output.notify(f"The pager {name} could not be started: {error.strerror or error}.")
            return False
        # ctrl+c is the pager's: it ends its search or its reading, and is not to end us behind it
        self._heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
        return True

    def _pass_on(self, text: str) -> None:
        assert self._process is not None  # noqa: S101 - only called where it runs
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as it was started
        try:
            self._process.stdin.write(text)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise PagerEndedError from None


def pages(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command that prints much the option ``--no-pager``, and its output to the pager."""

    @functools.wraps(command)
    def run(*given: Any, no_pager: bool = False, **named: Any) -> R | None:
        with paged(None if no_pager else _here()):
            return command(*given, **named)
        return None

    option = click.option("--no-pager", is_flag=True, help="Print long output as it is, without $PAGER.")
    return option(run)  # type: ignore[return-value]  # a command's answer is not looked at


@contextmanager
def paged(pager: OutputPager | None) -> Iterator[None]:
    """Let ``pager`` have what is printed meanwhile; that somebody leaves it early is no failure."""
    if pager is None:
        yield
        return
    output.through(pager.write)
    try:
        yield
    except PagerEndedError:
        pass
    finally:
        output.through(None)
        if held := pager.release():
            output.ready(held)
        pager.close()


def _here() -> OutputPager | None:
    """The pager for this terminal; ``None`` where there is none, or nobody who could press its keys."""
    is_seen = sys.stdin.isatty() and sys.stdout.isatty()
    if not is_seen or os.environ.get("TERM", "dumb") == "dumb":
        return None
    said = os.environ.get("PAGER")
    try:
        command = shlex.split(DEFAULT if said is None else said)
    except ValueError:
        output.notify("PAGER cannot be read: a quotation mark is not closed.")
        return None
    if not command or command[0] in NO_PAGER or (said is None and shutil.which(DEFAULT) is None):
        return None
    size = shutil.get_terminal_size()
    return OutputPager(command, size.columns, size.lines)
