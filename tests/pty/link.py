"""A link to a server that can be slow, or lose the answers to what is written."""

from __future__ import annotations

import asyncio

from tests.loopback import ThreadedLoopback

BUFFER = 64 * 1024
"""Bytes that wait on this side of a slow link; with more, a sender seems to be done at once."""


class Link(ThreadedLoopback):
    """Hands bytes on between a port of its own and the server's."""

    receive_buffer = BUFFER

    def __init__(self, port: int) -> None:
        self.pace = 0
        """Bytes a second, each way of each connection; 0 for as fast as they come."""
        self.loses_answers = False
        """Whether what the server says to a PUT is dropped."""
        self.hides_feed = False
        """Whether lists name no change feed, as those of Flowdash itself."""
        self.lost = 0
        """Bytes of answers that were dropped."""
        self.asked = 0
        """Bytes of requests that came."""
        self._far = port
        super().__init__()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        put = Put()
        try:
            await asyncio.gather(self._up(reader, far_writer, put), self._down(far_reader, writer, put))
        finally:
            writer.transport.abort()
            far_writer.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, put: Put) -> None:
        while data := await self._read(reader):
            put.heed(data)
            self.asked += len(data)
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, put: Put) -> None:
        while data := await self._read(reader):
            if put.is_one and self.loses_answers:
                self.lost += len(data)
                continue
            if self.hides_feed:
                data = data.replace(b"changes-token", b"x-hidden")
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        data = await reader.read(16_384)
        if self.pace:
            await asyncio.sleep(len(data) / self.pace)
        return data


class Put:
    """Whether the last request of a connection was a PUT."""

    is_one = False

    def heed(self, data: bytes) -> None:
        """See what begins with these bytes."""
        verb = data.partition(b" ")[0]
        if verb in {b"GET", b"PUT", b"POST", b"DELETE"}:
            self.is_one = verb == b"PUT"
