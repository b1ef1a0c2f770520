"""A link to a server that can be slow, or lose the answers to what is written."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress

BUFFER = 64 * 1024
"""Bytes that wait on this side of a slow link; with more, a sender seems to be done at once."""


class Link:
    """Hands bytes on between a port of its own and the server's."""

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
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)  # of those it lets in, too
        door.bind(("127.0.0.1", 0))
        self.port = door.getsockname()[1]
        listener = await asyncio.start_server(self._talk, sock=door, limit=BUFFER)
        self._ready.set()
        await self._end.wait()
        listener.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        put = Put()
        try:
            with suppress(asyncio.CancelledError):
                both = self._up(reader, far_writer, put), self._down(far_reader, writer, put)
                await asyncio.gather(*both)
        except ConnectionError:
            far_writer.transport.abort()
        finally:
            self._talks.discard(talk)
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
