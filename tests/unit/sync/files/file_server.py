"""A task with files on a real loopback socket, which cuts, loses and hurries as the test wants."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fdtui.api.client import Client
from fdtui.api.limits import Limits
from fdtui.api.retry import Timing

QUICK = Limits(total=5, connect=2, stall=2, pace=1000, pace_over=0.5)


class FileServer:
    """One task, ``T-1``, whose field ``Docs`` holds files."""

    def __init__(self) -> None:
        self.files: list[dict[str, str]] = []
        self.blobs: dict[str, bytes] = {}
        self.puts: list[list[dict[str, Any]]] = []
        self.received = 0
        self.heeds_tags = True
        self.refuses = ""
        """Why every PUT is found to be invalid."""
        self.before_put: list[Callable[[], None]] = []
        """Called one by one, each when a whole PUT has arrived and nothing is done yet."""
        self.after_put: list[Callable[[], None]] = []
        self.cut_after: list[int] = []
        """Bytes of a PUT's body after which the connection is cut, for one PUT each."""
        self.says: tuple[int, bytes] | None = None
        """What a PUT that is done is answered with instead of the task."""
        self.slips: list[tuple[bool, int, bytes]] = []
        """What the next questions are answered with, one each: whether it is one for a file's bytes."""
        self.swallows = False
        """Whether a PUT is answered so and not done."""
        self.lose_answers = 0
        """PUTs that are done but whose answer never comes."""
        self.stand_still_after: int | None = None
        self.sends: Callable[[bytes], bytes] = lambda data: data
        """What is sent of a file whose length was told."""
        self.talks: set[asyncio.Task[None]] = set()
        self._number = 0
        self.port = 0

    def put_in(self, name: str, data: bytes) -> str:
        """A colleague's upload."""
        self._number += 1
        blob = f"blob{self._number}"
        self.blobs[blob] = data
        self.files.append({"blobId": blob, "contentType": "text/plain", "filename": name})
        return blob

    @property
    def names(self) -> list[str]:
        return [each["filename"] for each in self.files]

    def digest(self, name: str) -> str:
        blob = next(each["blobId"] for each in self.files if each["filename"] == name)
        return hashlib.sha256(self.blobs[blob]).hexdigest()

    @property
    def row(self) -> dict[str, Any]:
        return {"ID": "T-1", "Name": "Task", "Stage": "To do", "Docs": self.files}

    def _tag(self) -> str:
        return 'W/"' + hashlib.sha256(json.dumps(self.row).encode()).hexdigest()[:16] + '"'

    def _apply(self, body: dict[str, Any]) -> bool:
        """Do what was asked; answers whether it could be."""
        entries = body["Docs"]
        self.puts.append(entries)
        kept, old = [], {each["blobId"]: each for each in self.files}
        if self.refuses or any("blobId" in each and each["blobId"] not in old for each in entries):
            return False
        self.files = []
        for each in entries:
            if "blobId" in each:
                kept.append(old[each["blobId"]])
            elif "remoteUrl" in each:
                name = each["remoteUrl"].rpartition("/")[2]
                self.put_in(each.get("filename") or name, b"from afar")
                kept.append(self.files.pop())
            else:
                blob = self.put_in(
                    each["filename"], base64.b64decode(each["base64contents"], validate=True)
                )
                kept.append(self.files.pop() | {"contentType": each["contentType"], "blobId": blob})
        self.files = kept
        return True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.talks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self.talks.discard(task)
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b" ", 2)
        headers = dict(
            line.decode().lower().split(": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
        )
        if method == b"PUT":
            body = await self._body(reader, int(headers["content-length"]))
            if body is None:
                writer.transport.abort()
                return False
            if self.before_put:
                self.before_put.pop(0)()
            wanted = headers.get("if-match")
            if wanted is not None and self.heeds_tags and wanted != self._tag().lower():
                return self._answer(writer, 412, b'{"errors": ["changed"]}')
            if self.says is not None and self.swallows:
                return self._answer(writer, *self.says)
            if not self._apply(json.loads(body)):
                why = json.dumps({"errors": {"Docs": [self.refuses or "is invalid"]}})
                return self._answer(writer, 422, why.encode())
            if self.after_put:
                self.after_put.pop(0)()
            if self.lose_answers:
                self.lose_answers -= 1
                writer.transport.abort()
                return False
            if self.says is not None:
                return self._answer(writer, *self.says)
        if method == b"GET" and self.slips and self.slips[0][0] == (b"/files/" in target):
            return self._answer(writer, *self.slips.pop(0)[1:])
        if b"/files/" in target:
            data = self.blobs[target.rpartition(b"/")[2].decode()]
            length, sent = len(data), self.sends(data)
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())
            writer.write(sent)
            await writer.drain()
            if len(sent) < length:
                writer.write_eof()
            return len(sent) == length
        return self._answer(writer, 200, json.dumps(self.row).encode())

    async def _body(self, reader: asyncio.StreamReader, length: int) -> bytes | None:
        limit = self.cut_after.pop(0) if self.cut_after else None
        data = bytearray()
        while len(data) < length:
            if limit is not None and len(data) >= limit:
                return None
            if self.stand_still_after is not None and len(data) >= self.stand_still_after:
                await asyncio.Event().wait()
            data += (piece := await reader.read(min(65536, length - len(data))))
            self.received += len(piece)
            if not piece:
                return None
        return bytes(data)

    def _answer(self, writer: asyncio.StreamWriter, status: int, body: bytes) -> bool:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nETag: {self._tag()}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return True


async def no_wait(_: float) -> None:
    """A sleep that takes no time."""
    await asyncio.sleep(0)


@asynccontextmanager
async def opened(shelf: FileServer, limits: Limits = QUICK) -> AsyncIterator[Client]:
    """A client of the shelf."""
    listener = await asyncio.start_server(shelf.serve, "127.0.0.1", 0)
    shelf.port = listener.sockets[0].getsockname()[1]
    timing = Timing(chance=lambda: 0.0)
    client = Client.open(f"http://127.0.0.1:{shelf.port}", "key", limits=limits, timing=timing)
    yield client
    await client.aclose()
    talks = tuple(shelf.talks)
    for talk in talks:
        talk.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    listener.close()
    await listener.wait_closed()
