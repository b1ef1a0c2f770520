"""How the program ends: by a signal, with a terminal that is gone, or with nobody who reads.

A signal ends a command in good order: what it had begun is cleared away, and the exit code is
128 + n. The board has its own way while it is on the screen (`fdtui.tui.terminal.app`).
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn, TextIO

from fdtui.launch import start
from fdtui.tui.terminal.last_resort import ENDING, end_at_last, hear_endings

HUNG_UP = 128 + 1
"""The exit code where the terminal is gone: that of SIGHUP, whether or not it came."""


def take_signals() -> None:
    """Let the signals end the program in good order; one that is ignored (``nohup``) stays so."""
    hear_endings(_end)


def _end(number: int, _: FrameType | None) -> NoReturn:
    end_at_last(128 + number, start.restore)
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)  # what ends is not interrupted; it has its time
    raise SystemExit(128 + number)


def is_hung_up(stream: TextIO, error: OSError) -> bool:
    """Whether ``error`` says of ``stream`` that its terminal is gone."""
    if error.errno != errno.EIO:
        return False
    try:
        return stat.S_ISCHR(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def let_go_of_streams() -> None:
    """Write what is still buffered; what nobody takes is dropped, and changes no exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            drop(stream)


def drop(stream: TextIO) -> None:
    """Send what ``stream`` still holds, and all that is written to it from now on, nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
