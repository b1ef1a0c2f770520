"""Hears what other processes commit to the same database, while somebody waits for it.

A SQLite file has a counter that costs microseconds to read; one thread of this process does, and only
while there are waiters. PostgreSQL tells by itself (LISTEN), on one connection of its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from fdtui.core.errors import StorageError
from fdtui.server.store import faults
from fdtui.server.store.engines import postgresql_engine
from fdtui.server.store.sqlite_file import open_read_only

LOOK_EVERY = 0.2
"""Seconds between two looks at a SQLite file's counter, while somebody waits."""
RETRY_PAUSE = 1.0
"""Seconds between two tries to listen, and between two rings while that fails."""
LOOK_ON_FOR = 2.0
"""Seconds that the looking goes on for after the last who waited."""
CHANNEL = "fdtui_changes"
"""PostgreSQL's channel; what is said on it is the schema and a workflow."""

_FACTS = "SELECT id, revision FROM workflows UNION ALL SELECT value, -1 FROM meta"
_SAY = "SELECT pg_notify(%s, current_schema() || chr(10) || each) FROM unnest(%s::text[]) AS each"

_log = logging.getLogger(__name__)

Ring = Callable[[Collection[str] | None], None]


class Watch(Protocol):
    """Rings for what others commit."""

    def want(self, seconds: float) -> None:
        """Listen for the next ``seconds``; on return, what is committed from now on is heard."""
        ...

    def stop(self) -> None:
        """Listen no more."""
        ...


class NoWatch:
    """For a database that no other process has."""

    def want(self, seconds: float) -> None:
        """Nothing: who writes rings."""

    def stop(self) -> None:
        """Nothing."""


class FileWatch:
    """Looks at the counter of a SQLite file."""

    def __init__(self, path: Path, ring: Ring) -> None:
        self._path, self._ring = path, ring
        self._until = 0.0
        self._bell = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._database: sqlite3.Connection | None = None
        self._version = -1
        self._facts: dict[str, int] = {}

    def want(self, seconds: float) -> None:
        """Look every `LOOK_EVERY` seconds for so long."""
        with self._bell:
            if self._stopping:
                return
            self._until = max(self._until, time.monotonic() + seconds + LOOK_ON_FOR)
            if self._thread is None:
                with contextlib.suppress(sqlite3.Error):  # the thread tries again, and rings for it
                    self._look()
                self._thread = threading.Thread(target=self._run, name="fdtui-watch", daemon=True)
                self._thread.start()
            self._bell.notify_all()

    def stop(self) -> None:
        """End the thread."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()
        if self._database is not None:
            self._database.close()

    def _run(self) -> None:
        while self._sleep():
            try:
                changed = self._look()
            except sqlite3.Error:
                changed = None  # who waits finds out for himself what is wrong
                with self._bell:
                    self._bell.wait_for(lambda: self._stopping, RETRY_PAUSE)
            if changed is None or changed:
                self._ring(changed)

    def _sleep(self) -> bool:
        """Wait for the next look; false once there is none."""
        with self._bell:
            if not self._stopping:
                self._bell.wait(LOOK_EVERY)
            while not self._stopping and time.monotonic() > self._until:
                self._bell.wait()
            return not self._stopping

    def _look(self) -> set[str] | None:
        """The workflows that changed since the last look; ``None`` for everything."""
        if self._database is None:
            self._database = open_read_only(self._path, any_thread=True)
        [version] = self._database.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return set()
        facts = dict(self._database.execute(_FACTS).fetchall())
        before, self._version, self._facts = self._facts, version, facts
        names = {name for name, count in facts.items() if count < 0}
        if names != {name for name, count in before.items() if count < 0}:
            return None  # restored, or another shape
        return {name for name, count in facts.items() if before.get(name) != count}


class ServerWatch:
    """Listens to a PostgreSQL."""

    def __init__(self, url: URL, ring: Ring) -> None:
        self._url, self._ring = url, ring
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tried = threading.Event()
        self._stopping = False
        self._wakes, self._wake = os.pipe()

    def want(self, seconds: float) -> None:
        """Begin to listen, once and for all: it costs one connection and no work."""
        with self._lock:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="fdtui-watch", daemon=True)
                self._thread.start()
        self._tried.wait(RETRY_PAUSE)

    def stop(self) -> None:
        """End the thread."""
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
            os.write(self._wake, b"x")
            thread = self._thread
        if thread is not None:
            thread.join()
        os.close(self._wake)
        os.close(self._wakes)

    def _run(self) -> None:
        engine = postgresql_engine(self._url)
        said = False
        while not self._stopping:
            try:
                self._listen(engine)
                said = False
            except (SQLAlchemyError, OSError, engine.dialect.loaded_dbapi.Error) as error:
                if not said:
                    _log.warning("changes of other servers are not heard: %s", faults.reason_of(error))
                said = True
            except StorageError:
                pass
            self._tried.set()
            self._ring(None)  # what was said meanwhile is lost, so everybody looks
            select.select([self._wakes], [], [], RETRY_PAUSE)

    def _listen(self, engine: Engine) -> None:
        with contextlib.closing(engine.connect()) as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"LISTEN {CHANNEL}")
            schema = driver.execute("SELECT current_schema()").fetchone()[0]
            self._tried.set()
            while not self._stopping:
                readable, _, _ = select.select([driver.fileno(), self._wakes], [], [])
                if driver.fileno() in readable:
                    self._listen_on(driver, schema)

    def _listen_on(self, driver: Any, schema: str) -> None:
        driver.pgconn.consume_input()
        heard = set()
        while (said := driver.pgconn.notifies()) is not None:
            where, _, workflow = said.extra.decode("utf-8", "replace").partition("\n")
            if where == schema:
                heard.add(workflow)
        if heard:
            self._ring(heard)


def announce(connection: Connection, workflows: Collection[str]) -> None:
    """Tell other servers, once the transaction is committed, that ``workflows`` have changed."""
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        driver.execute(_SAY, [CHANNEL, sorted(workflows)])
