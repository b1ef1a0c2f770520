"""One request on its way to a route, and what a route answers with."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from fdtui.core.values import Row
from fdtui.server.execution import http_client
from fdtui.server.http.auth import Caller
from fdtui.server.http.bodies import Body
from fdtui.server.http.list_cache import ListCache
from fdtui.server.kept_rows import KeptRows
from fdtui.server.refusal import RefusedError
from fdtui.server.render import encode
from fdtui.server.store import Store
from fdtui.server.store.activity import Actor
from fdtui.server.store.database import NotAtOnceError
from fdtui.server.workflow.definition import Workflow

Fetch = Callable[..., http_client.FetchedFile]
"""`http_client.fetch`, with the exceptions of this server in it."""


InThread = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Runs work in a thread for requests."""


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
    """Wakes the engine: there is work."""
    params: Mapping[str, str] = field(default_factory=dict)
    query: bytes = b""
    path: bytes = b""
    reads: bool = True
    """Whether it is a GET or HEAD: only these may be answered with 304."""
    body: Body = field(default_factory=Body, repr=False)
    fetch: Fetch = field(default=http_client.fetch, repr=False)
    """The way to other machines."""
    let_in: Callable[[], Caller] = field(default=Caller, repr=False)
    """Looks again who calls, for an answer that takes long to come; raises `RefusedError`."""
    in_thread: InThread = field(default=asyncio.to_thread, repr=False)
    """Does what may wait for the database, for an answer that goes on after its route has returned."""

    rows: KeptRows | None = field(default=None, repr=False)
    """Where rendered rows are kept, if they are."""
    is_on_loop: bool = False
    """Whether the event loop stands still meanwhile (`Store.at_once`)."""

    def may_wait(self) -> None:
        """To be called before what may take long, or wait; raises `NotAtOnceError`."""
        if self.is_on_loop:
            raise NotAtOnceError

    @property
    def workflow(self) -> str:
        """The workflow that the path names."""
        return self.params["workflow"]

    @property
    def actor(self) -> Actor:
        """Who changes what this request changes."""
        return Actor(self.caller.name, self.now, self.caller.workflows)

    def actor_in(self, workflow: Workflow) -> Actor:
        """The same in the name of the person of ``workflow`` for whom the caller says that it acts.

        ``Performed-By`` is ours, and as good as ``performed_by``: who has the key may name anybody.
        """
        named = self.headers.get("performed-by", "").strip()
        person = workflow.schema.person(named) if named else None
        return self.actor if person is None else replace(self.actor, who=person.email)

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

    @property
    def creates_only(self) -> bool:
        """Whether a write was to make a task, and not to change one that is there."""
        return _names(self.headers.get("if-none-match", ""), "*")

    def check_new(self) -> None:
        """Refuse a write that was to make a task, and would change one that is there."""
        if self.creates_only:
            raise RefusedError("A task of that unique id exists already.", status=412)

    def answer(self, value: object, status: int = 200) -> Response:
        """``value`` as JSON with its tag, or 304."""
        body = encode(value)
        return self.tagged(self.tag(body), lambda: body, status)

    def tagged(self, tag: str, body: Callable[[], bytes], status: int = 200) -> Response:
        """``body`` under a ``tag`` that was known before, or 304 without making it."""
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if status == 200 and self.reads and self.knows(tag):
            return Response(status_code=304, headers=headers)
        return Response(body(), status_code=status, headers=headers, media_type="application/json")


Handler = Callable[[Call], Response]
"""A route."""


def _names(header: str, tag: str) -> bool:
    if not tag:
        return False
    tags = [each.strip().removeprefix("W/") for each in header.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags
