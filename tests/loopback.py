"""What stands between a program and its server in a test: a loopback port, and who talks to it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Loopback:
    """Lets connections in, and ends those that are left; a subclass says what happens on one.

    ``receive_buffer`` is the kernel's for each connection, in bytes; 0 leaves it to the kernel.
    """

    receive_buffer = 0

    def __init__(self) -> None:
        self.port = 0
        self._talks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; it is closed when this returns, or the other side is gone."""
        raise NotImplementedError

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen on a free port; at the end nothing is left of any connection."""
        await self.listen()
        try:
            yield
        finally:
            self.deafen()
            await asyncio.gather(*self._talks, return_exceptions=True)

    async def listen(self) -> None:
        """Let connections in, on the same port as before."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        more = {}
        if self.receive_buffer:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
            more = {"limit": self.receive_buffer}
        door.bind(("127.0.0.1", self.port))
        self.port = door.getsockname()[1]
        self._listener = await asyncio.start_server(self._talk, sock=door, **more)

    def deafen(self) -> None:
        """Let no connection in, and cut those that are there."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for talk in self._talks:
            talk.cancel()

    @property
    def is_listening(self) -> bool:
        return self._listener is not None

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self.talk(reader, writer)
        finally:
            self._talks.discard(talk)
            writer.close()


class ThreadedLoopback(Loopback):
    """The same in a thread, for tests that drive a program from outside a loop; it listens once made."""

    def __init__(self) -> None:
        super().__init__()
        self._ready, self.loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        """Cut all connections, and end the thread."""
        self.loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        async with self.listening():
            self._ready.set()
            await self._end.wait()
