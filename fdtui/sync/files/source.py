"""A file to be attached: opened once, read in slices beside the event loop, watched for changes."""

from __future__ import annotations

import asyncio
import base64
import errno
import hashlib
import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

from fdtui.core.errors import StorageError, UsageError
from fdtui.core.mediatype import TYPE_BYTES, media_type
from fdtui.core.safetext import quoted
from fdtui.core.transfer import size_words

MAX_FILE = 74_000_000
"""Bytes of a file that is attached. As base64 in a request it is a third more, and our own server,
like most proxies, takes 100 MB in one."""
MAX_NAME_LENGTH = 255
_OF_THE_MACHINE = frozenset({errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Why a file cannot be opened that may be named rightly."""
_UPLOAD_SLICE = 192 * 1024
"""Bytes read at once: a multiple of three, so that slices of base64 join without a seam."""


class FileSource:
    """A regular file of a known size; raises `UsageError` or `StorageError` where it cannot be sent."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        self._file = file
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"{quoted(name)} is not a regular file and cannot be attached.")
        check_size(name, found.st_size)
        self._seen = _identity(found)
        self.size = found.st_size
        self.digest = ""
        """SHA-256 of what was read first; whatever is read later must be the same."""
        self.media_type = media_type(name, os.pread(file.fileno(), TYPE_BYTES, 0))

    @classmethod
    def open(cls, path: Path, name: str = "") -> Self:
        """The file at ``path``, called ``name`` or as it is on the disk; a pipe is not waited for."""
        try:
            file = open(path, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115
        except IsADirectoryError:
            raise UsageError(f"{quoted(str(path))} is a folder and cannot be attached.") from None
        except OSError as error:
            if error.errno in _OF_THE_MACHINE:
                raise unreadable(str(path), error) from None
            raise UsageError(unreadable(str(path), error).message) from None
        except ValueError:
            raise UsageError(f"{quoted(str(path))} is no path.") from None
        with ExitStack() as undo:
            undo.callback(file.close)
            source = cls(file, wire_name(name or path.name))
            undo.pop_all()
        return source

    @property
    def stamp(self) -> tuple[int, int]:
        """Bytes, and when it was written (nanoseconds): what stays the same of it over a restart."""
        return self._seen[:2]

    def is_same(self, other: FileSource) -> bool:
        """Whether it is the same file, unchanged since ``other`` was opened."""
        return self._seen == other._seen

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    async def slices(self, moved: Callable[[int], object]) -> AsyncIterator[bytes]:
        """The file as base64, from its beginning; ``moved`` hears how many bytes were taken so far.

        Raises `StorageError` before the last slice is handed out if the file changed meanwhile: a
        request without its end is one that the server cannot act on.
        """
        digest, at = hashlib.sha256(), 0
        while at < self.size:
            data = await asyncio.to_thread(self._read, at, digest)
            at += len(data)
            if at == self.size:
                await asyncio.to_thread(self._check, digest.hexdigest())
            encoded = await asyncio.to_thread(base64.b64encode, data)
            yield encoded
            moved(at)
        if not self.size:
            self._check(digest.hexdigest())

    def _read(self, at: int, digest: hashlib._Hash) -> bytes:
        wanted, data = min(_UPLOAD_SLICE, self.size - at), b""
        try:
            while len(data) < wanted:
                piece = os.pread(self._file.fileno(), wanted - len(data), at + len(data))
                if not piece:
                    raise self._changed()
                data += piece
        except OSError as error:
            raise unreadable(self.name, error) from None
        digest.update(data)
        return data

    def _check(self, digest: str) -> None:
        if _identity(os.fstat(self._file.fileno())) != self._seen or self.digest not in {"", digest}:
            raise self._changed()
        self.digest = digest

    def _changed(self) -> StorageError:
        return StorageError(
            f"{quoted(self.name)} changed during the upload and was not attached.",
            "Try again once it no longer changes.",
        )


def _without_waiting(path: str, _: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)


def check_size(name: str, size: int) -> None:
    """Refuse a file that is too large, before anything of it is read."""
    if size > MAX_FILE:
        has, most = size_words(size), size_words(MAX_FILE)
        has = f"more than {most}" if has == most else has
        raise UsageError(f"{quoted(name)} has {has}; at most {most} can be attached.")


def wire_name(name: str) -> str:
    """A name from the disk as it can be written in JSON, and not longer than servers take."""
    return name.encode("utf-8", "replace").decode()[:MAX_NAME_LENGTH]


def encoded_length(size: int) -> int:
    """The length of this many bytes in base64."""
    return (size + 2) // 3 * 4


def unreadable(name: str, error: OSError) -> StorageError:
    """Why the disk does not let it be read, as a sentence."""
    return StorageError(f"{quoted(name)} cannot be read: {error.strerror or error}.")


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino
