"""A real SMTP server on loopback that takes every message."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Letter:
    """A message with its envelope."""

    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    message: EmailMessage = field(default_factory=EmailMessage)


@dataclass
class Sink:
    """Where it is, and what came."""

    port: int
    letters: asyncio.Queue[Letter]

    async def next(self) -> Letter:
        """The next message."""
        return await asyncio.wait_for(self.letters.get(), 20)


@asynccontextmanager
async def smtp_sink() -> AsyncIterator[Sink]:
    letters: asyncio.Queue[Letter] = asyncio.Queue()
    talks: set[asyncio.Task[None] | None] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        letter = Letter()

        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await say("220 sink")
        while line := (await reader.readline()).decode().strip():
            word = line.split(" ", 1)[0].upper()
            address = line.partition("<")[2].partition(">")[0]
            if word == "MAIL":
                letter.sender = address
            elif word == "RCPT":
                letter.recipients.append(address)
            elif word == "DATA":
                await say("354 go on")
                data = await reader.readuntil(b"\r\n.\r\n")
                letter.message = email.message_from_bytes(data[:-3], policy=email.policy.default)  # type: ignore[assignment]
                letters.put_nowait(letter)
                letter = Letter()
            elif word == "QUIT":
                await say("221 bye")
                break
            await say("250 well")

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield Sink(server.sockets[0].getsockname()[1], letters)
        async with asyncio.timeout(5):
            await asyncio.gather(*(each for each in talks if each is not None), return_exceptions=True)
