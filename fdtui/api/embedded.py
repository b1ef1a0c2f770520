"""The way to a server in this same process: no port, no wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from fdtui.api.client import Client
from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits

_ALL = 1 << 40
"""Bytes of an answer that is in this process's memory already."""


class _InProcess(httpx.ASGITransport):
    """httpx's transport to an ASGI application, that also lets go of what the application holds."""

    def __init__(self, app: Any, on_close: Callable[[], None]) -> None:
        # A fault of the application is a 500 here as it would be over a wire, and not our exception.
        super().__init__(app, raise_app_exceptions=False)
        self._on_close = on_close

    async def aclose(self) -> None:
        """Close the application's store."""
        self._on_close()


def open_embedded(
    app: Any,
    url: str,
    key: str,
    *,
    read_only: bool,
    on_close: Callable[[], None],
    on_exchange: Callable[[Exchange], None] | None = None,
) -> Client:
    """A client of the ASGI application ``app``, which says that it lives at ``url``."""
    return Client.open(
        url,
        key,
        read_only=read_only,
        limits=Limits(body=_ALL, listing=_ALL),
        transport=_InProcess(app, on_close),
        on_exchange=on_exchange,
    )
