"""A small SQLite file for what must outlive the program: executions and files under way, drafts.

Committed before the call returns (``synchronous=FULL``), private to its owner, shared by the
windows of one user on one machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fdtui.sync.storage.moves import MoveTable
from fdtui.sync.storage.private_file import FileKind, PrivateFile, Surroundings
from fdtui.sync.storage.protocols import Draft
from fdtui.sync.storage.recent_folders import RecentFolderTable
from fdtui.sync.storage.run_table import RunTable
from fdtui.sync.storage.seen_table import SeenTable
from fdtui.sync.storage.snooze_table import SnoozeTable
from fdtui.sync.storage.views import ViewTable

if TYPE_CHECKING:
    from fdtui.sync.storage.transfer_table import TransferTable

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
create table if not exists view (workflow text primary key, body text not null);
create table if not exists move (
    workflow text not null, origin text not null, target text not null, task text not null,
    primary key (workflow, origin, target, task)
);
create table if not exists seen (
    workflow text not null, key text not null, at real not null, body blob not null,
    primary key (workflow, key)
);
create table if not exists stay (
    workflow text not null, key text not null, stage text not null, since real not null,
    exact integer not null, primary key (workflow, key)
);
create table if not exists draft (
    workflow text not null, about text not null, body text not null, at real not null,
    primary key (workflow, about)
);
"""


LEDGER = FileKind("the file of drafts, executions and transfers", VERSION, _TABLES)
"""What a ledger is; one that is damaged gives up what can be read of it."""


class Ledger:
    """The file. Raises `StorageError`, then nothing was stored."""

    def __init__(self, path: Path, surroundings: Surroundings | None = None) -> None:
        self._file = PrivateFile(path, LEDGER, surroundings=surroundings)
        self._transfers: TransferTable | None = None
        self._seen: SeenTable | None = None
        with self._file.use(), ExitStack() as undo:
            self._db = self._file.connect()
            undo.callback(self._db.close)
            self._runs = RunTable(self._file)
            undo.pop_all()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user has to know of the file, once, in sentences."""
        return self._file.notices

    def close(self) -> None:
        """Let go of the file."""
        self._runs.close()
        if self._transfers is not None:
            self._transfers.close()
        if self._seen is not None:
            self._seen.close()
        self._db.close()

    def runs(self) -> RunTable:
        """The executions; see `fdtui.sync.storage.protocols.RunBook`."""
        return self._runs

    def transfers(self) -> TransferTable:
        """The files on their way; see `fdtui.sync.storage.transfer_book.TransferBook`. May block."""
        # Not before the first frame: nothing moves before there is a connection.
        from fdtui.sync.storage.transfer_table import TransferTable  # noqa: PLC0415

        with self._file.use():
            self._transfers = self._transfers or TransferTable(self._file)
        return self._transfers

    def drafts(self) -> DraftTable:
        """The drafts; see `fdtui.sync.storage.protocols.Drafts`."""
        return DraftTable(self._ask)

    def snoozes(self) -> SnoozeTable:
        """Tasks that are not to be seen for a while; see `fdtui.sync.storage.snoozes`."""
        return SnoozeTable(self._ask)

    def recent_folders(self) -> RecentFolderTable:
        """The folders that were used last; see `fdtui.sync.storage.recent_folders`."""
        return RecentFolderTable(self._ask)

    def views(self) -> ViewTable:
        """How the boards were left; see `fdtui.sync.storage.views`."""
        return ViewTable(self._ask)

    def moves(self) -> MoveTable:
        """The moves that teach the order of stages; see `fdtui.sync.reading.stage_order`."""
        return MoveTable(self._ask)

    def seen(self) -> SeenTable:
        """What the user saw of tasks; see `fdtui.sync.storage.seen`."""
        self._seen = self._seen or SeenTable(self._file)
        return self._seen

    def _ask(self, sql: str, *values: object) -> Sequence[Any]:
        careful = self._file.use() if sql.startswith("select") else self._file.writing()
        with careful, closing(self._db.execute(sql, values)) as cursor:
            return cursor.fetchall()


class DraftTable:
    """The drafts in a ledger."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def save(self, draft: Draft) -> None:
        """See `fdtui.sync.storage.protocols.Drafts.save`."""
        body = json.dumps(draft.texts)
        values = (draft.workflow, draft.about, body, draft.at)
        self._ask("insert or replace into draft values (?, ?, ?, ?)", *values)

    def drop(self, workflow: str, about: str) -> None:
        """See `fdtui.sync.storage.protocols.Drafts.drop`."""
        self._ask("delete from draft where workflow = ? and about = ?", workflow, about)

    def load(self, workflow: str, about: str) -> Draft | None:
        """See `fdtui.sync.storage.protocols.Drafts.load`."""
        found = (each for each in self.all() if (each.workflow, each.about) == (workflow, about))
        return next(found, None)

    def all(self) -> tuple[Draft, ...]:
        """See `fdtui.sync.storage.protocols.Drafts.all`."""
        rows = self._ask("select workflow, about, body, at from draft order by at")
        found = (_draft(*row) for row in rows)
        return tuple(draft for draft in found if draft is not None)


def _draft(workflow: str, about: str, body: str, at: float) -> Draft | None:
    """A row's draft; ``None`` where it cannot be read, which spoils no other."""
    try:
        return Draft(
            workflow, about, tuple((str(name), str(text)) for name, text in json.loads(body)), at
        )
    except (ValueError, TypeError):
        return None
