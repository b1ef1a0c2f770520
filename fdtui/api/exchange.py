"""A request on its way, and the record of it for whoever keeps a log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fdtui.api.flow import Flow, narrow
from fdtui.core.frozen import frozen
from fdtui.core.transfer import Outgoing, Sink

MAX_RECORDED_BODY = 4_096
"""Bytes of a request's body that its record keeps."""


@frozen
class Exchange:
    """One request and what became of it, for whoever keeps a log; the key is never in it."""

    method: str
    path: str
    status: int
    """0 where no answer came."""
    seconds: float
    received: int
    """Bytes of the unpacked answer."""
    problem: str = ""
    """What went wrong on the way, or empty; ``cancelled`` where nobody waited for the end."""
    excerpt: str = ""
    """The beginning of an error answer, fit to be shown."""
    sent: bytes = b""
    """The body of the request where it is short, else its first bytes."""
    has_more: bool = False
    """Whether more was sent than that."""
    request_id: str = ""
    """By which the server's own log knows the request, where it says so."""


class OutgoingCall:
    """A request under way, and whether the server may have seen any of it."""

    def __init__(
        self,
        method: str,
        target: str,
        body: bytes | Outgoing | None,
        what: str,
        known: str = "",
        *,
        most: int,
        matching: str = "",
        once: str = "",
        sink: Sink | None = None,
        flow: Flow | None = None,
        wait: float | None = None,
    ) -> None:
        self.method, self.target, self.body = method, target, body
        self.what, self.known, self.matching = what, known, matching
        self.once = once
        """The name by which the server knows the request again, where it keeps such names."""
        self.sink, self.flow = sink, flow
        self.wait = wait
        """Seconds that the server was let wait before it answers; `None` for an ordinary request."""
        self.handed_over = False
        self.can_end = False
        """Whether it is at a place where httpcore lets go of its connection if it is cancelled."""
        self.is_given_up = False
        """Whether nobody waits for it: it ends at the next such place."""
        self.most = most
        """Bytes of the answer that are read."""

    @property
    def beginning(self) -> tuple[bytes, bool]:
        """The first bytes of the body, and whether there are more."""
        if isinstance(self.body, bytes):
            return self.body[:MAX_RECORDED_BODY], len(self.body) > MAX_RECORDED_BODY
        return b"", self.body is not None

    @property
    def is_write(self) -> bool:
        """Whether it asks for a change."""
        return self.method != "GET"

    @property
    def sent(self) -> bool:
        """Whether the server may have acted."""
        return self.is_write and self.handed_over

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear from httpcore when the first byte leaves (a proxy's CONNECT is not the request)."""
        self._heed(event)
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.handed_over = True
        elif event == "connection.connect_tcp.complete":
            narrow(info["return_value"].get_extra_info("socket"))

    def _heed(self, event: str) -> None:
        """Between a connection that stands and its first byte, httpcore forgets who has it."""
        if event.startswith("connection.") and event.endswith(".complete"):
            self.can_end = False
        elif event.endswith(".started"):
            self.can_end = True
            if self.is_given_up:
                self.is_given_up = False  # once: what follows closes the connection
                raise asyncio.CancelledError
