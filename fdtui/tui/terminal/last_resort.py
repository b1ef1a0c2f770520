"""The end of a program that was asked to end, whatever holds it up: a network, a thread, a terminal."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

LAST_RESORT = 2.0
"""Seconds that an orderly end may take once a signal has asked for one, or the terminal is gone."""


THREADS_TIMEOUT = 5.0
"""Seconds that threads may still work once the user has quit and the terminal is given back."""


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
