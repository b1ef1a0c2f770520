"""Reading an answer's body: bounded, unpacked once, and nothing behind it.

httpx unpacks without bound (a kilobyte of ``gzip, gzip`` becomes half a gigabyte in one piece), so
the bytes are taken as they come and unpacked here.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable

import httpx

from fdtui.api.limits import MIB
from fdtui.core.errors import NotFlowdashError, TooLargeError
from fdtui.core.safetext import safe

_READ_BYTES = MIB
_GZIP = 16 + zlib.MAX_WBITS


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """All of the body.

    Raises `TooLargeError` over ``limit`` bytes, `NotFlowdashError` where it cannot be unpacked or
    where more came than was announced; and whatever httpx raises when the connection breaks.
    """
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limit:
        raise _too_large(limit, response.status_code)
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        unpack = None
    elif coding in {"gzip", "x-gzip"}:
        unpack = zlib.decompressobj(_GZIP)
    else:
        raise _foreign(
            f"is packed as {safe(coding[:40])}, which was not asked for", response.status_code
        )

    body, received = bytearray(), 0
    assert isinstance(response.stream, AsyncIterable)  # noqa: S101 - an async client's always is
    async for chunk in response.stream:
        received += len(chunk)
        if unpack is None:
            body += chunk
        else:
            await _unzip(unpack, chunk, body, limit, response.status_code)
        if max(received, len(body)) > limit:
            raise _too_large(limit, response.status_code)
    if unpack is not None and received and (not unpack.eof or unpack.unused_data):
        raise _foreign("is broken gzip", response.status_code)
    await check_end(response)
    return bytes(body)


async def check_end(response: httpx.Response) -> None:
    """Raise `NotFlowdashError` where more came than was announced."""
    if _leftover(response):
        # What follows would be taken for the answer to the next request.
        stream = response.extensions.get("network_stream")
        if stream is not None:
            await stream.aclose()
        raise _foreign("is longer than it says", response.status_code)


async def _unzip(
    unpack: zlib._Decompress, chunk: bytes, body: bytearray, limit: int, status: int
) -> None:
    data = chunk
    while True:
        try:
            piece = unpack.decompress(data, _READ_BYTES)
        except zlib.error:
            raise _foreign("is broken gzip", status) from None
        body += piece
        data = unpack.unconsumed_tail
        if len(body) > limit or (not data and len(piece) < _READ_BYTES):
            return
        await asyncio.sleep(0)  # a megabyte at a time: the screen and the deadline get their turn


def _leftover(response: httpx.Response) -> bool:
    """Whether bytes came behind the answer, in the same breath, that h11 still holds.

    h11 would read them as the next answer on this connection. Nothing public says so, hence the walk
    through private names; where a release moved one this is false, and a test fails.
    """
    state: object = response.stream
    for name in ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state"):
        state = getattr(state, name, None)
    trailing = getattr(state, "trailing_data", None)
    return bool(trailing and trailing[0])


def _too_large(limit: int, status: int) -> TooLargeError:
    return TooLargeError(
        f"The answer is larger than {limit // MIB or 1} MiB, the most that is read at once.",
        status=status,
    )


def _foreign(what: str, status: int) -> NotFlowdashError:
    return NotFlowdashError(f"The answer {what}, so it was not used.", status=status)
