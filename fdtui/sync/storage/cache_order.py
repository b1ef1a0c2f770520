"""Numbers that keep a list in order, so that a task that moves in it changes few of them. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

STEP = 1 << 20
"""Between two neighbours of a list that is numbered from the start."""


def places(keys: Iterable[str], known: Mapping[str, int]) -> dict[str, int]:
    """A rising number for each key; those ``known`` keep theirs as far as that is possible.

    What stands between two that keep theirs gets numbers between them; where there is no room left
    the whole list is numbered from the start.
    """
    ordered = list(keys)
    staying = _rising([known.get(key) for key in ordered])
    found: dict[str, int] = {}
    waiting: list[str] = []
    below = 0
    for key, stays in zip(ordered, staying, strict=True):
        if not stays:
            waiting.append(key)
            continue
        if not _between(waiting, below, known[key], found):
            return {each: (at + 1) * STEP for at, each in enumerate(ordered)}
        found[key] = below = known[key]
        waiting = []
    found |= {key: below + (at + 1) * STEP for at, key in enumerate(waiting)}
    return found


def _between(keys: list[str], low: int, high: int, found: dict[str, int]) -> bool:
    step = (high - low) // (len(keys) + 1)
    if keys and step < 1:
        return False
    found |= {key: low + (at + 1) * step for at, key in enumerate(keys)}
    return True


def _rising(numbers: list[int | None]) -> list[bool]:
    """Which of the numbers make the longest rising row; ``None`` never does."""
    rising, last = True, 0
    for number in numbers:
        if number is not None:
            rising, last = rising and number > last, number
    if rising:
        return [number is not None for number in numbers]
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = [-1] * len(numbers)
    for index, number in enumerate(numbers):
        if number is None or number <= 0:
            continue
        length = bisect_left(ends, number)
        before[index] = at[length - 1] if length else -1
        if length == len(ends):
            ends.append(number)
            at.append(index)
        else:
            ends[length], at[length] = number, index
    staying = [False] * len(numbers)
    index = at[-1] if at else -1
    while index >= 0:
        staying[index] = True
        index = before[index]
    return staying
