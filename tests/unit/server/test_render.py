"""Money."""

from __future__ import annotations

import pytest

from fdtui.core.schema import Field
from fdtui.core.values import Value
from fdtui.server.render import shown


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("10000", "10000.00"),
        ("10000.5", "10000.50"),
        ("0.123", "0.12"),
        ("10000.005", "10000.01"),
        ("1e3", "1000.00"),
        ("1" + "0" * 40, "1" + "0" * 40 + ".00"),
        ("-0", "0.00"),
        (None, None),
        ("what is no number stays", "what is no number stays"),
    ],
)
def test_a_currency_is_answered_with_two_places(stored: Value, read: Value) -> None:
    assert shown(Field("Price", "currency"), stored) == read
