"""A terminal at the far end of a slow link: it has a rate, and each way takes its time."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Mapping, Sequence

from tests.bench.watch import Watched

STEP = 0.02
"""Seconds of the link's bytes that are read at once."""


class Far(Watched):
    """A program on the other side of ``rate`` bytes a second and ``rtt`` seconds there and back.

    What the program writes faster waits where it does in earnest: in its pseudo-terminal and in itself.
    """

    def __init__(
        self,
        argv: Sequence[str],
        rate: float,
        rtt: float,
        *,
        draws: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """With ``draws`` what comes is kept as a picture in ``vt``, too."""
        self._rate, self._way, self._draws = rate, rtt / 2, draws
        self._typed = deque[tuple[float, bytes]]()
        self._coming = deque[tuple[float, bytes]]()
        self._free = 0.0
        super().__init__(argv, environ=environ)

    def write(self, data: bytes) -> None:
        """Type bytes, which are there half a round trip later."""
        self._typed.append((time.monotonic() + self._way, data))

    def read(self, seconds: float) -> bool:
        """Take what arrives within the time; whether anything did."""
        deadline = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            while self._typed and self._typed[0][0] <= now:
                super().write(self._typed.popleft()[1])
            if self._coming and self._coming[0][0] <= now:
                self._arrive(self._coming.popleft()[1])
                return True
            if now >= deadline:
                return False
            self._carry(now, deadline)

    def _arrive(self, data: bytes) -> None:
        self.heard = time.monotonic()
        self.output += data
        if self._draws:
            self.vt.feed(data)  # which answers, too
        else:
            self._take(data)

    def _carry(self, now: float, deadline: float) -> None:
        """Let the link take its next bytes, or wait until something is due."""
        due = [each[0][0] for each in (self._typed, self._coming) if each]
        until = max(0.0, min([deadline, *due]) - now)
        if self._free > now:
            time.sleep(min(until, self._free - now))
            return
        ready, _, _ = select.select([self._fd], [], [], until)
        if not ready:
            return
        try:
            data = os.read(self._fd, max(1, round(self._rate * STEP)))
        except OSError:
            return
        self._free = time.monotonic() + len(data) / self._rate
        self._coming.append((self._free + self._way, data))
