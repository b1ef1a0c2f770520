"""When to come back: time, backing off, and the gate that 429 shuts."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from fdtui.core.frozen import frozen
from fdtui.waits import WakeableSleep


@frozen
class Timing:
    """Time, sleep and chance, so that a test can hold all three."""

    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    chance: Callable[[], float] = random.random


def backoff(attempt: int, chance: float, *, base: float = 0.5, cap: float = 8.0) -> float:
    """Seconds before the try after the ``attempt``-th: exponential, with full jitter.

    Full jitter, because many clients that lost one server would otherwise all return at once.
    """
    return chance * min(cap, base * 2.0 ** min(attempt - 1, 16))


def retry_after(header: str, date: str, now: float) -> float | None:
    """The seconds that ``Retry-After`` asks for; ``None`` for none, nonsense or the past.

    A date is held against the answer's own ``Date``, for the two clocks may differ by hours.
    """
    text = header.strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text)
    until = _timestamp(text)
    if until is None:
        return None
    said = _timestamp(date)
    wait = until - (now if said is None else said)
    return wait if wait > 0 else None


def _timestamp(text: str) -> float | None:
    try:
        moment: datetime = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


class Gate:
    """Shut by a 429; nothing leaves before it opens again, or the user will not wait."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._wakeable = WakeableSleep(timing.sleep)
        self._opens = float("-inf")
        self._in_a_row = 0

    def shut(self, seconds: float | None) -> None:
        """Stay shut for ``seconds`` and never less; without a number, longer each time."""
        self._in_a_row += 1
        chance = self._timing.chance()
        if seconds is None:
            wait = backoff(self._in_a_row, chance, base=1.0, cap=60.0)
        else:
            # Jitter upwards only: early is forbidden, all at once is unkind.
            wait = seconds * (1 + 0.05 * chance)
        self._opens = max(self._opens, self._timing.clock() + wait)

    def open(self) -> None:
        """Let everything out now, also what rests between two tries."""
        self._opens = float("-inf")
        self._wakeable.wake()

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until `open`."""
        await self._wakeable.sleep(seconds)

    def passed(self) -> None:
        """An answer other than 429 came: the next one counts as the first again."""
        self._in_a_row = 0

    def remaining(self) -> float:
        """Seconds until it opens; zero or less when it is open."""
        return self._opens - self._timing.clock()
