"""Paths and queries as bytes."""

from __future__ import annotations

import pytest

from fdtui.server.http.address import pairs, segments
from fdtui.server.refusal import RefusedError


def test_segments_are_split_before_they_are_decoded() -> None:
    assert segments(b"/a/b%2Fc/d%252Fe/%C3%A9") == ("a", "b/c", "d%2Fe", "é")
    assert segments(b"/a//b/") == ("a", "", "b", "")


@pytest.mark.parametrize("path", [b"/%", b"/%2", b"/%zz", b"/%ff", b"/%c3"])
def test_no_guessing(path: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        segments(path)
    assert caught.value.status == 400


def test_a_query_is_decoded_into_pairs() -> None:
    assert pairs(b"Assigned%20To=&Stage=Not+Started&&x") == [
        ("Assigned To", ""),
        ("Stage", "Not Started"),
        ("x", ""),
    ]
    assert pairs(b"a=b=c;d") == [("a", "b=c;d")]
    with pytest.raises(RefusedError, match="'Stage' stands 2 times"):
        pairs(b"Stage=a&St%61ge=b")
