"""The end of a program that was asked to end, whatever holds it up: a network, a thread, a terminal."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
    if hasattr(signal, name)  # Windows has two of them
)
"""The signals that ask the program to end."""

LAST_RESORT = 2.0
"""Seconds that an orderly end may take once a signal has asked for one, or the terminal is gone."""

THREADS_TIMEOUT = 5.0
"""Seconds that threads may still work once the user has quit and the terminal is given back."""


def hear_endings(heard: Callable[[int, FrameType | None], object]) -> dict[int, Any]:
    """Let ``heard`` hear the signals that ask for the end, and tell who heard them before.

    One that is ignored stays so, as `nohup` asks for.
    """
    before = {}
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(ValueError):  # not in the main thread
                before[number] = signal.signal(number, heard)
    return before


def end_at_last(
    code: int, before: Callable[[], object] = lambda: None, *, seconds: float = LAST_RESORT
) -> threading.Timer:
    """End the program with ``code`` after ``seconds``, if it has not ended by itself.

    ``before`` is called then; it must not block. A thread does it, because what hangs may be the loop;
    ``cancel`` of what is answered calls it off.
    """

    def end() -> None:
        before()
        os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True  # an orderly end does not wait for it
    timer.start()
    return timer
