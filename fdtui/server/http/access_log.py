"""A line for each request that was answered: never a key, a token, a query or a text of a task."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from functools import lru_cache
from itertools import count

from fdtui.server.http.server_log import FLUSH_INTERVAL, Form, LineWriter, moment
from fdtui.server.http.visit import Visit

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class AccessLog:
    """Lines through ``writer``, each under an id that no other request of any process has."""

    def __init__(self, writer: LineWriter, form: Form) -> None:
        self._writer, self._form = writer, form
        self._series, self._numbers = secrets.token_hex(3), count(1)

    def new_id(self) -> str:
        """An id for a request."""
        return f"{self._series}-{next(self._numbers):x}"

    def add(self, request_id: str, method: str, visit: Visit, seconds: float) -> None:
        """Write down a request; to be called on an event loop."""
        known = method if method in _METHODS else "other"
        at, took = moment(int(time.time())), seconds * 1000
        if self._form == "json":
            line = json.dumps(
                {
                    "time": at,
                    "id": request_id,
                    "who": visit.who or None,
                    "method": known,
                    "path": visit.shown_place,
                    "status": visit.status or None,
                    "ms": round(took, 1),
                    "bytes": visit.sent,
                }
            )
        else:
            line = (
                f"{at} {request_id} {_quoted(visit.who)} {known} {visit.shown_place}"
                f" {visit.status or '-'} {took:.1f}ms {visit.sent}B"
            )
        if self._writer.put(line):
            asyncio.get_running_loop().call_later(FLUSH_INTERVAL, self._writer.flush)


@lru_cache(maxsize=256)
def _quoted(name: str) -> str:
    """A key's name, which may hold spaces and anything else, as one word."""
    return json.dumps(name) if name else "-"
