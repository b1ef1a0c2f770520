"""The cache of rendered lists."""

from __future__ import annotations

from fdtui.server.http.list_cache import ListCache


def test_the_oldest_goes_first() -> None:
    cache = ListCache(limit=10)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    assert cache.get("a") == b"1234"
    cache.put("c", b"1234")
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (b"1234", None, b"1234")


def test_what_would_fill_it_alone_is_not_kept() -> None:
    cache = ListCache(limit=10)
    cache.put("a", b"123456")
    assert cache.get("a") is None
