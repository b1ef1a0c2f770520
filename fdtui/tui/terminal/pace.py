"""One frame in flight: a frame ends with a query, and the next waits until the terminal has answered.

Whatever lies between us and the screen (a pty, sshd, TCP, a modem) would queue up frames for seconds
while a key is held. The query is ``DSR 5`` ("are you all right?"): xterm, kitty, tmux, screen and the
Linux console answer it, and no key looks like the answer.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping

STATUS_QUERY = "\x1b[5n"
_ANSWER = re.compile(r"\x1b\[\??[03]n")

ANSWER_TIMEOUT = 2.0
"""Seconds that an answer may take, beside the time of the bytes before it."""
SLOWEST_LINK = 600
"""Bytes a second of the slowest link: 9,600 bit/s, and something else on it."""
STRIKES = 3
"""As many answers in a row that never came are the last that were waited for; or asked for at first."""
LAST_ANSWERS_TIMEOUT = 1.0
"""Seconds that the end of the program waits for answers, which would be typed into the shell."""


def can_be_asked(environment: Mapping[str, str]) -> bool:
    """Whether a terminal of this name takes a query for one."""
    return environment.get("TERM", "") not in {"", "dumb"}


class Pace:
    """Says when the next frame may go. The terminal's answers come from another thread.

    A terminal that has never answered is not waited for at all, and soon no longer asked; one that
    answers late is waited for from then on.
    """

    def __init__(
        self, answered: Callable[[], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``answered`` is called by the thread that hears an answer."""
        self._answered, self._clock = answered, clock
        self._news = threading.Condition()
        self._asked = self._heard = 0
        """Queries since the beginning, and answers."""
        self._frame = 0
        """The number of the query of the last frame."""
        self._deadline = 0.0
        self._has_answered = False
        self._strikes = 0

    @property
    def is_deaf(self) -> bool:
        """Whether asking is given up: the terminal never answered, or does no more."""
        return self._strikes >= STRIKES or (not self._has_answered and self._asked >= STRIKES)

    def begin(self) -> str:
        """Take a terminal, or take it back, with nothing under way; answers what to ask it at once."""
        with self._news:
            self._asked = self._heard = self._frame = 0
            if self._strikes >= STRIKES:
                return ""
            self._asked = 1
            return STATUS_QUERY

    def sent(self, size: int) -> str:
        """A frame of ``size`` bytes is sent; answers what to send right behind it."""
        with self._news:
            if self.is_deaf:
                return ""
            self._asked += 1
            self._frame = self._asked
            self._deadline = self._clock() + ANSWER_TIMEOUT + size / SLOWEST_LINK
            return STATUS_QUERY

    def wait(self) -> float:
        """Seconds after which the next frame may go at the latest; 0 for now."""
        with self._news:
            if not self._has_answered or self._heard >= self._frame or self._strikes >= STRIKES:
                return 0.0
            left = self._deadline - self._clock()
            if left > 0:
                return left
            self._strikes += 1
            self._heard = self._frame
            return 0.0

    def takes(self, sequence: str) -> bool:
        """Take an answer; false if it is none."""
        if not _ANSWER.fullmatch(sequence):
            return False
        with self._news:
            if self._heard < self._asked:
                self._heard += 1
                self._strikes = 0 if self._strikes < STRIKES else self._strikes
                self._has_answered = True
            self._news.notify_all()
        self._answered()
        return True

    def part(self, seconds: float = LAST_ANSWERS_TIMEOUT) -> bool:
        """Wait for the answers that are still to come; whether all have come."""
        with self._news:
            if not self._has_answered or self._strikes >= STRIKES:
                return False
            return self._news.wait_for(lambda: self._heard >= self._asked, seconds)
