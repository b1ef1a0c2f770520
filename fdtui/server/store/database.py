"""One database: opened safely, read and written in whole transactions.

Work is handed over as a function, so that one commit may carry several writers' work.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, SQLAlchemyError

from fdtui.core.errors import InvalidError, StorageError
from fdtui.server.store.commits import Committer
from fdtui.server.store.engines import file_of, open_engine, parse_url
from fdtui.server.store.meta import name_once
from fdtui.server.store.migrations import migrate

Transaction: TypeAlias = Connection
"""What the modules of this package take: a connection inside a transaction."""

T = TypeVar("T")


def random_id() -> str:
    """A short opaque id."""
    letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(letters) for _ in range(8))


class Store:
    """A workspace's database; may be used from any thread.

    ``shared`` says that there is but one connection, for readers and writers; ``file`` is watched, for
    SQLite goes on writing into a file that was deleted. ``new_id`` makes the ids of tasks and files.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        shared: bool,
        file: Path | None = None,
        new_id: Callable[[], str] = random_id,
    ) -> None:
        self._reader = engine
        self._writer = engine.execution_options(fdtui_write=True)
        self._commits = Committer(partial(self._begun, self._writer))
        self._turn = self._commits.turn if shared else nullcontext()
        self._file, self._node = file, _node(file)
        self.new_id = new_id
        self.kept: dict[str, Any] = {}
        """What a module keeps in memory beside the database, each under its own name."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._reader.dialect.name

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` finds in one consistent view; raises `StorageError` if the database fails."""
        with _told(), self._turn, self._begun(self._reader) as connection:
            return work(connection)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` answers once it is on the disk; if it raises, nothing has changed.

        Only one writer runs at a time, so what ``work`` reads cannot change under it.
        """
        with _told():
            return self._commits.run(work)

    def close(self) -> None:
        """Let go of the database."""
        self._reader.dispose()

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        """A transaction, begun; it commits with its block."""
        if self._file is not None and _node(self._file) != self._node:
            raise StorageError(f"The database {self._file} is not there any more.")
        try:
            connection = _open(engine)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            connection = _open(engine)  # the database was restarted: the pool forgot its connections
        with connection:
            yield connection
            connection.commit()


def _open(engine: Engine) -> Connection:
    connection = engine.connect()
    try:
        connection.begin()
    except DBAPIError:
        connection.close()
        raise
    return connection


def _node(file: Path | None) -> tuple[int, int] | None:
    try:
        return None if file is None else (os.stat(file).st_dev, os.stat(file).st_ino)  # noqa: PTH116
    except FileNotFoundError:
        return (0, 0)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DataError:  # PostgreSQL knows no NUL in a text, for one
        raise InvalidError(errors=["The request holds text that no database can."]) from None
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise StorageError(f"The database refused: {cause}.") from error


def open_store(url: str, *, new_id: Callable[[], str] = random_id) -> Store:
    """The store at ``sqlite:///path`` (made where there is none), ``postgresql://…``, or in memory.

    Raises `ConfigError` for a URL that names no such database, `StorageError` if it cannot be opened.
    """
    parsed = parse_url(url)
    engine, shared = open_engine(parsed)
    store = Store(engine, shared=shared, file=file_of(parsed), new_id=new_id)
    while store.write(migrate):
        pass
    store.write(partial(name_once, new_id=new_id))
    return store
