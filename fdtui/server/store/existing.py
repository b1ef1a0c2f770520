"""Opening a database that is there already: only a server makes one."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import URL, inspect
from sqlalchemy.exc import SQLAlchemyError

from fdtui.core.errors import NotFoundError, StorageError, UsageError
from fdtui.server.store.database import Store, open_reader, open_store
from fdtui.server.store.engines import connections, file_of, parse_url
from fdtui.server.store.sqlite_file import open_read_only

_MARK = "schema_version"
"""The table that every database of ours has."""
_HINT = "Only `fdtui serve` makes a database: check the name."


def open_existing(url: str, *, reads_only: bool = False) -> Store:
    """The store at ``url``, which some server made; one that only reads is not migrated.

    Raises `NotFoundError` where there is no database of ours, which is then not made either,
    `ConfigError` and `StorageError` as `open_store` does.
    """
    check_exists(url)
    return open_reader(url) if reads_only else open_store(url)


def check_exists(url: str) -> None:
    """Raise `NotFoundError` unless a database of ours is at ``url``; nothing is made or changed."""
    parsed = parse_url(url)
    path = file_of(parsed)
    if path is not None:
        _check_file(path)
    elif parsed.get_backend_name() == "sqlite":
        raise UsageError("A database in memory is empty, and gone with the command.", "Name a file.")
    else:
        _check_server(parsed)


def _check_file(path: Path) -> None:
    if not path.exists():
        raise NotFoundError(f"There is no database {path}.", _HINT)
    try:
        with contextlib.closing(open_read_only(path)) as database:
            found = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_MARK,)).fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"The database {path} cannot be read: {error}.") from None
    if found is None:
        raise NotFoundError(f"{path} is not a database of a fdtui server.", _HINT)


def _check_server(parsed: URL) -> None:
    opened, _ = connections(parsed)
    try:
        with opened.transaction(write=False) as connection:
            is_ours = inspect(connection).has_table(_MARK)
    except (SQLAlchemyError, opened.driver_error) as error:
        raise StorageError(f"The database refused: {str(error).splitlines()[0]}.") from None
    finally:
        opened.close()
    if not is_ours:
        raise NotFoundError(f"{parsed.database} is not a database of a fdtui server.", _HINT)
