"""The journal in a SQLite file, shared by the windows and commands of one user on one machine."""

# ruff: noqa: S608 - what is put into a query is ours: states, marks, names of columns

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from fdtui.core.errors import StorageError
from fdtui.core.intents import CreateTask
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.task import Task
from fdtui.core.uncollected import uncollected
from fdtui.sync.storage import journal_creations, journal_history, journal_salvage
from fdtui.sync.storage import journal_text as text
from fdtui.sync.storage.ballast import Ballast
from fdtui.sync.storage.connection import BookFile
from fdtui.sync.storage.doorbell import Doorbell
from fdtui.sync.storage.journal import (
    OPEN,
    UNSETTLED,
    Change,
    EntryState,
    JournalEntry,
    JournalOwner,
    SavedHistory,
)
from fdtui.sync.storage.journal_pruning import prune
from fdtui.sync.storage.private_file import FileKind, Newer, PrivateFile, Surroundings
from fdtui.sync.storage.schema_json import schema_read, schema_written
from fdtui.sync.storage.sender_lock import SenderLock

T = TypeVar("T")
JOURNAL_VERSION = 1
PRUNE_EVERY = 200
"""Settled entries between two removals of old ones."""
_JOURNAL_TABLES = """
create table if not exists owner (id integer primary key, origin text not null, user text not null);
create table if not exists shape (id integer primary key, body text not null unique);
create table if not exists entry (
    seq integer primary key autoincrement,
    ticket integer not null unique,
    workflow text not null,
    workflow_name text not null,
    key text not null,
    state text not null,
    body text not null,
    shape integer not null references shape (id),
    task text not null,
    at real not null,
    sent_at real not null default 0,
    outcome text not null default '{}',
    changed integer not null,
    writer text not null
);
create index if not exists entry_state on entry (state);
create index if not exists entry_changed on entry (changed);
"""
_KEY_INDEX = "create index if not exists entry_key on entry (workflow, key)"
"""Not part of a version: a file without it is as good, but slow; see `JournalTable.lease`."""
JOURNAL = FileKind(
    "the journal of your changes",
    JOURNAL_VERSION,
    _JOURNAL_TABLES + journal_history.TABLES,
    newer=Newer.READ_ONLY,
    salvage=journal_salvage.copied,
)
"""What a journal is: one that is damaged gives up what can be read of it, and is never thrown away."""
_SELECT = """
select ticket, workflow, workflow_name, state, entry.body, coalesce(shape.body, ''), task, at,
    sent_at, outcome
from entry left join shape on shape.id = entry.shape
"""
_KEPT = {"saved": True, "is_foreign": True}
"""What is true of whatever is read from the journal."""
_NO_OUTCOME = "{}"
_NEXT = "(select coalesce(max(changed), 0) + 1 from entry)"


class JournalTable:
    """See `fdtui.sync.storage.journal.Journal`. May be used from any thread, one call at a time."""

    is_shared = True
    why_not_offline = ""

    def __init__(
        self,
        path: Path,
        owner: JournalOwner | None = None,
        *,
        may_send: bool = True,
        surroundings: Surroundings | None = None,
    ) -> None:
        """``may_send`` is false for a window that changes nothing: it never has the lease."""
        self._private = PrivateFile(path, JOURNAL, surroundings=surroundings)
        path = self._private.path
        self.notices = self._private.notices
        """What the user has to know of the file, once, in sentences."""
        self.why_closed = " ".join(self.notices) if self._private.is_read_only else ""
        with self._private.use():
            self._file = BookFile(self._private)
        self._me = self._file.window.name
        self._ballast = Ballast(path)
        self._doorbell = Doorbell(path, self._me)
        self._lock = SenderLock(path.with_suffix(".sender")) if may_send else None
        self._leads = self._is_foreign = False
        self._seen = self.unreadable = 0
        self._version = -1
        self._settled = 0
        self._shapes: dict[int, tuple[Schema, str]] = {}
        """By the identity of a schema that is kept beside it: how it is written."""
        self._read_shapes: dict[str, Schema] = {}
        if owner is not None and not self.why_closed:
            self._note_owner(owner)

    def _note_owner(self, owner: JournalOwner) -> None:
        """Write down whose it is; a file that was put here under another's name is not used."""
        with self._file.turn() as cursor:
            known = cursor.execute("select origin, user from owner").fetchone()
        if known is None:
            with self._writing() as cursor:
                cursor.execute(
                    "insert or ignore into owner values (1, ?, ?)", (owner.origin, owner.user)
                )
        elif (other := JournalOwner(*known)) != owner:
            self._is_foreign = True
            self.why_closed = (
                f"The journal {self._private.path} holds changes made {other.named}, so nothing can be "
                f"changed here. Move the file away and start fdtui again."
            )
            self.notices = (*self.notices, self.why_closed)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        """One transaction, of which the other windows hear at once."""
        with self._file.turn(writes=True) as cursor:
            yield cursor
        self._doorbell.ring()

    def listen(self, rung: Callable[[], object]) -> bool:
        """See `Journal.listen`."""
        return self._doorbell.listen(rung)

    def close(self) -> None:
        """See `Journal.close`."""
        if self._lock is not None:
            self._lock.release()
        self._file.close()
        self._doorbell.close()
        self._doorbell.ring()  # somebody else sends from now on

    def tickets(self) -> Iterator[int]:
        """See `Journal.tickets`: the time in milliseconds, then twenty bits of chance and count."""
        return count((int(time.time() * 1000) << 20) + secrets.randbelow(1 << 19))

    # Entries

    def append(self, entries: Sequence[JournalEntry], changes: Sequence[Change] = ()) -> None:
        """See `Journal.append`."""
        self._ballast.saving(partial(self._append, entries, changes))

    def _append(self, entries: Sequence[JournalEntry], changes: Sequence[Change]) -> None:
        with self._writing() as cursor:
            self._file.window.open()
            for each in entries:
                self._supersede(cursor, each)
                shape = self._shape(cursor, each.schema)
                cursor.execute(
                    "insert into entry (ticket, workflow, workflow_name, key, state, body, shape, task,"
                    f" at, changed, writer) values (?, ?, ?, ?, ?, ?, ?, ?, ?, {_NEXT}, ?)",
                    (
                        each.ticket,
                        each.workflow.id,
                        each.workflow.name,
                        each.pending.key,
                        each.state,
                        text.dumps(text.pending_written(each.pending)),
                        shape,
                        text.dumps(text.task_written(each.task)),
                        each.at,
                        self._me,
                    ),
                )
                if "\0" in each.pending.key:  # what another window may have created meanwhile
                    journal_creations.adopt(cursor, each.workflow.id, each.pending.key, self._me)
            journal_history.keep(cursor, self._me, changes)

    def _supersede(self, cursor: sqlite3.Cursor, entry: JournalEntry) -> None:
        """What was refused of the same task before has been seen."""
        cursor.execute(
            f"update entry set state = '{EntryState.CLOSED}', changed = {_NEXT}, writer = ?"
            f" where workflow = ? and key = ? and state = '{EntryState.REFUSED}'",
            (self._me, entry.workflow.id, entry.pending.key),
        )

    def _shape(self, cursor: sqlite3.Cursor, schema: Schema) -> int:
        known = self._shapes.get(id(schema))
        is_known = known is not None and known[0] is schema
        body = known[1] if known is not None and is_known else text.dumps(schema_written(schema))
        # Asked every time: the row may be gone with a transaction that failed, or by another window.
        cursor.execute("insert or ignore into shape (body) values (?)", (body,))
        (row,) = cursor.execute("select id from shape where body = ?", (body,)).fetchone()
        self._shapes = {id(schema): (schema, body)}
        return int(row)

    def begin(self, tickets: Collection[int], at: float) -> frozenset[int]:
        """See `Journal.begin`."""
        marks = _marks(tickets)
        with self._writing() as cursor:
            rows = cursor.execute(
                f"select ticket from entry where ticket in {marks} and state in {_states(OPEN)}",
                tuple(tickets),
            ).fetchall()
            gone = frozenset(tickets) - {ticket for (ticket,) in rows}
            if not gone:
                cursor.execute(
                    f"update entry set state = '{EntryState.SENDING}', changed = {_NEXT}, writer = ?,"
                    " sent_at = case when sent_at = 0 then ? else sent_at end"
                    f" where ticket in {marks} and state <> '{EntryState.SENDING}'",
                    (self._me, at, *tickets),
                )
        return gone

    def settle(self, entries: Sequence[JournalEntry]) -> None:
        """See `Journal.settle`."""
        with self._writing() as cursor:
            for each in entries:
                cursor.execute(
                    f"update entry set state = ?, outcome = ?, changed = {_NEXT}, writer = ?"
                    " where ticket = ?",
                    (each.state, text.dumps(text.outcome_written(each)), self._me, each.ticket),
                )
                if each.state is EntryState.DONE and isinstance(each.pending.intent, CreateTask):
                    journal_creations.adopt(cursor, each.workflow.id, each.pending.key, self._me)
            self._settled += len(entries)
            if self._settled >= PRUNE_EVERY:
                self._settled = 0
                prune(cursor)

    def reseen(self, ticket: int, task: Task) -> None:
        """See `Journal.reseen`."""
        with self._writing() as cursor:
            body = text.dumps(text.task_written(task))
            cursor.execute("update entry set task = ? where ticket = ?", (body, ticket))

    def close_entries(self, tickets: Collection[int], *, unsent: bool = False) -> frozenset[int]:
        """See `Journal.close_entries`."""
        states = {EntryState.PENDING} if unsent else UNSETTLED
        with self._writing() as cursor:
            cursor.execute(
                f"update entry set state = '{EntryState.CLOSED}', changed = {_NEXT}, writer = ?"
                f" where ticket in {_marks(tickets)} and state in {_states(states)} returning ticket",
                (self._me, *tickets),
            )
            return frozenset(ticket for (ticket,) in cursor.fetchall())

    def load(self) -> tuple[JournalEntry, ...]:
        """See `Journal.load`; raises `StorageError` where nothing can be read."""
        with self._file.turn() as cursor:
            self._note_version(cursor)
            if self._is_foreign or not _has_entries(cursor):
                return ()
            (self._seen,) = cursor.execute("select coalesce(max(changed), 0) from entry").fetchone()
            where = f"where state in {_states(UNSETTLED)} order by seq"
            rows = cursor.execute(f"{_SELECT} {where}").fetchall()
        with uncollected():
            found = tuple(self._entries(rows))
        self.unreadable = len(rows) - len(found)
        return found

    def news(self) -> tuple[JournalEntry, ...]:
        """See `Journal.news`."""
        with self._file.turn() as cursor:
            if not self._note_version(cursor) or self.why_closed:
                return ()
            seen = self._seen
            (self._seen,) = cursor.execute("select coalesce(max(changed), 0) from entry").fetchone()
            where = "where changed > ? and writer <> ? order by seq"
            rows = cursor.execute(f"{_SELECT} {where}", (seen, self._me)).fetchall()
        return tuple(self._entries(rows))

    def done(self, limit: int) -> tuple[JournalEntry, ...]:
        """See `Journal.done`."""
        over = _states({EntryState.DONE, EntryState.CLOSED})
        with self._file.turn() as cursor:
            if not _has_entries(cursor):
                return ()
            where = f"where state in {over} order by seq desc limit ?"
            rows = cursor.execute(f"{_SELECT} {where}", (limit,)).fetchall()
        return tuple(self._entries(rows))

    def _note_version(self, cursor: sqlite3.Cursor) -> bool:
        (version,) = cursor.execute("pragma data_version").fetchone()
        before, self._version = self._version, version
        return bool(version != before)

    def _entries(self, rows: Iterable[Sequence[Any]]) -> Iterator[JournalEntry]:
        """The entries that can be read; a damaged one spoils no other."""
        for ticket, workflow, name, state, body, shape, task, at, sent_at, outcome in rows:
            try:
                schema = self._read_shapes.get(shape)
                if schema is None:
                    schema = self._read_shapes[shape] = text.loads(shape, schema_read)
                kept = {"ticket": ticket, "sent": state != EntryState.PENDING, "sent_at": sent_at}
                entry = JournalEntry(
                    text.loads(body, partial(text.pending_read, kept=kept | _KEPT)),
                    WorkflowRef(workflow, name),
                    schema,
                    text.loads(task, text.task_read),
                    at,
                    EntryState(state),
                )
                yield (
                    entry
                    if outcome == _NO_OUTCOME
                    else text.loads(outcome, partial(text.outcome_read, entry))
                )
            except ValueError:
                continue

    # Who sends

    def lease(self) -> bool:
        """See `Journal.lease`."""
        if self._lock is None or self.why_closed:
            return False
        try:
            if not self._lock.acquire():
                self._leads = False
                return False
        except OSError as error:
            raise StorageError(f"The journal cannot be locked: {error}.") from None
        if not self._leads:
            with self._writing() as cursor:
                cursor.execute(_KEY_INDEX)
                cursor.execute(
                    f"update entry set state = '{EntryState.UNKNOWN}', changed = {_NEXT}, writer = ?"
                    f" where state = '{EntryState.SENDING}'",
                    (self._me,),
                )
                prune(cursor)  # many short runs settle as much as a long one
            self._leads = True
            self._ballast.lay()  # while there is room
        return True

    def resign(self) -> None:
        """See `Journal.resign`."""
        self._leads = False
        if self._lock is not None:
            self._lock.release()
        self._doorbell.ring()

    def stalled(self) -> int:
        """See `Journal.stalled`."""
        return self._lock.stalled() if self._lock is not None else 0

    # What can be undone

    def history(self) -> SavedHistory:
        """See `Journal.history`."""
        return SavedHistory() if self.why_closed else journal_history.claim(self._file)


def _has_entries(cursor: sqlite3.Cursor) -> bool:
    return cursor.execute("select 1 from sqlite_schema where name = 'entry'").fetchone() is not None


def _marks(values: Collection[int]) -> str:
    return f"({', '.join('?' * len(values))})"


def _states(states: Iterable[EntryState]) -> str:
    return f"({', '.join(repr(str(each)) for each in sorted(states))})"
