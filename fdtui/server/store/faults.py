"""What a database's own error means to who asked: wait, make room, or fetch the backup."""

from __future__ import annotations

import sqlite3

from fdtui.core.errors import DamagedError, StorageError, UnwritableError

RESTORE = "Put a backup back: fdtui restore FILE."
FULL = "The disk of the database is full, so nothing was stored."
READ_ONLY = "The database can only be read now, so nothing was stored."
BUSY = "Another program holds the database, so nothing was stored."

_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
}
_POSTGRESQL = {
    "53100": FULL,
    "25006": READ_ONLY,
    "55P03": BUSY,  # no lock in time
    "40001": BUSY,  # two transactions that cannot both be
    "40P01": BUSY,  # a deadlock, of which we were the victim
}
_DAMAGED = frozenset({"XX001", "XX002"})
"""PostgreSQL's states of damaged data and of a damaged index."""
_NO_TEXT = "Could not decode to UTF-8"
"""What the SQLite driver says of bytes that are no text."""


def storage_error(error: BaseException) -> StorageError:
    """The driver's ``error`` as one of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    state = str(getattr(error, "sqlstate", "") or "")
    damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or state in _DAMAGED
    if damaged or str(error).startswith(_NO_TEXT):
        return DamagedError(f"The database is damaged: {reason_of(error)}.", RESTORE)
    sentence = _SQLITE.get(code) or _POSTGRESQL.get(state)
    if sentence is not None:
        return UnwritableError(sentence)
    return StorageError(f"The database refused: {error}.")


def reason_of(error: BaseException) -> str:
    """The driver's words, without what stands in the database."""
    no_text = isinstance(error, UnicodeDecodeError) or str(error).startswith(_NO_TEXT)
    return "a text is no text" if no_text else str(error)[:200]


def is_passing(error: BaseException) -> bool:
    """Whether ``error`` says that others were in the way, and nothing of the connection."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _SQLITE.get(code) == BUSY or _POSTGRESQL.get(getattr(error, "sqlstate", None) or "") == BUSY
