"""Open connections to one database, each lent to one transaction at a time.

SQLAlchemy's own pool and begin take longer than many a transaction, so its connections are kept open
here and begun by the driver.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from fdtui.core.errors import StorageError
from fdtui.server.store import faults

_PROOF = {"sqlite": "SELECT count(*) FROM sqlite_schema", "postgresql": "SELECT 1"}
"""What only a connection that works can answer."""


class Connections:
    """Lends connections; ``begin`` is the statement for a reader and for a writer."""

    def __init__(self, engine: Engine, begin: tuple[str, str], *, limit: int, patience: float) -> None:
        self._engine, self._begin = engine, begin
        self._patience = patience
        self._free = threading.BoundedSemaphore(limit)
        self._idle: deque[Connection] = deque()
        self._proof = _PROOF[engine.dialect.name]
        assert engine.dialect.loaded_dbapi is not None  # noqa: S101 - the engine made its dialect with one
        self.driver_error: type[Exception] = engine.dialect.loaded_dbapi.Error

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Connection]:
        """A transaction; it commits with its block and is undone if that raises."""
        if not self._free.acquire(timeout=self._patience):
            raise StorageError("All connections to the database are in use.")
        try:
            connection, committed = self._begun(self._begin[write]), False
            try:
                yield connection
                connection.commit() if connection.in_transaction() else _raw(connection).commit()
                committed = True
            finally:
                if committed or self._undone(connection):
                    self._idle.append(connection)
                else:
                    _discard(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()

    def _begun(self, begin: str) -> Connection:
        while (connection := self._next_idle()) is not None:
            try:
                _raw(connection).execute(begin)
            except self.driver_error as error:
                if self._undone(connection) and faults.is_passing(error):
                    self._idle.append(connection)
                    raise  # the next would only wait as long as this one
                _discard(connection)  # from before a restart of the database, perhaps
            else:
                return connection
        connection = self._engine.connect()
        try:
            _raw(connection).execute(begin)
        except self.driver_error:
            connection.close()
            raise
        return connection

    def _next_idle(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _undone(self, connection: Connection) -> bool:
        """Roll back, in SQLAlchemy's books and in the database, and see that it still answers.

        A commit that failed leaves SQLAlchemy with a transaction that is neither active nor ended.
        """
        try:
            connection.rollback()
            raw = _raw(connection)
            raw.rollback()
            raw.execute(self._proof).fetchone()
        except (SQLAlchemyError, self.driver_error):
            return False
        return True


def _discard(connection: Connection) -> None:
    connection.invalidate()
    connection.close()


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection
