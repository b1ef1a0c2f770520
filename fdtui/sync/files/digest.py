"""The hash of a file on the server, by which it is known again after a lost answer."""

from __future__ import annotations

import hashlib

from fdtui.sync.gateway import Gateway


class _DigestSink:
    """Only the hash of what comes."""

    def __init__(self) -> None:
        self.of = hashlib.sha256()

    async def begin(self, total: int | None) -> None:
        """Nothing has to be prepared."""

    async def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self.of.update(data)


async def digest_of(gateway: Gateway, blob: str) -> str:
    """SHA-256 of a file's bytes; raises `FdtuiError`."""
    sink = _DigestSink()
    await gateway.download(blob, sink)
    return sink.of.hexdigest()
