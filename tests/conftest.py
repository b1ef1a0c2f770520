"""What all tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests import postgres as wheel

# What a shell starts in the background ignores the first two, what `nohup` starts the third, and so does
# all that these start: the programs that the tests end would not hear of it.
for _number, _handler in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGQUIT, signal.SIG_DFL),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)


def pytest_xdist_auto_num_workers() -> int:
    """One more than the cores: half of the suite's time is spent waiting for programs and servers."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[wheel.Postgres]:
    """A real PostgreSQL; skips where the wheel has none for this machine."""
    try:
        server = wheel.start()
    except Exception as error:  # noqa: BLE001 - whatever it is, the tests that need none go on
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    yield server
    server.stop()
