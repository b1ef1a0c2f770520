"""The executions in a ledger, and which window follows which of them."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from fdtui.core.errors import StorageError
from fdtui.core.job import Run
from fdtui.sync.windows import Window


class RunTable:
    """See `fdtui.sync.store.RunBook`. May be used from any thread, one call at a time.

    It has a connection of its own, for it is written from a thread: a disk that is slow to confirm
    must not keep a key waiting.
    """

    is_shared = True

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        self._db.execute("pragma synchronous = full").close()
        self._window = Window(path, secrets.token_hex(6))
        self._version = -1

    def close(self) -> None:
        """Let go of the file, and of the runs that this window followed."""
        with self._lock:
            self._db.close()
            self._window.close()

    def save(self, *runs: Run) -> None:
        """See `fdtui.sync.store.RunBook.save`; a run that nobody follows is ours from now on."""
        bodies = [
            (run.ticket, json.dumps({name: getattr(run, name) for name in Run.__match_args__}))
            for run in runs
        ]
        with self._turn(writes=True) as cursor:
            self._window.open()
            cursor.executemany("insert or replace into run values (?, ?)", bodies)
            mine = [(run.ticket, self._window.name) for run in runs]
            cursor.executemany("insert or ignore into follower values (?, ?)", mine)

    def drop(self, *tickets: int) -> None:
        """See `fdtui.sync.store.RunBook.drop`."""
        with self._turn(writes=True) as cursor:
            for table in ("run", "follower"):
                cursor.executemany(
                    f"delete from {table} where ticket = ?",  # noqa: S608 (one of two words)
                    [(ticket,) for ticket in tickets],
                )

    def load(self) -> tuple[Run, ...]:
        """See `fdtui.sync.store.RunBook.load`; a row that cannot be read is passed over."""
        with self._turn() as cursor:
            rows = cursor.execute("select body from run order by ticket").fetchall()
        return tuple(run for (body,) in rows if (run := _run(body)) is not None)

    def claim(self, *tickets: int) -> frozenset[int]:
        """See `fdtui.sync.store.RunBook.claim`."""
        me, ours = self._window.name, set[int]()
        alive: dict[str, bool] = {}
        with self._turn(writes=True) as cursor:
            self._window.open()
            for ticket in tickets:
                found = cursor.execute("select window from follower where ticket = ?", (ticket,))
                (window,) = found.fetchone() or ("",)
                if window not in alive:
                    alive[window] = bool(window) and self._window.is_alive(window)
                if not alive[window]:
                    cursor.execute("insert or replace into follower values (?, ?)", (ticket, me))
                if window == me or not alive[window]:
                    ours.add(ticket)
        return frozenset(ours)

    def has_changed(self) -> bool:
        """See `fdtui.sync.store.RunBook.has_changed`."""
        with self._turn() as cursor:
            (version,) = cursor.execute("pragma data_version").fetchone()
        before, self._version = self._version, version
        return bool(version != before)

    @contextmanager
    def _turn(self, *, writes: bool = False) -> Iterator[sqlite3.Cursor]:
        """One use of the connection: alone, whole or not at all, its errors in our words."""
        try:
            with self._lock, closing(self._db.cursor()) as cursor:
                if writes:
                    cursor.execute("begin immediate")
                with self._db:  # ends what was begun: all of it, or with an error nothing
                    yield cursor
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"It could not be stored: {error}.") from None


def _run(body: str) -> Run | None:
    try:
        values = json.loads(body)
        return Run(**{**values, "errors": tuple(values["errors"])})
    except (ValueError, TypeError, KeyError):
        return None
