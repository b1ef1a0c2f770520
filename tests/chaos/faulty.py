"""A network between the program and its server that fails in the ways that networks do.

It knows HTTP as far as it must: where a request ends, and where its answer does. So it can lose the
answer to a deed that was done, cut either of them after any byte, and deliver a request long after
whoever sent it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What goes wrong."""

    NONE = "none"
    REFUSE = "refuse"
    """Nobody listens."""
    BLACK_HOLE = "black hole"
    """Connections are taken and bytes are read; nothing ever comes back or arrives."""
    SLOW = "slow"
    CUT_UP = "cut up"
    """The request ends after some bytes of it."""
    CUT_DOWN = "cut down"
    """The answer ends after some bytes of it."""
    RESET = "reset"
    """The same with a reset of the connection."""
    DROP = "drop"
    """The server has acted, and its answer is gone with the connection."""
    HANG = "hang"
    """The server has acted, and nobody hears of it, though the connection stands."""
    LATE = "late"
    """The request is held, and arrives once the network is well again."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong, with which requests, after which byte."""

    kind: Kind = Kind.NONE
    after: int = 0
    """Bytes that pass before a cut; seconds in thousandths for a slow network."""
    writes_only: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {self.after}{'' if self.writes_only else ' all'}"


WELL = Fault()


@dataclass
class Seen:
    """A change that was asked for: what, and what the network did with it."""

    at: float
    method: str
    path: str
    body: bytes
    key: str = ""
    fault: Fault = WELL
    status: int = 0
    """The server's answer; 0 where it has not heard the request, or said nothing."""

    def __str__(self) -> str:
        body = self.body.decode("utf-8", "replace")
        return f"{self.method} {self.path} {body} → {self.status or '—'} ({self.fault})"


@dataclass
class Message:
    """A request or an answer, whole."""

    head: bytes
    body: bytes = b""

    @property
    def data(self) -> bytes:
        return self.head + self.body

    @property
    def words(self) -> list[str]:
        """The three words of the first line."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""


@dataclass
class FaultyLink:
    """Hands requests on between a port of its own and the server's, as well as `fault` lets it.

    ``choose`` may give each request a fault of its own. It works in a thread.
    """

    far: int
    choose: Callable[[Message], Fault] | None = None
    fault: Fault = WELL
    seen: list[Seen] = field(default_factory=list)
    """The changes that arrived here, in order."""
    port: int = 0

    def __post_init__(self) -> None:
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def held(self) -> int:
        """Requests that wait to arrive late."""
        return self._held

    def become(self, fault: Fault) -> None:
        """From now on this goes wrong; what hangs is let go, late requests arrive."""
        self._ask(self._become(fault))

    def stop(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _ask(self, deed: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(deed, self._loop).result(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end, self._changed = asyncio.Event(), asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._held = 0
        await self._listen()
        self._ready.set()
        await self._end.wait()
        await self._deafen()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _listen(self) -> None:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        self.port = door.getsockname()[1]
        self._listener = await asyncio.start_server(self._talk, sock=door)

    async def _deafen(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _become(self, fault: Fault) -> None:
        self.fault = fault
        self._changed.set()
        self._changed = asyncio.Event()
        if fault.kind is Kind.REFUSE:
            await self._deafen()
            for talk in self._talks:
                talk.cancel()
        elif self._listener is None:
            await self._listen()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        far: list[asyncio.StreamWriter] = []
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.far)
            far.append(far_writer)
            while await self._exchange(reader, writer, far_reader, far_writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(talk)
            for each in (writer, *far):
                with contextlib.suppress(OSError):
                    each.close()

    async def _exchange(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> bool:
        """One request and its answer; whether there can be another on this connection."""
        request = await read_message(reader)
        method, path, _ = request.words
        fault = self.choose(request) if self.choose is not None else self.fault
        if fault.writes_only and method == "GET":
            fault = WELL
        seen = Seen(time.monotonic(), method, path, request.body, request.header("idempotency-key"))
        seen.fault = fault
        if method != "GET":
            self.seen.append(seen)
        changed = self._changed
        if fault.kind is Kind.BLACK_HOLE:
            await changed.wait()
            return False
        if fault.kind is Kind.LATE:
            await self._hold()
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.after / 1000)
        if fault.kind is Kind.CUT_UP and fault.after < len(request.data):
            far_writer.write(request.data[: fault.after])
            await far_writer.drain()
            return False
        far_writer.write(request.data)
        await far_writer.drain()
        answer = await read_message(far_reader, answers=method)
        seen.status = int(answer.words[1])
        if fault.kind is Kind.HANG:
            await changed.wait()
            return False
        return await self._answer(fault, answer, writer)

    async def _hold(self) -> None:
        """Keep a request until the network is well; it then arrives, whoever still waits for it."""
        self._held += 1
        try:
            while self.fault.kind is not Kind.NONE:
                await self._changed.wait()
        finally:
            self._held -= 1

    async def _answer(self, fault: Fault, answer: Message, writer: asyncio.StreamWriter) -> bool:
        if fault.kind is Kind.DROP:
            return False
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.after / 1000)
        if fault.kind in {Kind.CUT_DOWN, Kind.RESET}:
            writer.write(answer.data[: fault.after])
            await writer.drain()
            if fault.kind is Kind.RESET:
                reset(writer)
            return False
        writer.write(answer.data)
        await writer.drain()
        return True


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with a reset instead of an end."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def read_message(reader: asyncio.StreamReader, *, answers: str = "") -> Message:
    """A whole request, or the whole answer to a request of the method ``answers``."""
    message = Message(await reader.readuntil(b"\r\n\r\n"))
    if answers and message.words[1] in {"204", "304"}:
        return message
    if message.header("transfer-encoding").lower() == "chunked":
        while not message.body.endswith(b"0\r\n\r\n"):
            message.body += await reader.readuntil(b"\r\n")
    elif length := message.header("content-length"):
        message.body = await reader.readexactly(int(length))
    return message
