"""What can be undone, and what was deleted, in the journal's file: each window has its own.

What a window leaves when it ends goes to the next that starts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from fdtui.sync.storage import journal_text as text
from fdtui.sync.storage.connection import BookFile
from fdtui.sync.storage.journal import (
    Change,
    HistoryEntry,
    SavedHistory,
    Stack,
    StackChange,
    TrashChange,
    Trashed,
)

T = TypeVar("T")
TABLES = """
create table if not exists deed (
    seq integer primary key autoincrement, ticket integer not null unique,
    window text not null, stack text not null, body text not null
);
create table if not exists trash (
    ticket integer primary key, window text not null, restoring integer not null, body text not null
);
"""


def claim(file: BookFile) -> SavedHistory:
    """What this window did, and what the windows did that are gone: it is this one's from now on."""
    window = file.window
    with file.turn() as cursor:
        rows = cursor.execute("select window from deed union select window from trash").fetchall()
    gone = [(window.name, name) for (name,) in rows if not window.is_alive(name)]
    with file.turn(writes=bool(gone)) as cursor:
        if gone:
            window.open()
            cursor.executemany("update deed set window = ? where window = ?", gone)
            cursor.executemany("update trash set window = ? where window = ?", gone)
        mine = (window.name,)
        deeds = cursor.execute(
            "select stack, body from deed where window = ? order by seq", mine
        ).fetchall()
        trash = cursor.execute(
            "select restoring, body from trash where window = ? order by ticket", mine
        ).fetchall()
    return SavedHistory(
        tuple(
            StackChange(entry.ticket, Stack(stack), entry)
            for stack, entry in _readable(deeds, text.entry_read)
        ),
        tuple(
            TrashChange(trashed.ticket, trashed, restoring)
            for restoring, trashed in _readable(trash, text.trashed_read)
        ),
    )


def keep(cursor: sqlite3.Cursor, window: str, changes: Sequence[Change]) -> None:
    """Save changes of it, in the transaction of ``cursor``."""
    for each in changes:
        match each:
            case StackChange(ticket, stack, HistoryEntry() as entry):
                body = text.dumps(text.entry_written(entry))
                cursor.execute(
                    "insert into deed (ticket, window, stack, body) values (?, ?, ?, ?)"
                    " on conflict (ticket) do update set stack = excluded.stack, body = excluded.body",
                    (ticket, window, stack, body),
                )
            case StackChange(ticket):
                cursor.execute("delete from deed where ticket = ?", (ticket,))
            case TrashChange(ticket, Trashed() as trashed, restoring):
                body = text.dumps(text.trashed_written(trashed))
                cursor.execute(
                    "insert or replace into trash values (?, ?, ?, ?)",
                    (ticket, window, restoring, body),
                )
            case TrashChange(ticket):
                cursor.execute("delete from trash where ticket = ?", (ticket,))


def _readable(rows: Iterable[tuple[Any, str]], read: Callable[[Any], T]) -> Iterator[tuple[Any, T]]:
    """What can be read; a damaged one spoils no other."""
    for first, body in rows:
        try:
            yield first, text.loads(body, read)
        except ValueError:
            continue
