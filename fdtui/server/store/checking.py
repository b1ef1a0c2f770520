"""Whether a SQLite database is whole, found out before anybody is served from it, in bounded time."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from fdtui.core.errors import DamagedError, StorageError
from fdtui.server.store import faults
from fdtui.server.store.migrations import STEPS
from fdtui.server.store.sqlite_file import DATABASE_BUSY_TIMEOUT, open_read_only

CHECK_TIMEOUT = 10.0
"""For the whole check; what it has not come to by then is looked at when it is used."""
QUICK_CHECK_TIMEOUT = 0.15
"""For the database of somebody who waits for a board; enough to look at the pages of 300,000 tasks."""
STEPS_BETWEEN_LOOKS = 10_000
"""Instructions of SQLite's machine between two looks at the clock: about a tenth of a millisecond."""
_VERSION = "SELECT max(version) FROM schema_version"
_FIRST = ("meta", "workflows", "keys", "tasks", "links")
_LAST = ("activity", "contents", "kept_answers")
"""The long ones come last, should the time run out."""
_JSON = {
    "workflows": ("definition",),
    "tasks": ("data",),
    "activity": ('"before"', '"after"'),
    "executions": ("action", "errors"),
    "kept_answers": ("headers",),
}
"""The columns that hold JSON."""
_NOT_OPENED = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PERM,
    }
)
"""What says nothing of what is in the file; anything else in answer to our questions does."""
_WITHOUT = "If there is none, `sqlite3 OLD .recover | sqlite3 NEW` saves what can be read."


def check_whole(url: str, *, seconds: float = CHECK_TIMEOUT) -> bool:
    """Raise `DamagedError`, with the way out, if the database at ``url`` is damaged.

    False where ``seconds`` were not enough to look at everything; true for a database that has no file
    yet, and for PostgreSQL, which looks after its own.
    """
    from fdtui.server.store.engines import file_of, parse_url  # noqa: PLC0415 - SQLAlchemy

    path = file_of(parse_url(url))
    if path is None or not path.is_file() or path.stat().st_size == 0:
        return True
    try:
        found = first_fault(path, seconds)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            return False
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_OPENED:
            raise StorageError(f"The database {path} cannot be opened: {error}.") from error
        found = faults.reason_of(error)
    if found is not None:
        hint = f"Put a backup in its place: fdtui restore FILE --db {url}. {_WITHOUT}"
        raise DamagedError(f"The database {path} is damaged ({found[:200]}), so it is not used.", hint)
    return True


def first_fault(path: Path, seconds: float) -> str | None:
    """What is wrong with the SQLite file ``path``, if anything.

    Raises what `sqlite3` raises, also where ``seconds`` were not enough.
    """
    with _reading(path, seconds) as database:
        return next(_faults_in(database), None)


@contextlib.contextmanager
def _reading(path: Path, seconds: float) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(open_read_only(path, DATABASE_BUSY_TIMEOUT, any_thread=True)) as database:
        over = time.monotonic() + seconds
        database.set_progress_handler(lambda: time.monotonic() >= over, STEPS_BETWEEN_LOOKS)
        # An older SQLite does not call that within an integrity check, and forgets an interruption
        # that falls between two statements: so both.
        timer = threading.Timer(seconds, database.interrupt)
        timer.start()
        try:
            yield database
        finally:
            timer.cancel()
            timer.join()


def _faults_in(database: sqlite3.Connection) -> Iterator[str]:
    """What is wrong, table by table: its pages and indexes, its texts, its JSON."""
    for (said,) in database.execute("PRAGMA quick_check(1)"):  # a tenth of the time of all below
        if said != "ok":
            yield str(said)
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    ours = "schema_version" in names and database.execute(_VERSION).fetchone()[0] == len(STEPS)
    for name in sorted(names, key=_order):
        quoted = '"' + name.replace('"', '""') + '"'
        for (said,) in database.execute(f"PRAGMA integrity_check({quoted})"):
            if said != "ok":
                yield str(said)
        for column in _JSON.get(name, ()) if ours else ():
            wrong = f"SELECT count(*) FROM {quoted} WHERE NOT json_valid({column})"  # noqa: S608 - quoted
            if database.execute(wrong).fetchone()[0]:
                yield f"{name} holds values that are none"
        if name != "contents":  # whose bytes have a checksum of their own
            for _ in database.execute(f"SELECT * FROM {quoted}"):  # noqa: S608 - quoted
                pass  # the driver reads every text
    if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
        yield "rows refer to rows that are missing"


def _order(name: str) -> tuple[int, str]:
    return (-1 if name in _FIRST else name in _LAST, name)
