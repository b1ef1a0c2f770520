"""The last rendered lists, so that an unchanged board costs no rendering."""

from __future__ import annotations

import threading
from collections import OrderedDict


class ListCache:
    """Rendered answers by entity tag, the oldest forgotten first; safe from several threads."""

    def __init__(self, limit: int = 64_000_000) -> None:
        self._limit = limit
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, tag: str) -> bytes | None:
        """The answer of that tag, if it is still there."""
        with self._lock:
            body = self._held.get(tag)
            if body is not None:
                self._held.move_to_end(tag)
            return body

    def put(self, tag: str, body: bytes) -> None:
        """Keep an answer, unless it would fill the cache alone."""
        with self._lock:
            if tag in self._held or len(body) > self._limit // 2:
                return
            self._held[tag] = body
            self._size += len(body)
            while self._size > self._limit:
                _, gone = self._held.popitem(last=False)
                self._size -= len(gone)
