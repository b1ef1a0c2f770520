"""When to ask again: soon while the user acts, later after failures, seldom when nobody looks."""

from __future__ import annotations

from random import Random

UNFOCUSED_FACTOR = 6
"""How many times slower we ask while the terminal has lost the focus."""
IDLE_FACTOR = 2
"""How many times slower we ask a user's board that nothing was done on for `IDLE_AFTER` askings."""
IDLE_AFTER = 24
SOONEST_PART = 0.4
"""The part of the usual pause after which we ask at the soonest for a user who does something."""
MAX_FAILURE_PAUSE = 60.0
"""Seconds that a failing server is left alone at the most, unless it asks for more."""


DENIED_PAUSE = 180.0
"""Seconds between two askings whether a refused key is accepted now."""


class PollSchedule:
    """The seconds to wait, by what happened. Jitter keeps many clients from asking in step."""

    def __init__(self, every: float, random: Random) -> None:
        self._every, self._random = every, random
        self._failures = 0
        self._seen = self._is_well = True
        self._quiet = 0
        """Askings that went well since the user did something."""

    @property
    def is_focused(self) -> bool:
        """Whether the terminal has the focus."""
        return self._seen

    def act(self) -> None:
        """The user does something."""
        self._quiet = 0

    def soonest(self, seconds: float) -> float:
        """The part of a pause of ``seconds`` that has to pass whatever the user does."""
        return min(seconds, self._every * SOONEST_PART) if self._is_well else seconds

    def set_focused(self, focused: bool) -> None:
        """Whether the terminal has the focus."""
        self._seen = focused

    def after_success(self) -> float:
        """The seconds until the next asking when the last one went well."""
        self._failures, self._is_well = 0, True
        self._quiet += 1
        slow = IDLE_FACTOR if self._quiet > IDLE_AFTER else 1
        if not self._seen:
            slow = UNFOCUSED_FACTOR
        return self._every * slow * self._random.uniform(0.9, 1.1)

    def after_failure(self, retry_after: float | None) -> float:
        """The seconds until the next asking when the last one failed."""
        self._failures += 1
        self._is_well = False
        return self.pause(self._failures, retry_after)

    def after_denial(self) -> float:
        """The seconds until the next asking when the key was refused."""
        self._is_well = False
        return DENIED_PAUSE * self._random.uniform(0.9, 1.1)

    def pause(self, attempt: int, retry_after: float | None) -> float:
        """Exponential with jitter from 1 s up; never sooner than the server asks for."""
        seconds = min(MAX_FAILURE_PAUSE, 2.0 ** min(attempt - 1, 10))
        wait = self._random.uniform(seconds / 2, seconds)
        return wait if retry_after is None else max(wait, retry_after * self._random.uniform(1, 1.1))
