"""What left the program and what came back: the last requests, never the key."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from fdtui.core.frozen import frozen

MAX_REQUESTS = 500
"""Requests that are remembered."""


@frozen
class Request:
    """One request and its answer. ``at`` is the wall clock in seconds."""

    at: float
    method: str
    path: str
    status: int
    """0 where no answer came."""
    seconds: float
    received: int
    """Bytes of the answer."""
    problem: str = ""
    """What went wrong, or the first words of an answer that says so."""
    body: str = ""
    """What was sent, where it is short enough to be kept."""
    has_more: bool = False
    """Whether more was sent than is kept."""
    request_id: str = ""
    """By which the server's own log knows it, where it says so."""


class RequestLog:
    """The last requests, the newest last; `on_change` is called for each."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        """Where the requests go, without a path."""
        self.requests: deque[Request] = deque(maxlen=MAX_REQUESTS)
        self.on_change: Callable[[], None] = lambda: None
        self.total = 0

    def add(self, request: Request) -> None:
        """Keep one more; the oldest goes."""
        self.requests.append(request)
        self.total += 1
        self.on_change()
