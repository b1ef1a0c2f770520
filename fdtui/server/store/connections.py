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


class Connections:
    """Lends connections; ``begin`` is the statement for a reader and for a writer."""

    def __init__(self, engine: Engine, begin: tuple[str, str], *, limit: int, patience: float) -> None:
        self._engine, self._begin = engine, begin
        self._patience = patience
        self._free = threading.BoundedSemaphore(limit)
        self._idle: deque[Connection] = deque()
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
        finally:
            self._free.release()

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()

    def _begun(self, begin: str) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            try:
                _raw(connection).execute(begin)
            except self.driver_error:  # from before a restart of the database, perhaps; or it is busy
                connection.invalidate()
                connection.close()
            else:
                return connection
        connection = self._engine.connect()
        try:
            _raw(connection).execute(begin)
        except self.driver_error:
            connection.close()
            raise
        return connection

    def _undone(self, connection: Connection) -> bool:
        """Roll back; false for a connection that is good for nothing more, and closed."""
        try:
            connection.rollback() if connection.in_transaction() else _raw(connection).rollback()
        except (SQLAlchemyError, self.driver_error):
            connection.invalidate()
            connection.close()
            return False
        return True


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection
