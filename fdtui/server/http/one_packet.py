"""A connection that sends the head of an answer with its body: a packet costs as much as a query."""

from __future__ import annotations

import asyncio
from typing import Any

MAX_JOINED = 65_536
"""Bytes of a body that are copied behind the head; more go on their own."""
_ONLY_A_HINT = b"HTTP/1.1 1"
"""How an answer begins that is none yet (100), and for which the other end waits."""


class OnePacket:
    """What `transport` is, but `write` after `begin` waits for the next `write`, or the end."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._begins = False
        self._head = b""

    def begin(self) -> None:
        """The next that is written is the head of an answer."""
        self._begins = True

    def write(self, data: bytes) -> None:
        """Send, or keep the head until its body comes."""
        if self._begins and data and not data.startswith(_ONLY_A_HINT):
            self._begins, self._head = False, data
            return
        if self._head and len(data) <= MAX_JOINED:
            head, self._head = self._head, b""
            self._transport.write(head + data)
            return
        self.flush()
        if data:
            self._transport.write(data)

    def flush(self) -> None:
        """Send what was kept."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def write_eof(self) -> None:
        """Send what was kept, and say that nothing more comes."""
        self.flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Send what was kept, and close."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
