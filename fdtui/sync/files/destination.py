"""Where a download lands: beside its place under a private name, and in its place only when whole."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import secrets
import stat
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeAlias

from fdtui.core.errors import FdtuiError, StorageError
from fdtui.core.filename import numbered, safe_filename
from fdtui.core.safetext import quoted
from fdtui.core.transfer import size_words

_WRITE_BYTES = 512 * 1024
"""Bytes that are collected before the disk is asked."""
_DISK_RESERVE = 1_000_000
"""Bytes that stay free on the disk."""
Identity: TypeAlias = tuple[int, int]
"""A file on the disk whatever it is called: device and inode."""
_PART = re.compile(r"\.fdtui-[0-9a-f]{16}\.part")


def new_part() -> str:
    """A private name for a file that is not whole yet."""
    return f".fdtui-{secrets.token_hex(8)}.part"


def remove_part(folder: Path, part: str) -> None:
    """Remove what a program that died has left under a name of `new_part`.

    Only a regular file that is ours, in the folder itself; what cannot be removed stays.
    """
    if not _PART.fullmatch(part):
        return
    with suppress(OSError, ValueError), ExitStack() as undo:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        undo.callback(os.close, place)
        found = os.stat(part, dir_fd=place, follow_symlinks=False)
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
            os.unlink(part, dir_fd=place)


class DownloadTarget:
    """A `fdtui.core.transfer.Sink` in a folder. End it with `finish` or `discard`, on any way out.

    The name is made safe. Nothing that is there is written over, unless ``force`` says so, and then
    only a regular file. ``run`` are the files of one run (`Identity`), which grow by this one: ``force``
    does not replace those. ``part`` is what the file is called until it is whole. Raises `StorageError`.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        force: bool = False,
        moved: Callable[[int, int | None], object] = lambda *_: None,
        part: str = "",
        run: set[Identity] | None = None,
    ) -> None:
        self.folder, self.name = folder, safe_filename(name)
        self.size, self.total = 0, None
        self.digest = hashlib.sha256()
        self._force, self._moved = force, moved
        self._part = part or new_part()
        self._run = set() if run is None else run
        self._place = self._file = -1
        self._waiting = bytearray()
        self._lock = threading.Lock()

    total: int | None
    """What the server says that there is."""

    async def begin(self, total: int | None) -> None:
        """Make the file that takes the bytes."""
        self.total = total
        await asyncio.to_thread(self._guarded, self._open)
        self._moved(0, total)

    async def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self._waiting += data
        if len(self._waiting) >= _WRITE_BYTES:
            await self._flush()

    async def finish(self) -> Path:
        """Give the file its name; answers its path."""
        await self._flush()
        path = await asyncio.to_thread(self._guarded, self._settle)
        return self.folder / path

    def discard(self) -> None:
        """Remove what is not whole; does nothing after `finish`."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                with suppress(OSError):
                    os.unlink(self._part, dir_fd=self._place)
            if self._place >= 0:
                os.close(self._place)
            self._file = self._place = -1

    async def _flush(self) -> None:
        data, self._waiting = self._waiting, bytearray()
        await asyncio.to_thread(self._guarded, lambda: self._write(data))
        self._moved(self.size, self.total)

    def _guarded(self, work: Callable[[], str | None]) -> str:
        try:
            with self._lock:  # whoever cancels closes the file, but not under a write
                return work() or ""
        except OSError as error:
            raise self._trouble(error) from None

    def _open(self) -> None:
        self._place = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        room = os.fstatvfs(self._place)
        free = room.f_bavail * room.f_frsize
        if self.total is not None and self.total + _DISK_RESERVE > free:
            raise StorageError(
                f"{quoted(self.name)} needs {size_words(self.total)}, and "
                f"{size_words(free)} are free in {self.folder}."
            )
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(self._part, flags, 0o600, dir_fd=self._place)

    def _write(self, data: bytearray) -> None:
        if self._file < 0:
            raise FdtuiError("The download has ended.")
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        self.digest.update(data)
        self.size += len(data)

    def _settle(self) -> str:
        os.fchmod(self._file, 0o600)
        os.fsync(self._file)
        name = self._replace() if self._force else self._claim()
        self._run.add(_identity(os.fstat(self._file)))
        os.close(self._file)
        self._file = -1
        with suppress(OSError):  # some file systems sync no folders
            os.fsync(self._place)
        os.close(self._place)
        self._place = -1
        return name

    def _claim(self) -> str:
        """Take the first name that is free; to take and to look are one step."""
        for name in numbered(self.name):
            try:
                os.link(
                    self._part,
                    name,
                    src_dir_fd=self._place,
                    dst_dir_fd=self._place,
                    follow_symlinks=False,
                )
            except FileExistsError:
                continue
            except OSError as error:
                if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
                    raise
                if not self._claim_without_links(name):
                    continue
            else:
                os.unlink(self._part, dir_fd=self._place)
            return name
        raise StorageError(f"There are too many files called {quoted(self.name)} in {self.folder}.")

    def _claim_without_links(self, name: str) -> bool:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            os.close(os.open(name, flags, 0o600, dir_fd=self._place))
        except FileExistsError:
            return False
        os.rename(self._part, name, src_dir_fd=self._place, dst_dir_fd=self._place)  # over our own
        return True

    def _replace(self) -> str:
        with suppress(FileNotFoundError):
            found = os.stat(self.name, dir_fd=self._place, follow_symlinks=False)
            if not stat.S_ISREG(found.st_mode):
                raise StorageError(
                    f"{quoted(self.name)} in {self.folder} is not a regular file and was not replaced."
                )
            if _identity(found) in self._run:  # by what it is: a disk may take A.txt for a.txt
                return self._claim()
        os.rename(self._part, self.name, src_dir_fd=self._place, dst_dir_fd=self._place)
        return self.name

    def _trouble(self, error: OSError) -> StorageError:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            needed = f" of {size_words(self.total)}" if self.total is not None else ""
            free = ""
            with suppress(OSError):
                room = os.statvfs(self.folder)
                free = f"; {size_words(room.f_bavail * room.f_frsize)} are free"
            return StorageError(
                f"The disk is full: {size_words(self.size)}{needed} were written{free}.",
                "Nothing was saved.",
            )
        return StorageError(f"{self.folder}: {error.strerror or error}.", "Choose another folder.")


def _identity(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino
