"""One database: opened safely, read and written in whole transactions.

Work is handed over as a function, so that one commit may carry several writers' work.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DataError, SQLAlchemyError

from fdtui.core.errors import InvalidError, StorageError
from fdtui.server.store.commits import Committer
from fdtui.server.store.connections import Connections
from fdtui.server.store.engines import connections, file_of, parse_url
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
        connections: Connections,
        *,
        shared: bool,
        file: Path | None = None,
        new_id: Callable[[], str] = random_id,
    ) -> None:
        self._connections = connections
        self._commits = Committer(partial(self._begun, write=True))
        self._turn = self._commits.turn if shared else nullcontext()
        self._file, self._node = file, _node(file)
        self.new_id = new_id
        self.kept: dict[str, Any] = {}
        """What a module keeps in memory beside the database, each under its own name."""

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` finds in one consistent view; raises `StorageError` if the database fails."""
        with self._told(), self._turn, self._begun(write=False) as connection:
            return work(connection)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` answers once it is on the disk; if it raises, nothing has changed.

        Only one writer runs at a time, so what ``work`` reads cannot change under it.
        """
        with self._told():
            return self._commits.run(work)

    def close(self) -> None:
        """Let go of the database."""
        self._connections.close()

    @contextmanager
    def _begun(self, *, write: bool) -> Iterator[Connection]:
        if self._file is not None and _node(self._file) != self._node:
            raise StorageError(f"The database {self._file} is not there any more.")
        with self._connections.transaction(write=write) as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DataError:  # PostgreSQL knows no NUL in a text, for one
            raise InvalidError(errors=["The request holds text that no database can."]) from None
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DatabaseError) else error
            raise StorageError(f"The database refused: {cause}.") from error
        except self._connections.driver_error as error:
            raise StorageError(f"The database refused: {error}.") from error


def _node(file: Path | None) -> tuple[int, int] | None:
    try:
        found = None if file is None else file.stat()
    except FileNotFoundError:
        return (0, 0)
    return None if found is None else (found.st_dev, found.st_ino)


def open_store(url: str, *, new_id: Callable[[], str] = random_id) -> Store:
    """The store at ``sqlite:///path`` (made where there is none), ``postgresql://…``, or in memory.

    Raises `ConfigError` for a URL that names no such database, `StorageError` if it cannot be opened.
    """
    parsed = parse_url(url)
    opened, shared = connections(parsed)
    store = Store(opened, shared=shared, file=file_of(parsed), new_id=new_id)
    while store.write(migrate):
        pass
    store.write(partial(name_once, new_id=new_id))
    return store
