"""A small SQLite file for what must outlive the program: executions and files under way, drafts.

Committed before the call returns (``synchronous=FULL``), private to its owner, shared by the
windows of one user on one machine.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fdtui.core.errors import StorageError
from fdtui.sync.places import PlaceTable
from fdtui.sync.runtable import RunTable
from fdtui.sync.snoozetable import SnoozeTable
from fdtui.sync.store import Draft

if TYPE_CHECKING:
    from fdtui.sync.transfertable import TransferTable

VERSION = 1
_TABLES = """
create table if not exists run (ticket integer primary key, body text not null);
create table if not exists follower (ticket integer primary key, window text not null);
create table if not exists snooze (
    workflow text not null, key text not null, until real not null, primary key (workflow, key)
);
create table if not exists transfer (
    id text primary key, workflow text not null, window text not null, at real not null,
    body text not null
);
create table if not exists place (use text primary key, folder blob not null);
create table if not exists draft (
    workflow text not null, about text not null, body text not null, at real not null,
    primary key (workflow, about)
);
"""


class Ledger:
    """The file. Raises `StorageError`, then nothing was stored."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._transfers: TransferTable | None = None
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            with ExitStack() as undo:
                self._db = sqlite3.connect(path, timeout=5, isolation_level=None)
                undo.callback(self._db.close)
                self._prepare(path)
                self._runs = RunTable(path)
                undo.pop_all()
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{path} cannot be opened: {error}.") from None

    def _prepare(self, path: Path) -> None:
        with closing(self._db.cursor()) as cursor:
            cursor.execute("pragma journal_mode = wal")
            cursor.execute("pragma synchronous = full")
            (version,) = cursor.execute("pragma user_version").fetchone()
            if version > VERSION:
                raise StorageError(f"{path} was written by a newer fdtui.", "Use that one.")
            cursor.executescript(_TABLES)
            cursor.execute(f"pragma user_version = {VERSION}")

    def close(self) -> None:
        """Let go of the file."""
        self._runs.close()
        if self._transfers is not None:
            self._transfers.close()
        self._db.close()

    def runs(self) -> RunTable:
        """The executions; see `fdtui.sync.store.RunBook`."""
        return self._runs

    def transfers(self) -> TransferTable:
        """The files on their way; see `fdtui.sync.transferbook.TransferBook`. May block."""
        # Not before the first frame: nothing moves before there is a connection.
        from fdtui.sync.transfertable import TransferTable  # noqa: PLC0415

        try:
            self._transfers = self._transfers or TransferTable(self._path)
        except sqlite3.Error as error:
            raise StorageError(f"{self._path} cannot be opened: {error}.") from None
        return self._transfers

    def drafts(self) -> DraftTable:
        """The drafts; see `fdtui.sync.store.Drafts`."""
        return DraftTable(self._ask)

    def snoozes(self) -> SnoozeTable:
        """Tasks that are not to be seen for a while; see `fdtui.sync.snoozes`."""
        return SnoozeTable(self._ask)

    def places(self) -> PlaceTable:
        """The folders that were used last; see `fdtui.sync.places`."""
        return PlaceTable(self._ask)

    def _ask(self, sql: str, *values: object) -> Sequence[Any]:
        try:
            with closing(self._db.execute(sql, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"It could not be stored: {error}.") from None


class DraftTable:
    """The drafts in a ledger."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def save(self, draft: Draft) -> None:
        """See `fdtui.sync.store.Drafts.save`."""
        body = json.dumps(draft.texts)
        values = (draft.workflow, draft.about, body, draft.at)
        self._ask("insert or replace into draft values (?, ?, ?, ?)", *values)

    def drop(self, workflow: str, about: str) -> None:
        """See `fdtui.sync.store.Drafts.drop`."""
        self._ask("delete from draft where workflow = ? and about = ?", workflow, about)

    def load(self, workflow: str, about: str) -> Draft | None:
        """See `fdtui.sync.store.Drafts.load`."""
        found = (each for each in self.all() if (each.workflow, each.about) == (workflow, about))
        return next(found, None)

    def all(self) -> tuple[Draft, ...]:
        """See `fdtui.sync.store.Drafts.all`."""
        rows = self._ask("select workflow, about, body, at from draft order by at")
        return tuple(
            Draft(workflow, about, tuple((name, text) for name, text in json.loads(body)), at)
            for workflow, about, body, at in rows
        )
