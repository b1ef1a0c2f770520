"""How long a connection may take to say what it wants, whose it may be, and how many one may have.

uvicorn waits for ever for the rest of a header; a thousand clients that send a byte now and then would
keep a thousand connections.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import struct
import time
from email.utils import formatdate
from functools import lru_cache

from uvicorn.protocols.http.h11_impl import H11Protocol

from fdtui.server.http.feed import ABORT
from fdtui.server.http.one_packet import OnePacket

MAX_CONNECTIONS = 1000
"""Open connections."""
MAX_CONNECTIONS_OF_ONE_ADDRESS = 250
"""Open connections of one address, so that it cannot take all; a proxy's are everybody's."""
MAX_HEADERS = 131_072
"""Bytes of a request's line and headers that are looked at before they are refused unread."""
_PROXY_BESIDE_US = "127.0.0.1"
_REFUSAL_LINGER = 1.0
"""Seconds that a refused client may go on talking: a connection closed under its words loses ours."""


class SlowClientGuard(H11Protocol):
    """A connection that is closed when a request's header takes more than `header_seconds`."""

    header_seconds = 10.0
    place = ""
    """Whose connection it is, as far as connections are counted."""
    is_for_others = False
    """Whether other users may come in by a unix socket: its mode is what keeps them out."""
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock, or refuse."""
        self._packets = OnePacket(transport)
        super().connection_made(self._packets)  # type: ignore[arg-type]
        self._waiting: asyncio.TimerHandle | None = None
        if self.client is None and self.config.proxy_headers:
            self.client = (_PROXY_BESIDE_US, 0)  # who may open our socket is as trusted as this machine
        self.place = _place(self.client[0]) if self.client and not self.config.proxy_headers else ""
        served = [each for each in self.connections if not each._refused]  # type: ignore[union-attr]
        same = [each for each in self.connections if self.place and each.place == self.place]  # type: ignore[union-attr]
        if (
            not (self.is_for_others or _is_ours(transport.get_extra_info("socket")))
            or len(same) > 2 * MAX_CONNECTIONS_OF_ONE_ADDRESS
        ):
            transport.abort()
        elif sum(not each._refused for each in same) > MAX_CONNECTIONS_OF_ONE_ADDRESS:  # type: ignore[union-attr]
            self._refuse(b"429 Too Many Requests", "This address has too many connections.", b"1")
        elif len(served) > MAX_CONNECTIONS:
            self._refuse(b"503 Service Unavailable", "The server has too many connections.", b"1")
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Mind the clock while a header is incomplete."""
        if self._refused:
            return
        self._date()
        before = self.cycle
        if before is None or before.response_complete:
            self._packets.begin()
        super().data_received(data)
        self._offer_abort()
        if self.cycle is not before or (self.cycle is not None and not self.cycle.response_complete):
            self._go_on()
        elif self._waiting is None and not self._refused and not self.transport.is_closing():
            self._wait()

    def _date(self) -> None:
        """Let answers say what time it is: the server sleeps between two requests."""
        date = _date_header(int(time.time()))
        if self.server_state.default_headers[:1] != [date]:
            self.server_state.default_headers = [date, *self.config.encoded_headers]

    def on_response_complete(self) -> None:
        """Start the clock where the next request has begun already."""
        self._packets.flush()
        self._packets.begin()
        super().on_response_complete()
        self._offer_abort()
        if self.cycle.response_complete and self.conn.trailing_data[0] and self._waiting is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._go_on()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with 431 where it was too long."""
        if len(self.conn.trailing_data[0]) > (self.config.h11_max_incomplete_event_size or 16_384):
            self._refuse(b"431 Request Header Fields Too Large", "The header is too long.")
        else:
            self._refuse(b"400 Bad Request", "This is not a proper HTTP request.")

    def _offer_abort(self) -> None:
        """Let a request under way cut its own connection: its reader may be too slow for it."""
        if self.cycle is not None:
            self.cycle.scope.setdefault(ABORT, self.transport.abort)  # type: ignore[misc]

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
        self._waiting = self.loop.call_later(_REFUSAL_LINGER, self.transport.close)


class SharedSocketGuard(SlowClientGuard):
    """The same on a unix socket that other users may open."""

    is_for_others = True


@lru_cache(maxsize=1)
def _date_header(seconds: int) -> tuple[bytes, bytes]:
    return b"date", formatdate(seconds, usegmt=True).encode()


def _place(address: str) -> str:
    """The part of an address that one party has to itself: an IPv6 network gives it many."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _is_ours(connected: socket.socket | None) -> bool:
    """Whether the other end is this user (or root); known of unix sockets on Linux alone."""
    if connected is None or connected.family != socket.AF_UNIX or not hasattr(socket, "SO_PEERCRED"):
        return True
    told = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", told)[1] in (os.geteuid(), 0)
