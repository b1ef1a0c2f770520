"""The two databases that a workspace may live in, opened so that they behave alike.

SQLite is a file (WAL, FULL: what is committed survives a power cut) or memory. On PostgreSQL a writer
takes an advisory lock first, so that there too only one writes at a time, whichever server it is in.
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from fdtui.core.errors import ConfigError, StorageError
from fdtui.server.private import make_folder
from fdtui.server.store.connections import Connections

BUSY_SECONDS = 10
"""How long a writer waits for another process."""
SPELLINGS = "Write sqlite:///path/to/file or postgresql://user@host/database."

_LOCK = 7_225_103
"""The first half of the advisory lock's number: chance, to meet nobody else's."""
_BEGIN = {
    "sqlite": ("BEGIN", "BEGIN IMMEDIATE"),
    "postgresql": (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
        f"SELECT pg_advisory_xact_lock({_LOCK}, hashtext(current_schema()))",
    ),
}
_LIMITS = {"sqlite": 48, "postgresql": 16}
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


def file_of(parsed: URL) -> Path | None:
    """The file of a SQLite database that has one."""
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def connections(parsed: URL) -> tuple[Connections, bool]:
    """Connections whose transactions begin as ours do, and whether it is only one."""
    path, name = file_of(parsed), parsed.get_backend_name()
    engine = _sqlite(parsed, path) if name == "sqlite" else _postgresql(parsed)
    opened = Connections(engine, _BEGIN[name], limit=_LIMITS[name], patience=BUSY_SECONDS)
    return opened, name == "sqlite" and path is None


def _sqlite(parsed: URL, path: Path | None) -> Engine:
    if path is not None:
        _make_private(path)
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    pool = StaticPool if path is None else NullPool
    engine = create_engine(parsed, connect_args=arguments, poolclass=pool)
    event.listen(engine, "connect", _on_connect_sqlite)
    return engine


def _postgresql(parsed: URL) -> Engine:
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigError(
            "PostgreSQL needs a package that is not installed.",
            "Install it: pip install 'fdtui[postgres]'.",
        )
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": BUSY_SECONDS, "client_encoding": "utf8"},
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


def _on_connect_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in (
        "journal_mode = WAL",
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
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
