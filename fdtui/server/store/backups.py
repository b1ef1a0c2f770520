"""A whole SQLite database into a file while it is in use, and back once the file is proven good."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from fdtui.core.errors import DamagedError, StorageError, UsageError
from fdtui.core.frozen import frozen
from fdtui.server.private_folder import make_folder
from fdtui.server.store.checking import check_whole
from fdtui.server.store.database import open_store
from fdtui.server.store.engines import file_of, parse_url
from fdtui.server.store.meta import put
from fdtui.server.store.migrations import STEPS
from fdtui.server.store.reviving import Present, present_in, settle
from fdtui.server.store.sqlite_file import DATABASE_BUSY_TIMEOUT, open_read_only


def back_up(url: str, target: Path) -> None:
    """Copy the database at ``url`` as it is at this moment; its servers go on.

    Raises `UsageError` if ``target`` is there already, `StorageError`.
    """
    source = _file(url)
    if not source.exists():
        raise StorageError(f"There is no database at {source}.")
    if target.exists():
        raise UsageError(f"{target} already exists.", "Choose another name: nothing is overwritten.")
    with _errors_of(f"The backup to {target} failed"), _beside(target) as part:
        _copy(source, part)
        _check(part)
        part.rename(target)


_AS_LONG_AS_IT_TAKES = 3600.0
_MOVED = "The database that was there is damaged: if a server is running, start it again."


@frozen
class Restored:
    """What a restore did: where the old database is ``kept``, and what was ``told`` of its keys."""

    kept: Path | None = None
    told: tuple[str, ...] = ()


def restore(backup: Path, url: str, *, now: datetime, revive: Collection[str] = ()) -> Restored:
    """Put ``backup`` in the place of the database at ``url``, whose servers may go on.

    What was there is kept in a file; what it had ended stays ended, but for the kinds in ``revive``
    (`reviving.REVIVABLE`). A damaged database is moved away, and its servers have to be started again.
    Raises `StorageError` for a backup that is damaged, of another program, or of a newer one; then
    nothing has changed.
    """
    place = _file(url)
    with _errors_of(f"{backup} could not be restored"):
        _check(backup)
        make_folder(place.absolute().parent)
        with _beside(place) as part:
            _copy(backup, part)
            _rename(part)
            told = _settle(part, _facts(place), now, revive)
            if place.exists() and _is_whole(url):
                kept = _name_beside(place)
                back_up(url, kept)
                _copy(part, place)
                return Restored(kept, told)
            moved = _moved_away(place) if place.exists() else None
            part.rename(place)
            return Restored(moved, (*told, _MOVED) if moved else told)


def _is_whole(url: str) -> bool:
    try:
        check_whole(url, seconds=_AS_LONG_AS_IT_TAKES)
    except DamagedError:
        return False
    return True


def _facts(place: Path) -> Present:
    """What the database at ``place`` says of what was ended, as far as it can be read."""
    try:
        with contextlib.closing(open_read_only(place, DATABASE_BUSY_TIMEOUT)) as database:
            return present_in(database)
    except (sqlite3.Error, ValueError):
        return Present()


def _settle(part: Path, facts: Present, now: datetime, revive: Collection[str]) -> tuple[str, ...]:
    with contextlib.closing(sqlite3.connect(part)) as database, database:
        return settle(database, facts, now, revive)


def _name_beside(place: Path) -> Path:
    return place.with_name(f"{place.name}.before-restore-{secrets.token_hex(4)}")


def _moved_away(place: Path) -> Path:
    """Move a damaged database aside as it is, for a copy of it would be refused."""
    kept = _name_beside(place)
    for ending in ("-wal", "-shm", "-journal", ""):
        with contextlib.suppress(FileNotFoundError):
            place.with_name(place.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _file(url: str) -> Path:
    parsed = parse_url(url)
    path = file_of(parsed)
    if parsed.get_backend_name() == "postgresql":
        raise UsageError(
            "PostgreSQL has its own tools for this, which know its users and settings too.",
            "Use pg_dump --format=custom to back up and pg_restore to restore.",
        )
    if path is None:
        raise UsageError("A database in memory cannot be backed up.")
    return path


def _copy(source: Path, target: Path) -> None:
    """All pages in one transaction of the target, from one moment of the source."""
    with (
        contextlib.closing(sqlite3.connect(source, timeout=DATABASE_BUSY_TIMEOUT)) as reading,
        contextlib.closing(sqlite3.connect(target, timeout=DATABASE_BUSY_TIMEOUT)) as writing,
    ):
        writing.execute("PRAGMA synchronous = FULL")
        reading.backup(writing)


def _check(path: Path) -> None:
    """Raise `StorageError` unless ``path`` is a whole database of this program or an older one."""
    if not path.is_file():
        raise StorageError(f"There is no file {path}.")
    with contextlib.closing(open_read_only(path)) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise StorageError(f"{path} is damaged: {found[0]}.")
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        if not {"meta", "workflows", "tasks", "keys", "schema_version"} <= tables:
            raise StorageError(f"{path} is not a backup of a fdtui server.")
        [version] = database.execute("SELECT max(version) FROM schema_version").fetchone()
        if version is None or version > len(STEPS):
            raise StorageError(f"{path} was made by a newer fdtui (schema {version}).")
        if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError(f"{path} is damaged: rows refer to rows that are missing.")


def _rename(path: Path) -> None:
    """Bring a copy to our schema, under a new name: what anybody remembers of the old must not fit."""
    store = open_store(f"sqlite:///{path}")
    try:
        store.write(lambda tx: put(tx, "store", secrets.token_hex(8)))
        store.write(lambda tx: put(tx, "catalog", secrets.token_hex(8)))
    finally:
        store.close()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A private file next to ``path`` to build in; gone afterwards, unless it was renamed."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield part
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)


@contextlib.contextmanager
def _errors_of(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"{what}: {error}.") from error
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror}.") from error
