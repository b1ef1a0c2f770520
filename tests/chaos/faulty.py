"""A network between the program and its server that fails in the ways that networks do.

It knows HTTP as far as it must: where a request ends, and where its answer does. So it can lose the
answer to a deed that was done, cut either of them after any byte, and deliver a request long after
whoever sent it is gone.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.loopback import ThreadedLoopback


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


class FaultyLink(ThreadedLoopback):
    """Hands requests on between a port of its own and the server's, as well as `fault` lets it.

    ``choose`` may give each request a fault of its own. It works in a thread.
    """

    def __init__(self, far: int) -> None:
        self.choose: Callable[[Message], Fault] | None = None
        self.fault = WELL
        self.seen = list[Seen]()
        """The changes that arrived here, in order."""
        self._far, self._held, self._changed = far, 0, asyncio.Event()
        super().__init__()

    @property
    def held(self) -> int:
        """Requests that wait to arrive late."""
        return self._held

    def become(self, fault: Fault) -> None:
        """From now on this goes wrong; what hangs is let go, late requests arrive."""
        self._ask(self._become(fault))

    def _ask(self, deed: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(deed, self.loop).result(10)

    async def _become(self, fault: Fault) -> None:
        self.fault = fault
        self._changed.set()
        self._changed = asyncio.Event()
        if fault.kind is Kind.REFUSE:
            self.deafen()
        elif not self.is_listening:
            await self.listen()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        try:
            while await self._exchange(reader, writer, far_reader, far_writer):
                pass
        finally:
            far_writer.close()

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
