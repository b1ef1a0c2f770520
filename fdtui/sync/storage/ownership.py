"""Folders and files that are this user's alone, and the refusal of those that are not."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import quote

from fdtui.core.errors import StorageError

try:
    import fcntl
except ImportError:  # Windows: there two windows that start at once are on their own
    fcntl = None  # type: ignore[assignment]

Identity = tuple[int, int]
"""Which file it is, whatever its name: the device and the number on it."""

_ALONE_SECONDS = 5.0
"""How long one waits for another window that opens the same file."""


def check_folder(folder: Path) -> None:
    """Make ``folder`` and its parents where they are missing; ours alone, whatever the umask.

    Raises `OSError`, and `StorageError` where others could put their files in it.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    name = quote(str(folder))
    if found.st_uid != os.geteuid():
        raise StorageError(
            f"{folder} belongs to another user.",
            f"If it is meant to be yours: sudo chown -R $USER {name}",
        )
    if found.st_mode & stat.S_IWOTH:
        raise StorageError(
            f"Everybody can write to {folder}, so what is in it may be anybody's.",
            f"Look at it, then close it: chmod 700 {name}",
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def make_private(path: Path) -> Identity:
    """Make the file where it is missing, readable by its owner alone; answers which file that is.

    Raises `OSError`, and `StorageError` where it is not a file of ours.
    """
    name = quote(str(path))
    if path.is_symlink():
        raise StorageError(
            f"{path} is a symbolic link, which may lead anywhere.", f"Remove it: rm {name}"
        )
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags, 0o600)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise StorageError(f"{path} is not a file.", f"Move it away: mv {name} {name}.old")
        if found.st_uid != os.geteuid():
            raise StorageError(
                f"{path} belongs to another user.",
                f"If it is meant to be yours: sudo chown $USER {name}",
            )
        if stat.S_IMODE(found.st_mode) != 0o600:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)
    return found.st_dev, found.st_ino


def identity_of(path: Path) -> Identity | None:
    """Which file is there now, if there is one."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other window opens the file; not for ever, and not where there are no locks."""
    lock = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:  # a disk that is full or can only be read; what is there can still be read
        yield
        return
    try:
        if fcntl is not None:
            with suppress(OSError):
                _wait_for(handle)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int) -> None:
    deadline = time.monotonic() + _ALONE_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return
            time.sleep(0.01)
        else:
            return
