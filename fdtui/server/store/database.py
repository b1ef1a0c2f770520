"""One database: opened safely, read and written in whole transactions.

Work is handed over as a function, so that one commit may later carry several writers' work.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from fdtui.core.errors import ConfigError, StorageError
from fdtui.server.private import make_folder
from fdtui.server.store.meta import name_once
from fdtui.server.store.migrations import migrate

BUSY_SECONDS = 10
"""How long a writer waits for another process."""

Transaction: TypeAlias = Connection
"""What the modules of this package take: a connection inside a transaction."""

T = TypeVar("T")


def random_id() -> str:
    """A short opaque id."""
    letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(letters) for _ in range(8))


class Store:
    """A workspace's database; may be used from any thread.

    ``new_id`` makes the ids of tasks and files.
    """

    def __init__(self, engine: Engine, *, shared: bool, new_id: Callable[[], str] = random_id) -> None:
        self._reader = engine
        self._writer = engine.execution_options(fdtui_write=True)
        self._writing = threading.RLock()
        self._shared = self._writing if shared else None
        self.new_id = new_id
        self.kept: dict[str, Any] = {}
        """What a module keeps in memory beside the database, each under its own name."""

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` finds in one consistent view; raises `StorageError` if the database fails."""
        return self._run(self._reader, self._shared or nullcontext(), work)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` answers once it is on the disk; if it raises, nothing has changed.

        Only one writer runs at a time, so what ``work`` reads cannot change under it.
        """
        return self._run(self._writer, self._writing, work)

    def close(self) -> None:
        """Let go of the database."""
        self._reader.dispose()

    def _run(
        self, engine: Engine, turn: AbstractContextManager[Any], work: Callable[[Transaction], T]
    ) -> T:
        with turn, _told(), engine.begin() as connection:
            return work(connection)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise StorageError(f"The database refused: {cause}.") from error


def open_store(url: str, *, new_id: Callable[[], str] = random_id) -> Store:
    """The store at ``sqlite:///path`` (made where there is none) or ``sqlite://`` (in memory).

    Raises `ConfigError` for a URL that names no such database, `StorageError` if it cannot be opened.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            "The database URL is not understood.", "Write sqlite:///path/to/file."
        ) from None
    if parsed.get_backend_name() != "sqlite":
        raise ConfigError(
            f"There is no support for {parsed.get_backend_name()} databases.",
            "Write sqlite:///path/to/file.",
        )
    memory = parsed.database in (None, "", ":memory:")
    if not memory:
        _make_private(Path(str(parsed.database)))
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        **({"poolclass": StaticPool} if memory else {"pool_size": 8, "max_overflow": 40}),
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    store = Store(engine, shared=memory, new_id=new_id)
    while store.write(migrate):
        pass
    store.write(partial(name_once, new_id=new_id))
    return store


def _make_private(path: Path) -> None:
    """Create the file for its owner alone before SQLite would for everybody."""
    try:
        make_folder(path.absolute().parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(f"The database {path} cannot be opened: {error.strerror}.") from error


def _on_connect(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("fdtui_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
