"""When to ask again: soon while all is well, later after failures, seldom when nobody looks."""

from __future__ import annotations

from random import Random

UNSEEN = 6
"""How many times slower we ask while the terminal has lost the focus."""
CEILING = 60.0
"""Seconds that a failing server is left alone at the most, unless it asks for more."""


class Pace:
    """The seconds to wait, by what happened. Jitter keeps many clients from asking in step."""

    def __init__(self, every: float, random: Random) -> None:
        self._every, self._random = every, random
        self._failures = 0
        self._seen = True

    def attend(self, seen: bool) -> None:
        """Whether somebody looks."""
        self._seen = seen

    def after_success(self) -> float:
        """The seconds until the next asking when the last one went well."""
        self._failures = 0
        slow = 1 if self._seen else UNSEEN
        return self._every * slow * self._random.uniform(0.9, 1.1)

    def after_failure(self, retry_after: float | None) -> float:
        """The seconds until the next asking when the last one failed."""
        self._failures += 1
        return self.pause(self._failures, retry_after)

    def pause(self, attempt: int, retry_after: float | None) -> float:
        """Exponential with jitter from 1 s up; never sooner than the server asks for."""
        seconds = min(CEILING, 2.0 ** min(attempt - 1, 10))
        wait = self._random.uniform(seconds / 2, seconds)
        return wait if retry_after is None else max(wait, retry_after * self._random.uniform(1, 1.1))
