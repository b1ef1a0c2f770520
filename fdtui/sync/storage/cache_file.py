"""The cache's file: opened, checked, thrown away where it is not ours. Nothing is kept only here."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import quote

from fdtui.core.errors import DamagedError, StorageError

VERSION = 3
_OURS = 0x66645463
"""What SQLite's header says of whose file it is."""
BUSY_TIMEOUT = 5.0
"""Seconds that a write waits for another window's."""
READ_TIMEOUT = 1.0
"""Seconds that a read waits; in WAL only for a file that is being repaired or closed."""
LOOK_TIMEOUT = 0.2
"""Seconds that a look waits for one: it comes while somebody types."""
_TABLES = """
create table list (id integer primary key check (id = 1), body blob not null, sum integer not null);
create table workflow (
    id text primary key, at real not null, revision text not null,
    body blob not null, sum integer not null,
    listing text not null, size integer not null, apart integer not null, total integer not null,
    feed text not null
) without rowid;
create table listing (
    workflow text primary key, lanes blob not null, ends blob not null, sums blob not null,
    places blob not null, text blob not null
);
create table apart (
    workflow text not null, place integer not null, key text not null, body blob, sum integer not null,
    primary key (workflow, place, key)
) without rowid;
create table part (
    workflow text not null, key text not null, part text not null, at real not null,
    body blob not null, sum integer not null, primary key (workflow, key, part)
);
create table place (workflow text primary key, stage text not null, key text not null) without rowid;
"""
_NO_DAMAGE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "its file cannot be written",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_PERM: "its file cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk failed",
    sqlite3.SQLITE_BUSY: "its file is locked",
    sqlite3.SQLITE_LOCKED: "its file is locked",
}


CACHE_FAULTS = (sqlite3.Error, OSError, ValueError, MemoryError, OverflowError)
"""What SQLite raises for a file that is damaged, or that the disk refuses; `cache_error` says which.

A damaged file makes lengths and names up, so it is not only its own errors.
"""


class OtherVersionError(DamagedError):
    """Another version of the program wrote the file, so it is of no use to this one."""


class BusyError(StorageError):
    """Another window has the file; later is early enough."""


def cache_error(error: BaseException) -> StorageError:
    """What an error of the file means: `DamagedError`, `BusyError`, or that the disk refuses."""
    if isinstance(error, OSError):
        return StorageError((error.strerror or "the disk refuses").lower())
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code not in _NO_DAMAGE:
        return DamagedError("The cache is damaged.")
    kind = BusyError if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} else StorageError
    return kind(_REASONS.get(code, str(error)))


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """A connection to what is there; ``None`` where nothing is. Raises as `cache_error` says.

    Where nothing has been cached yet nothing is made, which would only delay the first frame.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise DamagedError("The cache is no file.")
        if not path.exists():
            return None
        return _connected(path, READ_TIMEOUT)
    except CACHE_FAULTS as error:
        raise cache_error(error) from None


def open_for_a_look(path: Path) -> sqlite3.Connection | None:
    """As `open_for_reading`, but nothing can be written, and nobody is waited for."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with ExitStack() as undo:
            where = f"file:{quote(os.fsencode(path))}?mode=ro"
            db = sqlite3.connect(where, uri=True, timeout=LOOK_TIMEOUT, isolation_level=None)
            undo.callback(db.close)
            with closing(db.cursor()) as cursor:
                if not _is_ours(cursor):
                    return None
            undo.pop_all()
        return db
    except CACHE_FAULTS as error:
        raise cache_error(error) from None


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection that may write, to a file that is made where there is none; only its owner's."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_symlink() or path.is_dir():
            raise DamagedError("The cache is no file.")
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(path, flags, 0o600)
        is_new = os.fstat(handle).st_size == 0
        os.fchmod(handle, 0o600)
        os.close(handle)
        found = None if is_new else _connected(path, BUSY_TIMEOUT)
        return _made(path) if found is None else found
    except CACHE_FAULTS as error:
        raise cache_error(error) from None


def _connected(path: Path, timeout: float) -> sqlite3.Connection | None:
    """A connection to a file of ours; ``None`` where another window is just making it."""
    with ExitStack() as undo:
        db = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
        undo.callback(db.close)
        with closing(db.cursor()) as cursor:
            cursor.execute("begin")  # one moment: another window may be making it between two questions
            if not _is_ours(cursor):
                return None
            cursor.execute("rollback")
            cursor.execute("pragma synchronous = normal")
        undo.pop_all()
    return db


def _is_ours(cursor: sqlite3.Cursor) -> bool:
    """Whether it is; false for a file that another window is just making. Raises `DamagedError`."""
    (whose,) = cursor.execute("pragma application_id").fetchone()
    (version,) = cursor.execute("pragma user_version").fetchone()
    if whose != _OURS:
        if (whose, version) == (0, 0) and _is_blank(cursor):
            return False
        raise DamagedError("The cache is another program's file.")
    if version != VERSION:
        raise OtherVersionError("The cache is of another version.")
    return True


def _is_blank(cursor: sqlite3.Cursor) -> bool:
    (tables,) = cursor.execute("select count(*) from sqlite_master").fetchone()
    return bool(tables == 0)


def _made(path: Path) -> sqlite3.Connection:
    with ExitStack() as undo:
        db = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
        undo.callback(db.close)
        with closing(db.cursor()) as cursor:
            cursor.execute("pragma journal_mode = wal")
            cursor.execute("pragma synchronous = normal")
            cursor.execute("begin exclusive")
            (whose,) = cursor.execute("pragma application_id").fetchone()
            if whose != _OURS:  # no other window was faster
                for statement in _TABLES.split(";\n"):
                    if statement.strip():
                        cursor.execute(statement)
                cursor.execute(f"pragma application_id = {_OURS}")
                cursor.execute(f"pragma user_version = {VERSION}")
            cursor.execute("commit")
        undo.pop_all()
    return db


def throw_away(path: Path) -> None:
    """Make room for a new file; raises `StorageError`. A folder with something in it is put aside."""
    try:
        for suffix in ("-wal", "-shm", "-journal"):  # first: a new file must not find an old one's
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rmdir()
                return
            path.rename(path.with_name(f"{path.name}.aside"))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise cache_error(error) from None


def throw_away_old(folder: Path, keep: Path, before: float) -> None:
    """Remove the caches beside ``keep`` that nobody has opened since ``before``."""
    with suppress(OSError):
        for each in folder.glob("cache-*.db"):
            if each != keep and each.stat().st_mtime < before:
                throw_away(each)
