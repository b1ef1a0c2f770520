"""A loopback server that answers with exactly the bytes a test wants, and keeps what it was sent."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fdtui.api.client import Client
from fdtui.api.retry import Timing

KEY = "canary-key-7f3a"
QUICK = Timing(chance=lambda: 0.0)
"""No waiting between tries: the jitter is always nothing."""


Opener = Callable[..., Client]


@dataclass(frozen=True)
class Request:
    """What came over the wire."""

    line: bytes
    headers: dict[str, str]
    body: bytes

    @property
    def method(self) -> str:
        return self.line.split(b" ")[0].decode()

    @property
    def target(self) -> str:
        return self.line.split(b" ")[1].decode()


@dataclass(frozen=True)
class Raw:
    """Bytes to send, then ``keep`` the connection, ``close`` it, ``reset`` it, or ``hang``."""

    data: bytes
    then: str = "keep"


def answer(
    value: Any = None, status: str = "200 OK", *, body: bytes | None = None, **headers: str
) -> Raw:
    """A well-formed answer; ``value`` is sent as JSON, header names have ``_`` for ``-``."""
    content = json.dumps(value).encode() if body is None else body
    lines = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines |= {name.replace("_", "-"): text for name, text in headers.items()}
    head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
    return Raw(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + content)


@dataclass
class RawServer:
    """Answers request by request with ``answers``; the last one is given again and again."""

    answers: list[Raw] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    decide: Callable[[Request], Raw] | None = None
    port: int = 0
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def will(self, *answers: Raw) -> None:
        self.answers = list(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.append(writer)
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            line, *rest = head.split(b"\r\n")
            pairs = (each.decode("latin-1").split(": ", 1) for each in rest if each)
            headers = {name.lower(): text for name, text in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            request = Request(line, headers, body)
            self.requests.append(request)
            if self.decide is not None:
                raw = self.decide(request)
            else:
                raw = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            writer.write(raw.data)
            await writer.drain()
            if raw.then == "hang":
                await asyncio.Event().wait()
            if raw.then == "reset":
                sock = writer.get_extra_info("socket")
                sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER 0: RST instead of FIN
                writer.transport.abort()
                return
            if raw.then == "close":
                return

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def brief(value: object) -> str | None:
    """A short name for a test's parameter."""
    return ascii(value)[:40] if isinstance(value, bytes | str) else None
