"""A whole SQLite database into a file while it is in use, and back once the file is proven good."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from fdtui.core.errors import StorageError, UsageError
from fdtui.server.private import make_folder
from fdtui.server.store.database import open_store
from fdtui.server.store.engines import BUSY_SECONDS, file_of, parse_url
from fdtui.server.store.meta import put
from fdtui.server.store.migrations import STEPS


def back_up(url: str, target: Path) -> None:
    """Copy the database at ``url`` as it is at this moment; its servers go on.

    Raises `UsageError` if ``target`` is there already, `StorageError`.
    """
    source = _file(url)
    if not source.exists():
        raise StorageError(f"There is no database at {source}.")
    if target.exists():
        raise UsageError(f"{target} is there already.", "Choose another name: nothing is overwritten.")
    with _told(f"The backup to {target} failed"), _beside(target) as part:
        _copy(source, part)
        _check(part)
        part.rename(target)


def restore(backup: Path, url: str) -> Path | None:
    """Put ``backup`` in the place of the database at ``url``, whose servers may go on.

    What was there is kept in a file that is answered. Raises `StorageError` for a backup that is
    damaged, of another program, or of a newer one; then nothing has changed.
    """
    place = _file(url)
    with _told(f"{backup} could not be restored"):
        _check(backup)
        make_folder(place.absolute().parent)
        with _beside(place) as part:
            _copy(backup, part)
            _rename(part)
            if not place.exists():
                part.rename(place)
                return None
            kept = place.with_name(f"{place.name}.before-restore-{secrets.token_hex(4)}")
            back_up(url, kept)
            _copy(part, place)
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
        contextlib.closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as reading,
        contextlib.closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as writing,
    ):
        writing.execute("PRAGMA synchronous = FULL")
        reading.backup(writing)


def _check(path: Path) -> None:
    """Raise `StorageError` unless ``path`` is a whole database of this program or an older one."""
    if not path.is_file():
        raise StorageError(f"There is no file {path}.")
    with contextlib.closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    ) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise StorageError(f"{path} is damaged: {found[0]}.")
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        if not {"meta", "workflows", "tasks", "keys", "schema_version"} <= tables:
            raise StorageError(f"{path} is no backup of a fdtui server.")
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
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"{what}: {error}.") from error
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror}.") from error
