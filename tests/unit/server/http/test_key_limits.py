"""A limit for each key: all at once, then at its pace; how long to wait is told."""

from __future__ import annotations

import pytest

from fdtui.server.http.key_limits import KeyLimits
from fdtui.server.refusal import RefusedError


class Hand:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def wait(limits: KeyLimits, key: str, size: int = 0) -> int:
    """Seconds until it may go on; 0 where it was let in."""
    try:
        limits.admit(key, size)
    except RefusedError as error:
        assert error.status == 429
        return int(error.headers["Retry-After"])
    return 0


def test_requests_come_back_evenly() -> None:
    hand = Hand()
    limits = KeyLimits(requests=6, clock=hand)
    assert [wait(limits, "ada") for _ in range(8)] == [0, 0, 0, 0, 0, 0, 10, 10]
    assert wait(limits, "bob") == 0
    hand.now += 9.5
    assert wait(limits, "ada") == 1
    hand.now += 0.5
    assert wait(limits, "ada") == 0
    assert wait(limits, "ada") == 10
    hand.now += 3600
    assert [wait(limits, "ada") for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]


@pytest.mark.parametrize("size", [1000, 2500])
def test_more_than_an_hour_may_bring_is_paid_off(size: int) -> None:
    hand = Hand()
    limits = KeyLimits(sent=1000, clock=hand)
    assert wait(limits, "ada", size) == 0
    seconds = wait(limits, "ada", 1)
    assert seconds > 0
    hand.now += seconds
    assert wait(limits, "ada", 1) == 0
    assert wait(limits, "ada") == 0


def test_bytes_that_are_too_many_take_nothing_more() -> None:
    hand = Hand()
    limits = KeyLimits(sent=1000, clock=hand)
    assert wait(limits, "ada", 900) == 0
    assert wait(limits, "ada", 200) == 360
    assert wait(limits, "ada", 100) == 0
