"""What those who look after the server ask: is it up, can it serve, what has it done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

from starlette.responses import Response
from starlette.types import Scope

from fdtui.core.errors import StorageError
from fdtui.server.http import refusals
from fdtui.server.http.auth import Doorkeeper
from fdtui.server.http.found_headers import FoundHeaders
from fdtui.server.http.meter import Meter, head
from fdtui.server.http.origins import check_origin
from fdtui.server.http.visit import visit_of
from fdtui.server.loopback import is_loopback
from fdtui.server.refusal import RefusedError
from fdtui.server.store import Store, executions
from fdtui.server.store.migrations import check_current
from fdtui.server.store.sizes import size_of

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds that the database may take to answer."""
_STATES = ("Pending", "Success", "Fail")
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Probes:
    """Answers ``/health``, ``/ready`` and ``/metrics``.

    The numbers are for this machine's own users, or with a key for all workflows. ``behind_proxy`` says
    that everybody may seem to be on this machine, so a key is always needed.
    """

    def __init__(
        self,
        store: Store,
        meter: Meter,
        door: Doorkeeper,
        *,
        hosts: Collection[str] | None,
        behind_proxy: bool,
    ) -> None:
        self._store, self._meter, self._door = store, meter, door
        self._hosts = None if hosts is None else frozenset(hosts)
        self._behind_proxy = behind_proxy
        self.places = {"/health": self._health, "/ready": self._ready, "/metrics": self._metrics}

    async def answer(self, scope: Scope) -> Response:
        """The answer to a request for one of `places`."""
        if scope["method"] not in ("GET", "HEAD"):
            said = f"{scope['method']} is not possible here, only GET, HEAD."
            return refusals.sentence(405, said, {"Allow": "GET, HEAD"})
        return await refusals.guarded(self.places[scope["path"]](scope))

    async def _health(self, _: Scope) -> Response:
        return _plain("up\n")

    async def _ready(self, _: Scope) -> Response:
        if self._store.bell.closed:
            return refusals.sentence(503, "The server is stopping.", {"Retry-After": "1"})
        try:
            await self._asked(lambda: self._store.read(check_current))
        except (StorageError, TimeoutError):
            return refusals.sentence(503, "The database cannot serve now.", {"Retry-After": "1"})
        return _plain("ready\n")

    async def _metrics(self, scope: Scope) -> Response:
        headers = FoundHeaders(scope)
        check_origin(scope, headers, self._hosts)
        client = scope.get("client")
        place = client[0] if client else ""
        given = headers.getlist("authorization")
        if given or self._behind_proxy or (place and not is_loopback(place)):
            caller = await self._asked(partial(self._door.check, given, place))
            if (visit := visit_of(scope)) is not None:
                visit.who = caller.name
            if caller.workflows is not None:
                raise RefusedError("This key is for some workflows, and this is about all.", status=403)
        try:
            counted = await self._asked(lambda: self._store.read(executions.count_by_state))
            size = await self._asked(lambda: self._store.read(size_of))
        except TimeoutError:
            raise StorageError("The database took too long.") from None
        lines = [*self._meter.lines()]
        lines += head("fdtui_executions", "gauge", "Executions in the database.")
        lines += [f'fdtui_executions{{state="{each}"}} {counted.get(each, 0)}' for each in _STATES]
        lines += head("fdtui_database_bytes", "gauge", "Size of the database.")
        lines += [f"fdtui_database_bytes {size}"]
        return _plain("\n".join(lines) + "\n")

    async def _asked(self, work: Callable[[], T]) -> T:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(work)


def _plain(text: str) -> Response:
    return Response(text, headers={"Cache-Control": "no-store"}, media_type=_TEXT)
