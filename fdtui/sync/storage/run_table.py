"""The executions in a ledger, and which window follows which of them."""

from __future__ import annotations

import json

from fdtui.core.job import Run
from fdtui.sync.storage.connection import BookFile
from fdtui.sync.storage.private_file import PrivateFile


class RunTable:
    """See `fdtui.sync.storage.protocols.RunBook`. May be used from any thread, one call at a time."""

    is_shared = True

    def __init__(self, file: PrivateFile) -> None:
        self._file = BookFile(file)
        self._window = self._file.window
        self._version = -1

    def close(self) -> None:
        """Let go of the file, and of the runs that this window followed."""
        self._file.close()

    def save(self, *runs: Run) -> None:
        """See `RunBook.save`; a run that nobody follows is ours from now on."""
        bodies = [
            (run.ticket, json.dumps({name: getattr(run, name) for name in Run.__match_args__}))
            for run in runs
        ]
        with self._file.turn(writes=True) as cursor:
            self._window.open()
            cursor.executemany("insert or replace into run values (?, ?)", bodies)
            mine = [(run.ticket, self._window.name) for run in runs]
            cursor.executemany("insert or ignore into follower values (?, ?)", mine)

    def drop(self, *tickets: int) -> None:
        """See `fdtui.sync.storage.protocols.RunBook.drop`."""
        with self._file.turn(writes=True) as cursor:
            for table in ("run", "follower"):
                cursor.executemany(
                    f"delete from {table} where ticket = ?",  # noqa: S608 (one of two words)
                    [(ticket,) for ticket in tickets],
                )

    def load(self) -> tuple[Run, ...]:
        """See `fdtui.sync.storage.protocols.RunBook.load`; a row that cannot be read is passed over."""
        with self._file.turn() as cursor:
            rows = cursor.execute("select body from run order by ticket").fetchall()
        return tuple(run for (body,) in rows if (run := _run(body)) is not None)

    def claim(self, *tickets: int) -> frozenset[int]:
        """See `fdtui.sync.storage.protocols.RunBook.claim`."""
        if not tickets:
            return frozenset()
        me, ours = self._window.name, set[int]()
        alive: dict[str, bool] = {}
        with self._file.turn(writes=True) as cursor:
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
        """See `fdtui.sync.storage.protocols.RunBook.has_changed`."""
        with self._file.turn() as cursor:
            (version,) = cursor.execute("pragma data_version").fetchone()
        before, self._version = self._version, version
        return bool(version != before)


def _run(body: str) -> Run | None:
    try:
        values = json.loads(body)
        return Run(**{**values, "errors": tuple(values["errors"])})
    except (ValueError, TypeError, KeyError):
        return None
