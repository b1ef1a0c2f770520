"""How long a connection may take to say what it wants, and whose it may be.

uvicorn waits for ever for the rest of a header; a thousand clients that send a byte now and then would
keep a thousand connections.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 1000
"""Open connections."""
MAX_HEADERS = 131_072
"""Bytes of a request's line and headers that are looked at before they are refused unread."""
_LINGER = 1.0
"""Seconds that a refused client may go on talking: a connection closed under its words loses ours."""


class PatientProtocol(H11Protocol):
    """A connection that is closed when a request's header takes more than `header_seconds`."""

    header_seconds = 10.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock, or refuse."""
        super().connection_made(transport)
        self._waiting: asyncio.TimerHandle | None = None
        self._refused = False
        if not _is_ours(transport.get_extra_info("socket")):
            transport.abort()
        elif len(self.connections) > MOST:
            self._refuse(b"503 Service Unavailable", "The server has too many connections.", b"1")
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Mind the clock while a header is incomplete."""
        if self._refused:
            return
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before or (self.cycle is not None and not self.cycle.response_complete):
            self._go_on()
        elif self._waiting is None and not self._refused and not self.transport.is_closing():
            self._wait()

    def on_response_complete(self) -> None:
        """Start the clock where the next request has begun already."""
        super().on_response_complete()
        if self.cycle.response_complete and self.conn.trailing_data[0] and self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._go_on()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with 431 where it was too long to tell."""
        if len(self.conn.trailing_data[0]) > (self.config.h11_max_incomplete_event_size or 16_384):
            self._refuse(b"431 Request Header Fields Too Large", "The header is too long.")
        else:
            self._refuse(b"400 Bad Request", "This is no proper HTTP request.")

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.header_seconds, self._give_up)

    def _go_on(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._refuse(b"408 Request Timeout", "The request came too slowly.")

    def _refuse(self, status: bytes, sentence: str, retry_after: bytes = b"") -> None:
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        body = b'{"errors":["%s"]}' % sentence.encode()
        head = [b"HTTP/1.1 " + status, b"Content-Type: application/json", b"Connection: close"]
        head += [b"Content-Length: %d" % len(body)]
        head += [b"Retry-After: " + retry_after] if retry_after else []
        self.transport.write(b"\r\n".join([*head, b"", body]))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._waiting = self.loop.call_later(_LINGER, self.transport.close)


def _is_ours(connected: socket.socket | None) -> bool:
    """Whether the other end is this user (or root); known of unix sockets on Linux alone."""
    if connected is None or connected.family != socket.AF_UNIX or not hasattr(socket, "SO_PEERCRED"):
        return True
    told = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", told)[1] in (os.geteuid(), 0)
