"""A look at a file without keeping it: its first bytes, or all of a small one, and its hash."""

from __future__ import annotations

import hashlib

from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.sync.gateway import Gateway

FIRST = 64 * 1024
"""Bytes of a text that are worth showing."""
FETCHED_WHOLE_BELOW = 10_000_000
"""Bytes up to which a file is fetched whole for its hash, its picture or a copy."""


@frozen
class Peek:
    """What was seen of a file."""

    data: bytes
    size: int | None
    """``None`` where the server did not say and not all was fetched."""
    digest: str = ""
    """SHA-256, where all of it was fetched."""

    @property
    def is_whole(self) -> bool:
        """Whether `data` is all of it."""
        return self.size == len(self.data)


class _EnoughError(FdtuiError):
    """More is not needed; ends the download."""


class _PeekSink:
    def __init__(self, most: int) -> None:
        self.most, self.total = most, -1
        self.data, self.hash = bytearray(), hashlib.sha256()

    async def begin(self, total: int | None) -> None:
        self.total = -1 if total is None else total

    async def write(self, data: bytes) -> None:
        self.data += data
        self.hash.update(data)
        if len(self.data) > self.most:
            raise _EnoughError("Enough.")


async def peek(gateway: Gateway, blob: str, *, most: int = FETCHED_WHOLE_BELOW) -> Peek:
    """The file's first ``most`` bytes, all where it has no more; raises `ApiError`."""
    sink = _PeekSink(most)
    try:
        await gateway.download(blob, sink)
    except _EnoughError:
        size = None if sink.total < 0 else sink.total
        return Peek(bytes(sink.data[:most]), size)
    return Peek(bytes(sink.data), len(sink.data), sink.hash.hexdigest())
