import asyncio
import errno
import gzip
import json
import socket
from collections.abc import AsyncIterator

import pytest

from fdtui.api.client import Client
from fdtui.api.limits import Limits
from fdtui.core.errors import (
    ApiError,
    NotFlowdashError,
    NotFoundError,
    ReadOnlyError,
    StorageError,
    TooLargeError,
    UnreachableError,
)
from fdtui.core.transfer import Outgoing
from tests.unit.api.raw_server import KEY, Opener, Raw, RawServer, answer


class Basket:
    """Takes what comes."""

    def __init__(self) -> None:
        self.total: int | None = -1
        self.data = b""

    async def begin(self, total: int | None) -> None:
        self.total = total

    async def write(self, data: bytes) -> None:
        self.data += data


def outgoing(*pieces: bytes, length: int = -1) -> Outgoing:
    async def slices() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return Outgoing(sum(map(len, pieces)) if length < 0 else length, slices)


async def test_a_streamed_body_arrives_whole_with_its_length(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer({"ID": "1"}))
    body = json.dumps({"ID": "1", "Docs": "x" * 100_000}).encode()
    row = await open_client().upload(
        "w", outgoing(body[:7], body[7:50_000], body[50_000:]), matching='"t"'
    )
    (request,) = server.requests
    assert (row, request.body, request.method) == ({"ID": "1"}, body, "PUT")
    assert request.headers["content-length"] == str(len(body))
    assert request.headers["content-type"] == "application/json"
    assert request.headers["if-match"] == '"t"'
    assert "transfer-encoding" not in request.headers


async def test_a_download_is_handed_on_as_it_is(server: RawServer, open_client: Opener) -> None:
    server.will(answer(body=b"\x00\xff" * 300_000, Content_Type="image/png"))
    basket = Basket()
    await open_client().download("../blob", basket)
    assert (basket.total, basket.data) == (600_000, b"\x00\xff" * 300_000)
    assert server.requests[0].target == "/api/v1/files/..%2Fblob"
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_a_download_that_leads_elsewhere_is_refused_and_names_the_host(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer(status="302 Found", Location="https://files.example.org/secret"))
    basket = Basket()
    with pytest.raises(
        NotFlowdashError, match=r"redirects to https://files\.example\.org; the key was not"
    ):
        await open_client().download("b", basket)
    assert basket.total == -1


async def test_a_packed_file_is_not_unpacked(server: RawServer, open_client: Opener) -> None:
    bomb = gzip.compress(b"\0" * 1_000_000)
    server.will(answer(body=bomb, Content_Encoding="gzip"))
    basket = Basket()
    with pytest.raises(NotFlowdashError, match="packed as gzip"):
        await open_client().download("b", basket)
    assert basket.data == b""


async def test_a_file_over_the_limit_is_not_begun(server: RawServer, open_client: Opener) -> None:
    server.will(answer(body=b"x" * 2000))
    basket = Basket()
    with pytest.raises(TooLargeError):
        await open_client(limits=Limits(file=1000)).download("b", basket)
    assert basket.total == -1


async def test_an_endless_file_is_ended(server: RawServer, open_client: Opener) -> None:
    server.will(Raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 50_000, then="hang"))
    with pytest.raises(TooLargeError):
        await open_client(limits=Limits(file=10_000)).download("b", Basket())


async def test_a_download_that_stands_still_is_given_up(server: RawServer, open_client: Opener) -> None:
    server.will(Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n" + b"x" * 9, then="hang"))
    with pytest.raises(UnreachableError, match="Nothing moves"):
        await open_client(limits=Limits(connect=0.2, stall=0.2, pace_over=0.2)).download("b", Basket())


async def test_a_slow_download_may_take_longer_than_any_deadline(
    server: RawServer, open_client: Opener
) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n")
        for _ in range(20):
            writer.write(b"x" * 1000)
            await writer.drain()
            await asyncio.sleep(0.02)
        writer.close()
        await writer.wait_closed()
        over.set()

    over = asyncio.Event()
    slow = await asyncio.start_server(drip, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{slow.sockets[0].getsockname()[1]}"
    basket, limits = Basket(), Limits(total=0.1, connect=0.1, stall=0.1, pace=1000, pace_over=0.3)
    await open_client(url=url, limits=limits).download("b", basket)
    assert len(basket.data) == 20_000
    await over.wait()
    slow.close()
    await slow.wait_closed()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (StorageError("The disk is full."), "The disk is full"),
        (OSError(errno.ENOSPC, "No space"), "could not be written: No space"),
    ],
)
async def test_what_the_disk_says_is_told_as_such(
    server: RawServer, open_client: Opener, error: Exception, says: str
) -> None:
    class Full(Basket):
        async def write(self, data: bytes) -> None:
            raise error

    server.will(answer(body=b"x"))
    with pytest.raises(StorageError, match=says):
        await open_client().download("b", Full())


async def test_a_body_that_breaks_off_is_no_write(server: RawServer, open_client: Opener) -> None:
    async def slices() -> AsyncIterator[bytes]:
        yield b'{"ID":'
        raise StorageError("It changed.")

    server.will(answer({"ID": "1"}))
    with pytest.raises(StorageError, match="changed"):
        await open_client().upload("w", Outgoing(100, slices))
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "kind"), [("404 X", NotFoundError), ("412 X", ApiError), ("413 X", TooLargeError)]
)
async def test_statuses_mean_what_they_do_elsewhere(
    server: RawServer, open_client: Opener, status: str, kind: type[ApiError]
) -> None:
    server.will(answer({"errors": ["no"]}, status))
    with pytest.raises(kind):
        await open_client().upload("w", outgoing(b"{}"))


async def test_read_only_sends_no_file(server: RawServer, open_client: Opener) -> None:
    with pytest.raises(ReadOnlyError):
        await open_client(read_only=True).upload("w", outgoing(b"{}"))
    assert server.requests == []


async def test_what_counts_as_sent_is_not_far_ahead_of_a_slow_link() -> None:
    """Else a file would be *sent* at once, and its rate and its time left be guesses."""
    read = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await read.wait()
        writer.close()

    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    server = await asyncio.start_server(slow, sock=listening, limit=64 * 1024)
    client = Client.open(f"http://127.0.0.1:{listening.getsockname()[1]}", KEY)
    handed = 0

    async def slices() -> AsyncIterator[bytes]:
        nonlocal handed
        for _ in range(400):
            yield bytes(50_000)
            handed += 50_000

    sending = asyncio.create_task(client.upload("w", Outgoing(20_000_000, slices)))
    before = -1
    while handed > before:
        before = handed
        await asyncio.sleep(0.3)
    assert 0 < handed < 1_500_000
    sending.cancel()
    read.set()
    await asyncio.wait([sending])
    await client.aclose()
    server.close()
    await server.wait_closed()
