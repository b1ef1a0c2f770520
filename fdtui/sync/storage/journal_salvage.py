"""What is saved of a damaged journal."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from fdtui.sync.storage import journal_text as text
from fdtui.sync.storage.salvage import Salvaged, copy_rows
from fdtui.sync.storage.schema_json import schema_read


def copied(old: sqlite3.Connection, new: sqlite3.Connection) -> Salvaged:
    """Copy all that can be read; of a schema that is damaged, what its index holds of it.

    One is behind all changes of a workflow, so a single bit in it would spoil them all.
    """
    saved = copy_rows(old, new)
    with suppress(sqlite3.Error):
        query = "select id, body from shape indexed by sqlite_autoindex_shape_1"
        for id_, spare in old.execute(query).fetchall():
            there = new.execute("select body from shape where id = ?", (id_,)).fetchone()
            if (there is None or not _is_sound(there[0])) and _is_sound(spare):
                new.execute("insert or replace into shape values (?, ?)", (id_, spare)).close()
    return saved


def _is_sound(body: object) -> bool:
    try:
        text.loads(str(body), schema_read)
    except ValueError:
        return False
    return True
