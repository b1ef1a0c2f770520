"""A file that is there to be removed: its room is for the last words when the disk is full."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from fdtui.sync.storage.faults import DiskFullError

T = TypeVar("T")

BALLAST_SIZE = 1_000_000
"""Bytes; a day of typing needs less."""


class Ballast:
    """The file beside ``path``; it is laid down while there is room, and given up when there is none."""

    def __init__(self, path: Path, size: int = BALLAST_SIZE) -> None:
        self.path = path.with_name(f"{path.name}.ballast")
        self._size = size

    def lay(self) -> bool:
        """Have it on the disk; may block. False where there is no room for it."""
        with suppress(OSError):
            if self.path.lstat().st_size >= self._size:
                return True
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        try:
            self.path.unlink(missing_ok=True)
            handle = os.open(self.path, flags, 0o600)
            try:
                left = memoryview(secrets.token_bytes(self._size))  # which no file system can compress
                while left:
                    left = left[os.write(handle, left) :]
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError:
            with suppress(OSError):
                self.path.unlink()
            return False
        return True

    def give_up(self) -> bool:
        """Make its room free; False where there is none to make free."""
        try:
            self.path.unlink()
        except OSError:
            return False
        return True

    def saving(self, store: Callable[[], T]) -> T:
        """Do ``store``; where the disk is full, do it again in the room of the ballast.

        Raises what ``store`` raises; `DiskFullError` only once the ballast is gone, too.
        """
        try:
            return store()
        except DiskFullError:
            if not self.give_up():
                raise
        return store()
