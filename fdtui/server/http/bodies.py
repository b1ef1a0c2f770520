"""Bodies of requests: read with limits of size and time, big ones kept on disk until they are parsed.

A file of 50 MB comes as 67 MB of JSON. Parsed in one go it would hold the interpreter's lock for a third
of a second, and with it every other request: so long base64 texts are cut out of the bytes first, and
decoded slice by slice.
"""

from __future__ import annotations

import asyncio
import binascii
import contextlib
import hashlib
import mmap
import re
import secrets
import tempfile
from typing import IO, Any

from starlette.datastructures import Headers
from starlette.types import Receive

from fdtui.core.strictjson import loads
from fdtui.server.attachments import Decoded
from fdtui.server.refusal import RefusedError

MAX_BODY = 100_000_000
"""Bytes of one request's body."""
MAX_PLAIN = 20_000_000
"""Bytes of a body without the contents of its files."""
MAX_KEYS = 100_000
"""Keys in one body: a task has fewer, and counting is cheaper than parsing."""
MAX_IN_MEMORY = 1_000_000
"""Bytes that stay in memory."""
BODY_TIMEOUT = 30.0
"""Seconds that a body may take, and one more for every `MIN_BYTES_PER_SECOND` bytes of it."""
MIN_BYTES_PER_SECOND = 20_000

_LONG_TEXT_BYTES = 65_536
_SPOOL_SLICE = 1_048_576
_KEY = b'"base64contents"'
_TO_VALUE = re.compile(rb'[ \t\r\n]*:[ \t\r\n]*"')


class Body:
    """A body, read whole; on disk once it is big."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None

    def add(self, chunk: bytes) -> None:
        """Take the next bytes; raises `RefusedError` for too many."""
        self.size += len(chunk)
        check_size(self.size)
        if self._file is None and self.size > MAX_IN_MEMORY:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
            self._file.writelines(self._parts)
            self._parts.clear()
        if self._file is not None:
            self._file.write(chunk)
        else:
            self._parts.append(chunk)

    def value(self) -> Any:
        """The JSON value, with a `Decoded` wherever a file's long base64 text stood.

        Raises `BadJsonError`, `RefusedError`. To be called in a thread.
        """
        if self._file is None:
            return _parse(b"".join(self._parts), {})
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return _parse(*_without_files(mapped))

    def digest(self) -> str:
        """A hash of its bytes; to be called in a thread."""
        found = hashlib.sha256()
        if self._file is None:
            for part in self._parts:
                found.update(part)
        else:
            self._file.flush()
            with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                found.update(mapped)
        return found.hexdigest()

    def close(self) -> None:
        """Forget it."""
        if self._file is not None:
            self._file.close()


def check_size(size: int) -> None:
    """Refuse more than `MAX_BODY` bytes."""
    if size > MAX_BODY:
        raise RefusedError(
            f"A body may have at most {MAX_BODY:,} bytes.", status=413, headers={"Connection": "close"}
        )


async def read_body(headers: Headers, receive: Receive) -> Body:
    """The body of a request; raises `RefusedError` for a wrong type, too many bytes or too much time."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError("The body must be sent as application/json.", status=415)
    length = headers.get("content-length", "0")
    check_size(int(length) if length.isdecimal() else 0)
    with contextlib.ExitStack() as stack:
        body = Body()
        stack.callback(body.close)
        try:
            await _fill(body, receive)
        except TimeoutError:
            closing = {"Connection": "close"}
            raise RefusedError("The body came too slowly.", status=408, headers=closing) from None
        stack.pop_all()
    return body


async def _fill(body: Body, receive: Receive) -> None:
    start, more = asyncio.get_running_loop().time(), True
    async with asyncio.timeout(BODY_TIMEOUT) as limit:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RefusedError("The body ended too early.", status=400)
            body.add(message.get("body", b""))
            more = message.get("more_body", False)
            if more:
                limit.reschedule(start + BODY_TIMEOUT + body.size / MIN_BYTES_PER_SECOND)


def _without_files(mapped: mmap.mmap) -> tuple[bytes, dict[str, Decoded]]:
    """The JSON with a mark for each long base64 text, and what the marks stand for.

    The key's first quote has no backslash before it, so it begins or ends a text; if it ends one, then
    this is no JSON, and `loads` will say so.
    """
    kept: list[bytes] = []
    files: dict[str, Decoded] = {}
    done, at = 0, mapped.find(_KEY)
    while at >= 0:
        after = at + len(_KEY)
        colon = _TO_VALUE.match(mapped, after) if mapped[at - 1 : at] != b"\\" else None
        end = mapped.find(b'"', colon.end()) if colon else -1
        if colon and end - colon.end() >= _LONG_TEXT_BYTES and mapped[end - 1 : end] != b"\\":
            mark = secrets.token_hex(16)
            files[mark] = Decoded(_decoded(mapped, colon.end(), end))
            kept += [mapped[done : colon.end()], mark.encode()]
            done = after = end
        at = mapped.find(_KEY, after)
    if sum(map(len, kept)) + len(mapped) - done > MAX_PLAIN:
        raise RefusedError(f"Without its files a body has at most {MAX_PLAIN:,} bytes.", status=413)
    return b"".join([*kept, mapped[done:]]), files


def _decoded(mapped: mmap.mmap, start: int, end: int) -> bytes | None:
    """The bytes of strict base64, or ``None``; between slices other threads get their turn."""
    source: mmap.mmap | bytes = mapped
    if mapped.find(b"\\", start, end) >= 0:  # some write every slash as \/
        source = mapped[start:end].replace(b"\\/", b"/")
        start, end = 0, len(source)
    if (end - start) % 4:
        return None
    parts = []
    for at in range(start, end, _SPOOL_SLICE):
        piece = source[at : min(at + _SPOOL_SLICE, end)]
        if b"=" in piece and at + _SPOOL_SLICE < end:
            return None
        try:
            parts.append(binascii.a2b_base64(piece, strict_mode=True))
        except binascii.Error:
            return None
    return b"".join(parts)


def _parse(text: bytes, files: dict[str, Decoded]) -> Any:
    if text.count(b'":') > MAX_KEYS:
        raise RefusedError(f"The body has more than {MAX_KEYS} keys.", status=400)
    value = loads(text)
    return _restored(value, files) if files else value


def _restored(value: Any, files: dict[str, Decoded]) -> Any:
    if isinstance(value, list):
        return [_restored(each, files) for each in value]
    if isinstance(value, dict):
        return {
            key: files[each]
            if key == "base64contents" and isinstance(each, str) and each in files
            else _restored(each, files)
            for key, each in value.items()
        }
    return value
