"""The two databases that a workspace may live in, opened so that they behave alike.

SQLite is a file (WAL, FULL: what is committed survives a power cut) or memory. On PostgreSQL a writer
takes an advisory lock first, so that there too only one writes at a time, whichever server it is in.
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from fdtui.core.errors import ConfigError, StorageError
from fdtui.server.private_folder import make_folder
from fdtui.server.store.connections import Connections
from fdtui.server.store.sqlite_file import DATABASE_BUSY_TIMEOUT

SPELLINGS = "Write sqlite:///path/to/file or postgresql://user@host/database."

_ADVISORY_LOCK = 7_225_103
"""The first half of the advisory lock's number: chance, to meet nobody else's."""
_BEGIN = {
    "sqlite": ("BEGIN", "BEGIN IMMEDIATE"),
    "postgresql": (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
        f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK}, hashtext(current_schema()))",
    ),
}
_MAX_CONNECTIONS = {"sqlite": 48, "postgresql": 16}
"""Connections of one server; a PostgreSQL takes a hundred by default, from all of them."""


def parse_url(url: str) -> URL:
    """The parts of a database's URL; raises `ConfigError` where it names none that we know."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("The database URL is not understood.", SPELLINGS) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(f"There is no support for {parsed.get_backend_name()} databases.", SPELLINGS)
    return parsed


def shown(url: str) -> str:
    """Where a database is, as it may be shown: a file, or an address without a password."""
    parsed = parse_url(url)
    path = file_of(parsed)
    if path is not None:
        return str(path.absolute())
    return parsed.set(query={}).render_as_string(hide_password=True)


def file_of(parsed: URL) -> Path | None:
    """The file of a SQLite database that has one."""
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def connections(parsed: URL, *, reads_only: bool = False) -> tuple[Connections, bool]:
    """Connections whose transactions begin as ours do, and whether it is only one.

    Those that only read leave the file as it is, its journal and its mode too.
    """
    path, name = file_of(parsed), parsed.get_backend_name()
    engine = _sqlite(parsed, path, reads_only) if name == "sqlite" else postgresql_engine(parsed)
    opened = Connections(
        engine, _BEGIN[name], limit=_MAX_CONNECTIONS[name], patience=DATABASE_BUSY_TIMEOUT
    )
    return opened, name == "sqlite" and path is None


def instant_connections(parsed: URL) -> Connections | None:
    """A connection for reading that fails where it would have to wait; only a SQLite file has one.

    There a reader waits for no writer, and what it asks for is in memory as a rule. A PostgreSQL is
    asked over a socket, and its answer may always be late.
    """
    path = file_of(parsed)
    if path is None:
        return None
    engine = _sqlite(parsed, path, reads_only=False, timeout=0)
    return Connections(engine, _BEGIN["sqlite"], limit=1, patience=0)


def _sqlite(parsed: URL, path: Path | None, reads_only: bool, *, timeout: float | None = None) -> Engine:
    if path is not None and not reads_only:
        _make_private(path)
    patience = DATABASE_BUSY_TIMEOUT if timeout is None else timeout
    arguments = {"check_same_thread": False, "timeout": patience}
    pool = StaticPool if path is None else NullPool
    engine = create_engine(parsed, connect_args=arguments, poolclass=pool)
    event.listen(engine, "connect", _on_connect_reader if reads_only else _on_connect_sqlite)
    return engine


def postgresql_engine(parsed: URL) -> Engine:
    """Ways to a PostgreSQL, each opened when it is asked for; raises `ConfigError`."""
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigError(
            "PostgreSQL needs a package that is not installed.",
            "Install it: pip install 'fdtui[postgres]'.",
        )
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": DATABASE_BUSY_TIMEOUT, "client_encoding": "utf8"},
        poolclass=NullPool,
    )
    event.listen(engine, "connect", _on_connect_postgresql)
    return engine


def _make_private(path: Path) -> None:
    """Create the file for its owner alone before SQLite would for everybody."""
    try:
        make_folder(path.absolute().parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(f"The database {path} cannot be opened: {error.strerror}.") from error


def _on_connect_reader(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Change a new file to a write-ahead log: for that, SQLite waits for nobody by itself."""
    until = time.monotonic() + DATABASE_BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _on_connect_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    _write_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_connect_postgresql(connection: Any, _: object) -> None:
    connection.autocommit = True  # we begin transactions ourselves
    if connection.execute("SHOW server_encoding").fetchone()[0] != "UTF8":
        raise ConfigError("The PostgreSQL database must have the encoding UTF8.")
    connection.execute(f"SET lock_timeout = '{DATABASE_BUSY_TIMEOUT}s'")
