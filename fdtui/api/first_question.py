"""The first question of a board, under way in a thread while the program is still being loaded.

The client with its deadlines, retries and proxies takes a quarter of the time that a bare screen takes
to start. What a board asks first is one small ``GET``, so the standard library asks it: once, of the one
origin, without a proxy and without following anybody. Whatever is out of the ordinary is no answer, and
the client asks again.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from typing import TYPE_CHECKING

from fdtui import __version__
from fdtui.api.exchange import Exchange
from fdtui.api.key import checked_key
from fdtui.api.limits import MIB, Limits
from fdtui.api.reply import Reply, kept_for, media_type_of
from fdtui.core.frozen import frozen

if TYPE_CHECKING:
    from fdtui.api.origin import Origin

MAX_ANSWER = MIB
"""Bytes of an answer that is read here."""
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_OK = 200


@frozen
class FirstAnswer:
    """What came of it: a ``reply`` only where all is as it should be."""

    exchange: Exchange
    reply: Reply | None = None
    keeps_keys_for: float = 0.0
    """As `fdtui.api.client.Client.keeps_keys_for`."""


def is_direct(origin: Origin, environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether nothing can be meant to stand in between; elsewhere than on Linux, the system may know."""
    if origin.is_loopback:
        return True
    return platform.startswith("linux") and not any(
        environ.get(name) or environ.get(name.upper()) for name in _PROXIES
    )


class FirstQuestion:
    """``GET`` of ``target``, asked as soon as this is made."""

    def __init__(self, origin: Origin, key: str, target: str, limits: Limits | None = None) -> None:
        self.target = target
        self._origin, self._limits = origin, limits or Limits()
        self._future: Future[FirstAnswer] = Future()
        # The key is the thread's argument and no attribute, so that no crash report shows it.
        Thread(target=self._ask, args=(checked_key(key),), name="fdtui-first", daemon=True).start()

    async def answer(self) -> FirstAnswer | None:
        """What came of it; ``None`` where that takes too long."""
        try:
            async with asyncio.timeout(self._limits.total):
                return await asyncio.shield(asyncio.wrap_future(self._future))
        except TimeoutError:
            return None

    def _ask(self, key: str) -> None:
        began = time.monotonic()

        def told(status: int, received: int, problem: str) -> Exchange:
            path, seconds = self._origin.base + self.target, time.monotonic() - began
            return Exchange("GET", path, status, seconds, received, problem)

        try:
            answer = self._exchanged(key, told)
        except (OSError, HTTPException, UnicodeError, ValueError) as error:
            answer = FirstAnswer(told(0, 0, f"{type(error).__name__}; asked again"))
        with suppress(InvalidStateError):  # nobody waits for it any longer
            self._future.set_result(answer)

    def _exchanged(self, key: str, told: Callable[[int, int, str], Exchange]) -> FirstAnswer:
        connection = self._connection()
        try:
            connection.connect()
            connection.sock.settimeout(self._limits.stall)
            connection.request(
                "GET",
                self._origin.base + self.target,
                headers={
                    "Accept": "application/json",
                    "Authorization": f"Bearer {key}",
                    "User-Agent": f"fdtui/{__version__}",
                },
            )
            response = connection.getresponse()
            body = response.read(MAX_ANSWER + 1)
        finally:
            connection.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.status != _OK or len(body) > MAX_ANSWER or "content-encoding" in headers:
            return FirstAnswer(told(response.status, len(body), "asked again"))
        if response.length:
            return FirstAnswer(told(response.status, len(body), "cut short; asked again"))
        return FirstAnswer(
            told(response.status, len(body), ""),
            Reply("GET", response.status, body, media_type_of(headers)),
            kept_for(headers, 0.0, is_success=True),
        )

    def _connection(self) -> HTTPConnection:
        host, port, patience = self._origin.host, self._origin.port, self._limits.connect
        if self._origin.scheme == "http":
            return HTTPConnection(host, port, timeout=patience)
        from fdtui.api.trust import tls_context  # noqa: PLC0415 - few need it

        return HTTPSConnection(host, port, timeout=patience, context=tls_context())


def direct_question(
    origin: Origin | None, key: str, target: str, environ: Mapping[str, str] = os.environ
) -> FirstQuestion | None:
    """The question, where it may be asked so."""
    return (
        None if origin is None or not is_direct(origin, environ) else FirstQuestion(origin, key, target)
    )
