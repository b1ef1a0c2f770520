"""Group commit: the writers that wait for the disk share one transaction, and so one wait.

Whoever comes first commits for all who came while the last commit was under way. Each one's work has a
savepoint of its own, so that a refused write takes nothing of its neighbours' with it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

MOST = 64
"""Writes in one commit, so that the first of them does not wait for ever more."""


class _Item(Generic[T]):
    """One writer's work on its way to the disk; ``error`` or ``value`` is right once it is ``done``."""

    __slots__ = ("done", "error", "value", "work")

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.value: T
        self.error: BaseException | None = None
        self.done = False


class Committer:
    """Runs writers' work, one at a time; ``begin`` opens a transaction that ends with its block."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self.turn = threading.RLock()
        """Held while a transaction runs."""
        self._begin = begin
        self._waiting: deque[_Item[Any]] = deque()
        self._busy = False

    def run(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` answers, once it is on the disk; what it raises, once nothing of it remains."""
        item = _Item(work)
        self._waiting.append(item)
        with self.turn:
            if self._busy:
                raise RuntimeError("A write cannot start inside a write.")
            while not item.done:
                self._commit()
        if item.error is not None:
            raise item.error
        return item.value

    def _commit(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        self._busy = True
        try:
            with self._begin() as connection:
                if len(batch) == 1:
                    batch[0].value = batch[0].work(connection)
                else:
                    for item in batch:
                        _run(item, connection)
        except BaseException as error:  # nothing of the batch is on the disk
            for item in batch:
                item.error = item.error or error
            if not isinstance(error, Exception):
                raise
        finally:
            self._busy = False
            for item in batch:
                item.done = True


def _run(item: _Item[Any], connection: Connection) -> None:
    run = connection.connection.driver_connection.execute  # type: ignore[union-attr]
    run("SAVEPOINT item")
    try:
        item.value = item.work(connection)
    except Exception as error:  # noqa: BLE001 - it is handed to the writer whose work it was
        run("ROLLBACK TO SAVEPOINT item")
        item.error = error
    run("RELEASE SAVEPOINT item")
