"""Answers of the terminal, picked out of what is typed."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable

from fdtui.tui.graphics import ANSWER, LAST

PATIENCE = 2.0
"""Seconds that a terminal may take to answer; over a slow link its answer is a round trip away."""
_LATE = 10.0
"""Seconds in which what looks like half of an answer is kept for its other half."""
_HALF = re.compile(r"\x1b(?:\[\??[\d;]{0,64}|[_P][^\x1b]{0,512}\x1b?)$")
_HELD = 0.3
"""Seconds that a half is kept: then it was a key after all."""


class Ear:
    """Listens to the reading thread; asked from the event loop, one question at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._asked = -_LATE
        self._heard, self._half, self._since = "", "", 0.0
        self._answered: Callable[[], object] | None = None

    async def ask(self, write: Callable[[], object], patience: float = PATIENCE) -> str:
        """What the terminal answers to what ``write`` sends it, all together; empty if it is silent."""
        loop, answered = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._asked, self._heard = self._clock(), ""
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

    def take(self, data: str) -> str:
        """What is left of ``data`` for the keys."""
        with self._lock:
            data, self._half = self._half + data, ""
            if "\x1b" not in data:
                return data
            answers = "".join(ANSWER.findall(data))
            self._heard = (self._heard + answers)[-4096:]
            data = ANSWER.sub("", data)
            if self._answered is not None and LAST.search(answers):
                self._answered()
            half = _HALF.search(data)
            if half and self._clock() - self._asked < _LATE:
                self._half, self._since = half[0], self._clock()
                return data[: half.start()]
            return data

    @property
    def is_holding(self) -> bool:
        """Whether there is half of an answer."""
        return bool(self._half)

    def release(self) -> str:
        """The half of an answer that never became one."""
        with self._lock:
            if not self._half or self._clock() - self._since < _HELD:
                return ""
            half, self._half = self._half, ""
            return half
