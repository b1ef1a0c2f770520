"""Slow, broken and too many clients, and what is no HTTP (S9-S11, S19)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from fdtui.server import seed
from fdtui.server.http import app, bodies, slow_client_guard
from fdtui.server.http.slow_client_guard import SlowClientGuard
from fdtui.server.store import Store
from tests.contract.conftest import TASKS, Served, serving


@pytest.fixture
async def served(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr(SlowClientGuard, "header_seconds", 0.5)
    monkeypatch.setattr(bodies, "BODY_TIMEOUT", 0.5)
    seed.fill(store)
    async with serving(store, "socket") as running:
        yield running


async def say(served: Served, data: bytes) -> bytes:
    """What the server answers until it closes the connection."""
    url = served.client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def request(served: Served, *more: str, path: str = "/api/v1/workspace", method: str = "GET") -> bytes:
    key = served.client.headers["authorization"]
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: {key}", *more, "", ""]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("data", [b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nA: "])
async def test_a_header_that_never_ends(served: Served, data: bytes) -> None:
    slow = [asyncio.create_task(say(served, data)) for _ in range(20)]
    assert (await served.client.get("/workspace")).status_code == 200
    for answer in await asyncio.gather(*slow):
        assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_second_request_that_never_ends(served: Served) -> None:
    answer = await say(served, request(served) + b"GET / HT")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


async def test_a_body_that_never_ends(served: Served) -> None:
    head = request(
        served,
        "Content-Type: application/json",
        "Content-Length: 100",
        "Connection: close",
        path="/api/v1" + TASKS,
        method="PUT",
    )
    assert (await say(served, head + b"{")).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["Content-Length: 2", "Transfer-Encoding: chunked"], 400),
        (["Content-Length: 2", "Content-Length: 3"], 400),
        (["Content-Length: -1"], 400),
        (["A: \0"], 400),
        (["A : b"], 400),
        (["A: " + "x" * 100_000], 431),
        (["A: " + "x" * 200_000], 431),
        ([f"A{n}: b" for n in range(1000)], 431),
    ],
)  # fmt: skip
async def test_what_is_no_http(served: Served, lines: list[str], status: int) -> None:
    answer = await say(served, request(served, "Connection: close", *lines) + b"{}")
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:80]


async def test_one_address_cannot_take_every_connection(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlowClientGuard, "header_seconds", 30)
    monkeypatch.setattr(slow_client_guard, "MAX_CONNECTIONS_OF_ONE_ADDRESS", 30)
    monkeypatch.setattr(slow_client_guard, "MAX_CONNECTIONS", 40)
    url = served.client.base_url
    held = [
        await asyncio.open_connection(url.host, url.port, local_addr=("127.0.0.2", 0)) for _ in range(45)
    ]
    try:
        for reader, writer in held[30:]:
            writer.write(request(served))
            assert (await reader.read()).startswith(b"HTTP/1.1 429 ")
        for _ in range(8):  # from another address, one connection each
            assert (await say(served, request(served, "Connection: close"))).startswith(b"HTTP/1.1 200 ")
        held[0][1].close()
        await held[0][1].wait_closed()
        reader, writer = held[1]
        writer.write(request(served, "Connection: close"))
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
        reader, writer = await asyncio.open_connection(url.host, url.port, local_addr=("127.0.0.2", 0))
        held.append((reader, writer))
        writer.write(request(served, "Connection: close"))
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    finally:
        for _, writer in held:
            writer.close()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "10.0.0.1", False),
    ],
)
def test_whose_connections_are_counted_together(one: str, other: str, same: bool) -> None:
    assert (slow_client_guard._place(one) == slow_client_guard._place(other)) is same


async def test_too_many_are_sent_away_and_those_admitted_complete(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MAX_REQUESTS_UNDER_WAY", 20)
    limits = httpx.Limits(max_connections=100)
    url, headers = served.client.base_url, served.client.headers
    async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits) as many:
        body = {"Company ID": "42", "Number of Employees": 5}
        answers = await asyncio.gather(*(many.put(TASKS, json=body) for _ in range(100)))
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 503}
    assert 200 in statuses
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
    assert (await served.client.get("/workspace")).status_code == 200
