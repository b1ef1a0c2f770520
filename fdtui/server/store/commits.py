"""Group commit: the writers that wait for the disk share one transaction, and so one wait.

Whoever comes first commits for all who came while the last commit was under way. Each one's work has a
savepoint of its own, so that a refused write takes nothing of its neighbours' with it.

Who writes from an event loop holds no thread meanwhile: one thread commits for all of them, and tells
each loop once for a whole commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

MAX_BATCH = 64
"""Writes in one commit, so that the first of them does not wait for ever more."""


class _QueuedWrite(Generic[T]):
    """One writer's work on its way to the disk; ``error`` or ``value`` is right once it is ``done``."""

    __slots__ = ("done", "error", "settled", "value", "work")

    def __init__(
        self, work: Callable[[Connection], T], settled: asyncio.Future[None] | None = None
    ) -> None:
        self.work = work
        self.settled = settled
        """What waits for it on an event loop."""
        self.value: T
        self.error: BaseException | None = None
        self.done = False


class Committer:
    """Runs writers' work, one at a time; ``begin`` opens a transaction that ends with its block."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self.turn = threading.RLock()
        """Held while a transaction runs."""
        self._begin = begin
        self._waiting: deque[_QueuedWrite[Any]] = deque()
        self._busy = False
        self._wakes: SimpleQueue[bool] = SimpleQueue()
        """For the writer: whether there is a write, or it is to end."""
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._closed = False
        self.on_commit: Callable[[], None] = _nobody_counts
        """Called after each commit, by one thread at a time."""

    def run(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` answers, once it is on the disk; what it raises, once nothing of it remains."""
        item = _QueuedWrite(work)
        self._waiting.append(item)
        with self.turn:
            if self._busy:
                raise RuntimeError("A write cannot start inside a write.")
            while not item.done:
                self._commit()
        return _outcome(item)

    async def run_soon(self, work: Callable[[Connection], T]) -> T:
        """The same for who may not wait in a thread."""
        if self._closed:
            return self.run(work)  # nobody else would do it any more
        item = _QueuedWrite(work, asyncio.get_running_loop().create_future())
        self._waiting.append(item)
        if self._writer is None:
            self._start()
        self._wakes.put(True)
        assert item.settled is not None  # noqa: S101 - just made
        await item.settled
        return _outcome(item)

    def close(self) -> None:
        """End the writer, once it has written what waits."""
        with self._starting:
            self._closed = True
            writer = self._writer
        if writer is not None:
            self._wakes.put(False)
            writer.join()

    def _start(self) -> None:
        with self._starting:
            if self._writer is None and not self._closed:
                self._writer = threading.Thread(target=self._write, name="fdtui-writer", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        more = True
        while more:
            more = self._wakes.get()
            with self.turn:
                while self._waiting:
                    self._commit()

    def _commit(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]
        self._busy = True
        try:
            with self._begin() as connection:
                if len(batch) == 1:
                    batch[0].value = batch[0].work(connection)
                else:
                    for item in batch:
                        _run(item, connection)
            self.on_commit()
        except BaseException as error:  # nothing of the batch is on the disk
            for item in batch:
                item.error = item.error or error
            if not isinstance(error, Exception):
                raise
        finally:
            self._busy = False
            for item in batch:
                item.done = True
            _tell(batch)


def _nobody_counts() -> None: ...


def _outcome(item: _QueuedWrite[T]) -> T:
    if item.error is not None:
        raise item.error
    return item.value


def _tell(batch: list[_QueuedWrite[Any]]) -> None:
    """Let those go on that wait on event loops."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for item in batch:
        if item.settled is not None:
            by_loop.setdefault(item.settled.get_loop(), []).append(item.settled)
    for loop, settled in by_loop.items():
        with contextlib.suppress(RuntimeError):  # that loop is over, and nobody waits on it
            loop.call_soon_threadsafe(_settle, settled)


def _settle(settled: list[asyncio.Future[None]]) -> None:
    for each in settled:
        if not each.done():
            each.set_result(None)


def _run(item: _QueuedWrite[Any], connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    run = driver.execute
    run("SAVEPOINT item")
    try:
        item.value = item.work(connection)
    except Exception as error:
        if not getattr(driver, "in_transaction", True):
            raise  # SQLite has undone the whole transaction itself: a full disk, for one
        run("ROLLBACK TO SAVEPOINT item")
        item.error = error
    run("RELEASE SAVEPOINT item")
