"""How much one key may ask and send: more is refused with the time to wait.

What was used up comes back evenly, so a key may spend all at once and then goes on at its pace. Each
process counts for itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fdtui.server.refusal import RefusedError

MINUTE, HOUR = 60.0, 3600.0


@dataclass
class _Allowance:
    """What each key may have in a stretch of time."""

    much: float
    seconds: float
    spent: dict[str, float] = field(default_factory=dict)
    """When each key will have everything again."""

    def wait(self, key: str, amount: float, now: float) -> float:
        """Seconds until ``key`` may have ``amount``; with 0 it has taken it."""
        free = max(self.spent.get(key, now), now) + amount / self.much * self.seconds
        # Whoever wants more than there ever is gets it when nothing is spent, and pays it off.
        late = min(free - now - self.seconds, self.spent.get(key, now) - now)
        if late > 0:
            return late
        self.spent[key] = free
        return 0


class KeyLimits:
    """``requests`` a minute and ``sent`` bytes an hour for each key; ``None`` is no limit."""

    def __init__(
        self,
        *,
        requests: int | None = None,
        sent: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = None if requests is None else _Allowance(requests, MINUTE)
        self._sent = None if sent is None else _Allowance(sent, HOUR)
        self._clock, self._lock = clock, threading.Lock()

    def admit(self, key: str, size: int) -> None:
        """Count a request with a body of ``size`` bytes; raises `RefusedError`."""
        self._take(self._requests, key, 1, "This key has asked too often.")
        if size:
            self.sent(key, size)

    def sent(self, key: str, size: int) -> None:
        """Count bytes that came in for a key; raises `RefusedError`."""
        self._take(self._sent, key, size, "This key has sent too much.")

    def _take(self, allowance: _Allowance | None, key: str, amount: int, says: str) -> None:
        if allowance is None:
            return
        with self._lock:
            wait = allowance.wait(key, amount, self._clock())
        if wait > 0:
            raise RefusedError(says, status=429, headers={"Retry-After": str(math.ceil(wait))})
