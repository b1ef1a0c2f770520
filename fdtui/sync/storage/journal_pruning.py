"""How much of what is over the journal's file keeps."""

# ruff: noqa: S608 - what is put into a query is ours: states

from __future__ import annotations

import sqlite3

from fdtui.sync.storage.journal import EntryState

MAX_DONE, MAX_DONE_BYTES = 2_000, 8_000_000
"""Settled entries that are kept for `Journal.done`, and the letters of what they hold together."""
_OVER = f"('{EntryState.CLOSED}', '{EntryState.DONE}')"


def prune(cursor: sqlite3.Cursor) -> None:
    """Forget the oldest of what is over, in the transaction of ``cursor``."""
    cursor.execute(
        f"delete from entry where state in {_OVER} and seq <="
        f" (select seq from entry where state in {_OVER} order by seq desc limit 1 offset ?)",
        (MAX_DONE,),
    )
    cursor.execute(
        "delete from entry where seq in (select seq from (select seq, sum(length(body)"
        " + length(task) + length(outcome)) over (order by seq desc) as held"
        f" from entry where state in {_OVER}) where held > ?)",
        (MAX_DONE_BYTES,),
    )
    cursor.execute("delete from shape where id not in (select shape from entry)")
