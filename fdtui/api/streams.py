"""Bodies too big to be held: sent while they are made, taken while they come."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable

import httpx

from fdtui.api.body import check_end
from fdtui.api.flow import Flow
from fdtui.api.limits import KIB, MIB
from fdtui.core.errors import NotFlowdashError, StorageError, TooLargeError
from fdtui.core.safetext import safe
from fdtui.core.transfer import Outgoing, Sink

_SEND_BYTES = 16 * KIB
"""Bytes that are handed to the connection at once: little enough for progress to be true."""


async def outgoing(body: Outgoing, flow: Flow) -> AsyncIterator[bytes]:
    """The body's slices in steps; the connection takes the next when the last is on its way."""
    flow.began()
    async for piece in body.slices():
        view = memoryview(piece)
        for at in range(0, len(view), _SEND_BYTES):
            step = bytes(view[at : at + _SEND_BYTES])
            yield step
            flow.moved(len(step))
    flow.ended()


async def pour(response: httpx.Response, sink: Sink, flow: Flow, limit: int) -> int:
    """Hand the answer's bytes to ``sink`` as they come; answers how many.

    Raises `StorageError` where ``sink`` cannot take them, `TooLargeError` over ``limit``,
    `NotFlowdashError` for a packed file (it was not asked for, and would unpack without bound) or one
    that is longer than it says.
    """
    status = response.status_code
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in {"", "identity"}:
        what = f"The file comes packed as {safe(coding[:40])}, which was not asked for."
        raise NotFlowdashError(what, status=status)
    length = response.headers.get("content-length", "")
    total = int(length) if length.isdecimal() and len(length) < 20 else None
    if total is not None and total > limit:
        raise _too_large(limit, status)
    flow.began()
    await _taken(sink.begin(total))
    received = 0
    assert isinstance(response.stream, AsyncIterable)  # noqa: S101 - an async client's always is
    async for chunk in response.stream:
        received += len(chunk)
        flow.moved(len(chunk))
        if received > limit:
            raise _too_large(limit, status)
        await _taken(sink.write(chunk))
    if total is not None and received != total:
        raise NotFlowdashError(
            f"The file ended after {received:,} of {total:,} bytes, so it was not kept.", status=status
        )
    await check_end(response)
    return received


async def _taken(step: Awaitable[None]) -> None:
    """Let the sink do its step; what its disk refuses is no fault of the network's."""
    try:
        await step
    except OSError as error:
        raise StorageError(f"The answer could not be written: {error.strerror or error}.") from None


def _too_large(limit: int, status: int) -> TooLargeError:
    return TooLargeError(f"The file is larger than {limit // MIB or 1:,} MiB.", status=status)
