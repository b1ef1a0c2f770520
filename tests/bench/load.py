"""Sends the same few requests over and over on kept connections, as cheaply as can be."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence


class _Connection(asyncio.Protocol):
    """One client: a request, its whole answer, the next request."""

    def __init__(
        self, requests: itertools.cycle[bytes], end: float, closed: asyncio.Future[None]
    ) -> None:
        self._requests, self._end, self._closed = requests, end, closed
        self._buffer = b""
        self.done = 0
        self.slowest = self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head, parted, body = self._buffer.partition(b"\r\n\r\n")
        if not parted:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(body) < int(head[at : head.find(b"\r\n", at) if b"\r\n" in head[at:] else None]):
            return
        assert head.startswith(b"HTTP/1.1 20"), head
        self._buffer = b""
        self.done += 1
        now = time.perf_counter()
        self.slowest = max(self.slowest, now - self._sent)
        if now < self._end:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if error is None:
            self._closed.set_result(None)
        else:
            self._closed.set_exception(error)


async def _run(url: str, requests: Sequence[bytes], clients: int, seconds: float) -> float:
    loop = asyncio.get_running_loop()
    host, _, port = url.removeprefix("http://").rpartition(":")
    start, several = time.perf_counter(), []
    for number in range(clients):
        first = number * (len(requests) // clients)
        mine = itertools.cycle([*requests[first:], *requests[:first]])
        closed: asyncio.Future[None] = loop.create_future()
        _, connection = await loop.create_connection(
            lambda mine=mine, closed=closed: _Connection(mine, start + seconds, closed),  # type: ignore[misc]
            host,
            int(port),
        )
        several.append((connection, closed))
    for _, closed in several:
        await closed
    return sum(connection.done for connection, _ in several) / (time.perf_counter() - start)


def rate(url: str, requests: Sequence[bytes], *, clients: int, seconds: float) -> float:
    """Answers per second; every answer must be a 2xx with a length."""
    return asyncio.run(_run(url, requests, clients, seconds))


def request(method: str, path: str, key: str = "", body: bytes = b"") -> bytes:
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key or 'none'}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
