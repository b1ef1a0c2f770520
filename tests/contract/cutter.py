"""A link that cuts what is written, or its answers, after some bytes; in between a server of ours."""

from __future__ import annotations

import asyncio
import re
from random import Random

from tests.loopback import Loopback

NAMES = re.compile(rb"idempotency-", re.IGNORECASE)


class Cutter(Loopback):
    """Hands bytes on, and cuts a connection somewhere in a POST or its answer.

    Where ``hides_names`` the two sides speak of no keys: then the server is as Flowdash itself.
    """

    def __init__(self, port: int, random: Random, *, hides_names: bool = False) -> None:
        super().__init__()
        self.chance = 0.0
        """How likely a POST is cut."""
        self.cuts = {"request": 0, "answer": 0}
        self._far, self._random, self._hides_names = port, random, hides_names

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        try:
            while await self._exchange(reader, writer, far_reader, far_writer):
                pass
        finally:
            writer.transport.abort()
            far_writer.transport.abort()

    async def _exchange(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> bool:
        """One request and its answer; false where it was cut."""
        request = self._hidden(await _message(reader))
        is_cut = request.startswith(b"POST ") and self._random.random() < self.chance
        in_request = is_cut and self._random.random() < 0.3
        if in_request:
            self.cuts["request"] += 1
            far_writer.write(request[: self._random.randrange(len(request) + 1)])
            await far_writer.drain()
            far_writer.write_eof()
            await far_reader.read()  # whatever it says of that
            return False
        far_writer.write(request)
        answer = self._hidden(await _message(far_reader))
        if is_cut:
            self.cuts["answer"] += 1
            writer.write(answer[: self._random.randrange(len(answer))])
            await writer.drain()
            writer.write_eof()
            return False
        writer.write(answer)
        await writer.drain()
        return True

    def _hidden(self, message: bytes) -> bytes:
        head, blank, body = message.partition(b"\r\n\r\n")
        return (NAMES.sub(b"x-hidden-", head) if self._hides_names else head) + blank + body


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request or an answer, whole; both of our sides say how long theirs are."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    return head + await reader.readexactly(int(length[1]) if length else 0)
