"""What the disk's or SQLite's own error means to a person: make room, wait, change a permission."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from fdtui.core.errors import DamagedError, StorageError, UnwritableError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_NO_TEXT = "Could not decode to UTF-8"
"""What the SQLite driver says of bytes that are no text."""


class DiskFullError(UnwritableError):
    """There is no room: nothing was stored."""


def fault_of(error: Exception, path: Path) -> StorageError:
    """``error``, which came of using the file at ``path``, in words of ours."""
    if isinstance(error, StorageError):
        return error
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    number = error.errno if isinstance(error, OSError) else 0
    if code == sqlite3.SQLITE_FULL or number in _FULL:
        return DiskFullError(f"The disk is full ({_free(path)} free): {path}.", "Make some room on it.")
    if number == errno.EROFS:
        return UnwritableError(
            f"The disk of {path} can only be read.", "Name a folder on another one in FDTUI_HOME."
        )
    if code == sqlite3.SQLITE_READONLY or number in _FORBIDDEN:
        return UnwritableError(f"{path} can only be read.", f"Let it be written: {_allow(path)}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UnwritableError(f"Another program holds {path}.", "Try again in a moment.")
    if is_damage(error):
        return DamagedError(f"{path} is damaged.", "Start fdtui again: it saves what can be read.")
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(f"The disk reports an error at {path} ({_free(path)} free).")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StorageError(f"{path} cannot be used: {reason}.")


def is_damage(error: Exception) -> bool:
    """Whether ``error`` says that what is stored is damaged, so that trying again does not help."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in _DAMAGED or str(error).startswith(_NO_TEXT)


def _free(path: Path) -> str:
    from fdtui.core.transfer import size_words  # noqa: PLC0415 - few starts need it

    try:
        found = os.statvfs(path.parent)
    except OSError:
        return "an unknown amount"
    return size_words(found.f_bavail * found.f_frsize)


def _allow(path: Path) -> str:
    from shlex import quote  # noqa: PLC0415 - few starts need it

    return f"chmod u+rw {quote(str(path))} && chmod u+rwx {quote(str(path.parent))}"
