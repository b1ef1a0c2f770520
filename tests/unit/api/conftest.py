"""A raw server on the loopback, and clients of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from fdtui.api.client import Client
from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits
from fdtui.api.retry import Timing
from tests.unit.api.raw_server import KEY, QUICK, Opener, RawServer


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    raw = RawServer()
    listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0, limit=1 << 20)
    raw.port = listener.sockets[0].getsockname()[1]
    yield raw
    await raw.stop()
    listener.close()
    await listener.wait_closed()


@pytest.fixture
async def open_client(server: RawServer) -> AsyncIterator[Opener]:
    """Opens clients of ``server`` that never wait between tries, and closes them."""
    clients: list[Client] = []

    def opener(
        *,
        url: str = "",
        key: str = KEY,
        limits: Limits | None = None,
        timing: Timing = QUICK,
        read_only: bool = False,
        user: str = "",
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> Client:
        client = Client.open(
            url or server.url,
            key,
            limits=limits,
            timing=timing,
            read_only=read_only,
            user=user,
            on_exchange=on_exchange,
        )
        clients.append(client)
        return client

    yield opener
    for client in clients:
        await client.aclose()
