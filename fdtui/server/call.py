"""One request on its way to a route, and what a route answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import Headers
from starlette.responses import Response

from fdtui.core.values import Row
from fdtui.server import outbound
from fdtui.server.auth import Caller
from fdtui.server.bodies import Body
from fdtui.server.listcache import ListCache
from fdtui.server.refusal import RefusedError
from fdtui.server.render import encode
from fdtui.server.store import Store
from fdtui.server.store.activity import Hand

Fetch = Callable[..., outbound.Fetched]
"""`outbound.fetch`, with the exceptions of this server in it."""


def _nothing() -> None: ...


@dataclass(frozen=True)
class Call:
    """A request that was let in and found its route; ``params`` are the path's variables, decoded."""

    store: Store
    headers: Headers
    base_url: str
    lists: ListCache
    now: datetime
    caller: Caller = field(default_factory=Caller)
    wake: Callable[[], None] = field(default=_nothing, repr=False)
    """Tells the engine that there is work."""
    params: Mapping[str, str] = field(default_factory=dict)
    query: bytes = b""
    path: bytes = b""
    body: Body = field(default_factory=Body, repr=False)
    fetch: Fetch = field(default=outbound.fetch, repr=False)
    """The way to other machines."""

    @property
    def workflow(self) -> str:
        """The workflow that the path names."""
        return self.params["workflow"]

    @property
    def hand(self) -> Hand:
        """Who changes what this request changes."""
        return Hand(self.caller.name, self.now)

    def row(self) -> Row:
        """The body as a task; raises `BadJsonError`, or `RefusedError` for JSON that is no object."""
        value = self.body.value()
        if isinstance(value, list):
            raise RefusedError("A task is sent as one JSON object, and this is a list.", status=400)
        if not isinstance(value, dict):
            raise RefusedError("A task is sent as one JSON object.", status=400)
        return value

    def tag(self, *parts: str | bytes) -> str:
        """A weak entity tag for an answer that depends on nothing but ``parts``."""
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part if isinstance(part, bytes) else part.encode())
            digest.update(b"\0")
        return f'W/"{digest.hexdigest()[:32]}"'

    def knows(self, tag: str) -> bool:
        """Whether the caller has the answer of that tag already."""
        return _names(self.headers.get("if-none-match", ""), tag)

    def check_match(self, tag: str) -> None:
        """Refuse a write that was made for another state of the task than the one of ``tag``.

        ``tag`` is empty where there is no task. Our tags are weak in form (Flowdash's are), yet two
        that are equal stand for equal bytes.
        """
        wanted = self.headers.get("if-match")
        if wanted is not None and not _names(wanted, tag):
            raise RefusedError("The task has changed meanwhile.", status=412)

    def check_new(self) -> None:
        """Refuse a write that was to make a task, and would change one that is there."""
        if _names(self.headers.get("if-none-match", ""), "*"):
            raise RefusedError("A task of that unique id exists already.", status=412)

    def answer(self, value: object, status: int = 200) -> Response:
        """``value`` as JSON with its tag, or 304."""
        body = encode(value)
        return self.tagged(self.tag(body), lambda: body, status)

    def tagged(self, tag: str, body: Callable[[], bytes], status: int = 200) -> Response:
        """``body`` under a ``tag`` that was known before, or 304 without making it."""
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if status == 200 and self.knows(tag):
            return Response(status_code=304, headers=headers)
        return Response(body(), status_code=status, headers=headers, media_type="application/json")


Handler = Callable[[Call], Response]
"""A route."""


def _names(header: str, tag: str) -> bool:
    if not tag:
        return False
    tags = [each.strip().removeprefix("W/") for each in header.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags
