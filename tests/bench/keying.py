"""A key pressed over and over, and where the time of each went: to the program, or to the machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.watch import Watched

PACE = 0.06
"""Seconds from one key to the next."""
FRAME_END = b"\x1b[?2026l"


class Press(NamedTuple):
    """One key; all in seconds."""

    at: float
    """From the first key on."""
    took: float
    """From writing the key to the last byte of its repaint."""
    worked: float
    """What the program's loop worked meanwhile."""
    waited: float
    """What it was ready to work and somebody else had the core."""

    @property
    def ours(self) -> float:
        """What it took without the machine's part."""
        return self.took - self.waited


def press(program: Watched, key: str, words: Sequence[bytes], began: float) -> Press:
    """Press a key whose repaint holds all of ``words``, which no other repaint does."""
    program.forget()
    worked, waited = spent(program.pid)
    pressed = time.monotonic()
    program.press(key)
    while not _has(program, words):
        program.read(0.5)
        assert time.monotonic() < pressed + 10, f"{key} does nothing: {program.text[-500:]!r}"
    took = program.heard - pressed
    works, waits = spent(program.pid)
    return Press(pressed - began, took, works - worked, waits - waited)


def _has(program: Watched, words: Sequence[bytes]) -> bool:
    """Whether the frame with ``words`` is whole."""
    if not program.output.endswith(FRAME_END):
        return False
    text = program.text
    return all(each in text for each in words)


def spent(pid: int) -> tuple[float, float]:
    """CPU seconds of a process's main thread, and its seconds in the queue for a core."""
    worked, waited, _ = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()
    return int(worked) / 1e9, int(waited) / 1e9


def press_until(
    program: Watched, words: Sequence[bytes], is_over: Callable[[], bool], pace: float = PACE
) -> list[Press]:
    """``j`` and ``k`` in turns, every ``pace`` seconds, until it is over."""
    taken, began = list[Press](), time.monotonic()
    while not is_over():
        for key in "jk":
            start = time.monotonic()
            taken.append(press(program, key, words, began))
            while (left := start + pace - time.monotonic()) > 0:
                program.read(left)
    return taken


def high(values: Sequence[float], share: float = 0.99) -> float:
    """The value that ``share`` of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def summary(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, p99 and worst, in ms of values in seconds."""
    return statistics.median(values) * 1000, high(values) * 1000, max(values) * 1000
