"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgres as wheel


@pytest.fixture(scope="session")
def postgres() -> Iterator[wheel.Postgres]:
    """A real PostgreSQL; skips where the wheel has none for this machine."""
    try:
        server = wheel.start()
    except Exception as error:  # noqa: BLE001 - whatever it is, the tests that need none go on
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    yield server
    server.stop()
