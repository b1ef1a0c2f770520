"""Answers of the terminal to what it was asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from fdtui.tui.terminal.graphics import ANSWER, DEVICE_ANSWER

REPLY_TIMEOUT = 2.0
"""Seconds that a terminal may take to answer; over a slow link its answer is a round trip away."""


class Replies:
    """Listens to the reading thread; asked from the event loop, one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard = ""
        self._answered: Callable[[], object] | None = None

    async def ask(self, write: Callable[[], object], patience: float = REPLY_TIMEOUT) -> str:
        """What the terminal answers to what ``write`` sends it, all together; empty if it is silent."""
        loop, answered = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._heard = ""
            self._answered = lambda: loop.call_soon_threadsafe(answered.set)
        write()
        try:
            await asyncio.wait_for(answered.wait(), patience)
        except TimeoutError:
            return ""
        finally:
            with self._lock:
                self._answered = None
        return self._heard

    def takes(self, sequence: str) -> bool:
        """Keep a whole sequence if it is one of the answers; false if it is none."""
        if not ANSWER.fullmatch(sequence):
            return False
        with self._lock:
            self._heard = (self._heard + sequence)[-4096:]
            if self._answered is not None and DEVICE_ANSWER.search(sequence):
                self._answered()
        return True
