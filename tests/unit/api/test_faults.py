"""Networks and servers that break, lie and stall: one of our errors, and the truth on ``sent``."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from fdtui.api.client import Client
from fdtui.api.exchange import Exchange
from fdtui.api.limits import KIB, MIB, Limits
from fdtui.core.errors import (
    ApiError,
    NotFlowdashError,
    TooLargeError,
    UnclearError,
    UnreachableError,
)
from tests.unit.api.raw_server import KEY, QUICK, Opener, Raw, RawServer, answer, brief

ROWS = [{"ID": 1, "Stage": "Done"}, {"ID": 2, "Stage": "Bücher"}]
FULL = answer(ROWS)
CHUNKED = Raw(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"7\r\n[{\"ID\":\r\n4\r\n 1}]\r\n0\r\n\r\n"
)  # fmt: skip
UNTIL_CLOSE = Raw(b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps(ROWS).encode())
ONE_TRY = Limits(tries=1)


def is_lost(outcome: object) -> bool:
    return isinstance(outcome, UnreachableError) and outcome.sent


async def _outcome(work: Awaitable[object]) -> object:
    try:
        return await work
    except ApiError as error:
        return error


@pytest.mark.parametrize("whole", [FULL, CHUNKED, UNTIL_CLOSE], ids=["length", "chunked", "close"])
@pytest.mark.parametrize("end", ["close", "reset"])
async def test_a_list_cut_after_every_byte(
    server: RawServer, open_client: Opener, whole: Raw, end: str
) -> None:
    client = open_client(limits=ONE_TRY)
    server.will(Raw(whole.data, then="close"))
    complete = await client.tasks("w")
    for cut in range(len(whole.data)):
        server.will(Raw(whole.data[:cut], then=end))
        outcome = await _outcome(client.tasks("w"))
        assert isinstance(outcome, UnreachableError | NotFlowdashError) or outcome == complete


async def test_a_change_cut_after_every_byte_was_sent(server: RawServer, open_client: Opener) -> None:
    whole = answer(ROWS[0])
    client = open_client()
    for cut in range(len(whole.data)):
        server.will(Raw(whole.data[:cut], then="reset" if cut % 2 else "close"))
        before = len(server.requests)
        outcome = await _outcome(client.update("w", {"ID": 1}))
        is_told = b"\r\n\r\n" in whole.data[:cut]  # a success is one, though its end is lost
        assert isinstance(outcome, UnclearError) if is_told else is_lost(outcome)
        assert len(server.requests) == before + 1, "a change that may have arrived is not repeated"


async def test_a_delete_cut_after_every_byte(server: RawServer, open_client: Opener) -> None:
    whole = b"HTTP/1.1 204 No Content\r\nX-Request: 1\r\n\r\n"
    client = open_client()
    for cut in range(len(whole)):
        server.will(Raw(whole[:cut], then="close"))
        outcome = await _outcome(client.delete("w", "1"))
        assert isinstance(outcome, UnreachableError) and outcome.sent


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 099 What\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"ICY 200 OK\r\n\r\n[]",
        b"[]",
        b"\x00\x01\x02",
        b"\x16\x03\x01\x02\x00\x01",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nX: \x00\r\nContent-Length: 2\r\n\r\n[]",
        b"\r\n\r\n\r\n",
        b"",
    ],
    ids=brief,
)
async def test_what_is_hardly_http(server: RawServer, open_client: Opener, data: bytes) -> None:
    server.will(Raw(data, then="close"))
    with pytest.raises(ApiError):
        await open_client(limits=ONE_TRY).tasks("w")


@pytest.mark.parametrize("status", ["200 OK", "422 No", "503 No"])
async def test_an_answer_smuggled_behind_another_is_never_taken(
    server: RawServer, open_client: Opener, status: str
) -> None:
    client = open_client(limits=ONE_TRY)
    server.will(Raw(answer([], status).data + answer([{"evil": 1}]).data), answer(ROWS))
    with pytest.raises(ApiError):
        await client.tasks("w")
    listing = await client.tasks("w")
    assert listing is not None and listing.rows == tuple(ROWS)
    assert server.connections == 2


async def test_a_body_behind_a_204_is_never_taken_for_an_answer(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client(limits=ONE_TRY)
    smuggled = b"HTTP/1.1 204 No Content\r\nContent-Length: 50\r\n\r\n" + answer([{"evil": 1}]).data
    server.will(Raw(smuggled), answer(ROWS))
    await _outcome(client.delete("w", "1"))
    listing = await client.tasks("w")
    assert listing is not None and listing.rows == tuple(ROWS)


async def test_a_connection_is_used_again(server: RawServer, open_client: Opener) -> None:
    client = open_client()
    server.will(FULL)
    for _ in range(3):
        await client.tasks("w")
    assert server.connections == 1


async def test_a_get_outlives_a_dead_pooled_connection(server: RawServer, open_client: Opener) -> None:
    client = open_client()
    server.will(FULL, Raw(b"", then="reset"), FULL)
    await client.tasks("w")
    assert (await client.tasks("w")) is not None
    assert len(server.requests) == 3


@pytest.mark.parametrize("first", [Raw(b"", "close"), Raw(b"", "reset"), answer(status="503 No")])
async def test_a_get_is_tried_again(server: RawServer, open_client: Opener, first: Raw) -> None:
    server.will(first, first, FULL)
    assert await open_client().tasks("w") is not None
    server.will(first)
    before = len(server.requests)
    with pytest.raises(UnreachableError):
        await open_client().tasks("w")
    assert len(server.requests) == before + 3


def _closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def test_a_closed_port_is_unreachable_and_retried_safely(open_client: Opener) -> None:
    heard: list[Exchange] = []
    client = open_client(url=f"http://127.0.0.1:{_closed_port()}", on_exchange=heard.append)
    for work in (client.tasks("w"), client.update("w", {"ID": 1}), client.delete("w", "1")):
        with pytest.raises(UnreachableError, match="nothing is listening") as caught:
            await work
        assert not caught.value.sent
    assert [each.method for each in heard] == ["GET"] * 3 + ["PUT"] * 3 + ["DELETE"] * 3
    assert "listening" in heard[0].problem


async def test_a_write_that_never_left_is_sent_once_the_server_is_there() -> None:
    tries = 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json={"ID": 1})

    client = _mocked(handle)
    assert await client.update("w", {"ID": 1}) == {"ID": 1}
    await client.aclose()


def _mocked(handle: Callable[[httpx.Request], httpx.Response]) -> Client:
    return Client.open("https://flow.example", KEY, transport=httpx.MockTransport(handle), timing=QUICK)


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError("x"), False),
        (httpx.ConnectTimeout("x"), False),
        (httpx.PoolTimeout("x"), False),
        (httpx.ProxyError("407"), False),
        (httpx.UnsupportedProtocol("x"), False),
        (httpx.LocalProtocolError("x"), False),
        (httpx.InvalidURL("x"), False),
        (UnicodeEncodeError("ascii", "x", 0, 1, "no"), False),
        (httpx.ReadError(""), True),
        (httpx.WriteError("x"), True),
        (httpx.ReadTimeout("x"), True),
        (httpx.WriteTimeout("x"), True),
        (httpx.RemoteProtocolError("x"), True),
        (httpx.CloseError("x"), True),
        (httpx.StreamClosed(), None),
        (httpx.DecodingError("x"), True),
        (OSError(5, "I/O"), True),
        (ssl.SSLError(1, "bad record mac"), True),
        (TimeoutError(), True),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_every_fault_of_the_library_is_one_of_ours(error: Exception, sent: bool | None) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise error

    client = _mocked(handle)
    with pytest.raises(UnreachableError) as caught:
        await client.update("w", {"ID": 1})
    if sent is not None:
        assert caught.value.sent is sent
    with pytest.raises(UnreachableError) as caught:
        await client.tasks("w")
    assert not caught.value.sent
    assert "https://flow.example" in str(caught.value)
    await client.aclose()


@pytest.mark.parametrize(
    ("says", "hint"),
    [
        ("certificate has expired", ""),
        ("certificate is not yet valid", "clock"),
        ("self-signed certificate", "SSL_CERT_FILE"),
        ("Hostname mismatch, certificate is not valid for 'flow.example'.", ""),
    ],
)
async def test_a_bad_certificate_is_told_and_not_tried_again(says: str, hint: str) -> None:
    tries = 0

    def handle(request: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = says
        raise httpx.ConnectError("tls") from error

    client = _mocked(handle)
    with pytest.raises(UnreachableError) as caught:
        await client.tasks("w")
    assert says.rstrip(".") in caught.value.message
    assert hint in caught.value.hint
    assert not caught.value.sent
    assert tries == 1
    await client.aclose()


async def test_https_to_a_plain_server(open_client: Opener) -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        client = open_client(url=f"https://127.0.0.1:{port}")
        with pytest.raises(UnreachableError) as caught:
            await client.update("w", {"ID": 1})
    assert not caught.value.sent
    assert "plain http" in caught.value.hint


async def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch, open_client: Opener) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnreachableError, match="name is not known") as caught:
        await open_client(url="http://nowhere.localhost").update("w", {"ID": 1})
    assert not caught.value.sent


async def test_silence_ends_at_the_deadline(server: RawServer, open_client: Opener) -> None:
    client = open_client(limits=Limits(total=0.2))
    server.will(Raw(b"", then="hang"))
    with pytest.raises(UnreachableError, match=r"within 0\.2 s") as caught:
        await client.update("w", {"ID": 1})
    assert caught.value.sent
    with pytest.raises(UnreachableError):
        await client.tasks("w")


async def test_a_drip_ends_at_the_deadline(open_client: Opener) -> None:
    gone = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)
        writer.close()
        gone.set()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        client = open_client(
            url=f"http://127.0.0.1:{port}", limits=Limits(total=0.3, stall=0.2, listing_patience=2)
        )
        start = asyncio.get_running_loop().time()
        with pytest.raises(UnreachableError, match="within"):
            await client.tasks("w")
        assert asyncio.get_running_loop().time() - start < 5
        await client.aclose()
        await gone.wait()


async def test_a_cancelled_call_leaves_a_usable_client(server: RawServer, open_client: Opener) -> None:
    heard: list[Exchange] = []
    arrived = asyncio.Event()

    def decide(_: object) -> Raw:
        arrived.set()
        return Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[", then="hang")

    client = open_client(on_exchange=heard.append)
    server.decide = decide
    task = asyncio.create_task(client.tasks("w"))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    server.decide = None
    server.will(FULL)
    assert await client.tasks("w") is not None
    assert [each.problem for each in heard] == ["cancelled", ""]


@pytest.mark.parametrize("length", [True, False])
async def test_an_answer_beyond_the_limit(server: RawServer, open_client: Opener, length: bool) -> None:
    body = b"[" + b" " * 3 * MIB + b"]"
    head = b"Content-Length: %d\r\n" % len(body) if length else b""
    server.will(Raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body, then="close"))
    with pytest.raises(TooLargeError, match="2 MiB"):
        await open_client(limits=Limits(listing=2 * MIB)).tasks("w")


async def test_lists_of_tasks_may_be_longer_than_any_other_answer(
    server: RawServer, open_client: Opener
) -> None:
    rows = [{"ID": number, "Name": "a task of a long list"} for number in range(200)]
    client = open_client(limits=Limits(body=4 * KIB, listing=MIB))
    server.will(answer(rows))
    whole, active = await client.tasks("w"), await client.active("w")
    assert whole is not None
    assert whole.rows == active.rows == tuple(rows)
    server.will(answer({"tasks": rows, "deleted": [], "next": "t"}))
    assert (await client.changes("w", "s", wait=0)).rows == tuple(rows)
    server.will(answer([{"text": "a comment", "user": "ada@example.com"}] * 200))
    with pytest.raises(TooLargeError, match="larger than"):
        await client.comments("w", "1")


async def test_a_packed_answer(server: RawServer, open_client: Opener) -> None:
    rows = [{"ID": number, "Name": "ü" * 100} for number in range(20_000)]
    server.will(answer(body=gzip.compress(json.dumps(rows).encode()), Content_Encoding="GZIP"))
    listing = await open_client().tasks("w")
    assert listing is not None and listing.rows == tuple(rows)


async def test_a_bomb_is_defused_with_little_memory(server: RawServer, open_client: Opener) -> None:
    bomb = gzip.compress(bytes(200 * MIB))
    server.will(answer(body=bomb, Content_Encoding="gzip"))
    client = open_client(limits=Limits(listing=16 * MIB))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            await client.tasks("w")
        assert tracemalloc.get_traced_memory()[1] < 40 * MIB
    finally:
        tracemalloc.stop()


_PACKED = gzip.compress(b"[]")


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(_PACKED), "gzip, gzip"),
        (b"[]", "br"),
        (b"[]", "gzip"),
        (_PACKED[:-3], "gzip"),
        (_PACKED + b"[]", "gzip"),
        (_PACKED[:10] + b"\xff" * 20, "gzip"),
        (b"[]", "x" * 5000),
    ],
    ids=["twice", "foreign", "not at all", "cut", "followed", "broken", "nonsense"],
)
async def test_packing_that_was_not_asked_for(
    server: RawServer, open_client: Opener, body: bytes, coding: str
) -> None:
    server.will(answer(body=body, Content_Encoding=coding))
    with pytest.raises(NotFlowdashError):
        await open_client().tasks("w")


async def test_cookies_are_not_kept(server: RawServer, open_client: Opener) -> None:
    client = open_client()
    server.will(answer([], Set_Cookie="session=abc; Path=/"))
    await client.tasks("w")
    await client.tasks("w")
    assert "cookie" not in server.requests[1].headers


async def test_the_environment_s_proxy_never_sees_this_machine(
    server: RawServer, open_client: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{_closed_port()}")
    server.will(FULL)
    assert await open_client().tasks("w") is not None


async def test_a_proxy_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks9://127.0.0.1:1")
    client = Client.open("https://flow.example", KEY, timing=QUICK)
    with pytest.raises(UnreachableError, match="proxy"):
        await client.tasks("w")


async def test_a_ca_file_that_cannot_be_read_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for path in (tmp_path / "missing", tmp_path / "empty"):
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        client = Client.open("https://flow.example", KEY, timing=QUICK)
        with pytest.raises(UnreachableError, match="certificates") as caught:
            await client.update("w", {"ID": 1})
        assert "SSL_CERT_FILE" in caught.value.hint
        assert not caught.value.sent
        (tmp_path / "empty").write_text("")


async def test_the_connect_of_a_proxy_is_not_the_request(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.will(Raw(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", then="close"))
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    client = Client.open("https://flow.example", KEY, timing=QUICK)
    with pytest.raises(UnreachableError) as caught:
        await client.update("w", {"ID": 1})
    await client.aclose()
    assert not caught.value.sent
    assert server.requests[0].method == "CONNECT"
    assert "authorization" not in server.requests[0].headers


def test_nothing_shows_the_key() -> None:
    client = Client.open("https://flow.example", KEY)
    transport = client._transport
    assert KEY not in repr(client) + repr(transport) + repr(vars(transport))
