"""Money."""

from __future__ import annotations

import pytest

from fdtui.core.values import Value
from fdtui.server.render import money


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("10000", "10000.00"),
        ("10000.5", "10000.50"),
        ("0.123", "0.123"),
        ("1e3", "1000.00"),
        ("1" + "0" * 40, "1" + "0" * 40 + ".00"),
        ("-0", "-0.00"),
        (None, None),
        ("what is no number stays", "what is no number stays"),
    ],
)
def test_money(stored: Value, read: Value) -> None:
    assert money(stored) == read
