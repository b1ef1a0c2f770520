"""The app as those see it who look after it: each request is counted and written down."""

from __future__ import annotations

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fdtui.server.http import refusals
from fdtui.server.http.access_log import AccessLog
from fdtui.server.http.meter import Meter
from fdtui.server.http.probes import Probes
from fdtui.server.http.visit import begin_visit

_REFUSED = 400
"""From this status on, an answer names its line of the log."""


class Observed:
    """``app``, with ``probes`` beside it; ``log`` may be missing.

    ``below`` is the path of the public address, which a proxy may have left in front of a request's.
    """

    def __init__(
        self, app: ASGIApp, probes: Probes, meter: Meter, log: AccessLog | None, *, below: str = ""
    ) -> None:
        self._app, self._probes, self._meter, self._log = app, probes, meter, log
        self._below, self._raw_below = below, below.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        visit, began = begin_visit(scope), perf_counter()
        log, name = self._log, b""
        if log is not None:
            name = log.new_id().encode()
        if self._below:
            self._shorten(scope)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.status = message["status"]
                if name and visit.status >= _REFUSED:  # a header on each answer would cost 2 % of a read
                    message["headers"] = [*message.get("headers", ()), (b"x-request-id", name)]
            else:
                visit.sent += len(message.get("body", b""))
            await send(message)

        try:
            if scope["path"] in self._probes.places:
                visit.place = scope["path"]
                response = await self._probes.answer(scope)
                response.headers.update(refusals.ON_EVERY_ANSWER)
                await response(scope, receive, noted)
            else:
                await self._app(scope, receive, noted)
        finally:
            took = perf_counter() - began
            self._meter.request(scope["method"], visit.status, None if visit.waits else took)
            if log is not None:
                log.add(name.decode(), scope["method"], visit, took)

    def _shorten(self, scope: Scope) -> None:
        if scope["path"].startswith(self._below + "/"):
            scope["path"] = scope["path"].removeprefix(self._below)
            scope["raw_path"] = scope.get("raw_path", b"").removeprefix(self._raw_below)
