"""The limit on guessing, with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from fdtui.server.http.auth import MAX_WRONG_KEYS, WRONG_KEYS_WINDOW, StoredKeys
from fdtui.server.refusal import RefusedError
from fdtui.server.store import Store, open_store


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    yield opened
    opened.close()


class Hand:
    """A clock's hand."""

    def __init__(self) -> None:
        self.now = datetime(2020, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def knock(door: StoredKeys, key: str, address: str = "10.0.0.1") -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        door.check([f"Bearer {key}"], address)
    return caught.value


def test_guesses_are_counted_by_address_and_forgotten(store: Store) -> None:
    clock = Hand()
    door = StoredKeys(store, clock)
    assert {knock(door, f"fd_0_{n}").status for n in range(MAX_WRONG_KEYS)} == {401}
    late = knock(door, "fd_0_x")
    assert (late.status, late.headers["Retry-After"]) == (429, "61")
    assert knock(door, "fd_0_x", "10.0.0.2").status == 401
    clock.now += WRONG_KEYS_WINDOW - timedelta(seconds=1)
    assert knock(door, "fd_0_x").headers["Retry-After"] == "2"
    clock.now += timedelta(seconds=1)
    assert knock(door, "fd_0_x").status == 401


def test_the_same_wrong_key_again_is_no_guess(store: Store) -> None:
    door = StoredKeys(store, Hand())
    assert {knock(door, "fd_0_same").status for _ in range(100)} == {401}


def test_memory_is_bounded(store: Store) -> None:
    door = StoredKeys(store, Hand())
    for number in range(1100):
        knock(door, "fd_0_x", f"10.0.{number // 256}.{number % 256}")
    assert len(door._guesses) == 1000
