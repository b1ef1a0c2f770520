"""What waits in other journals of the same folder: of other servers, or in another user's name."""

# ruff: noqa: S608 - what is put into a query is ours: names of states

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from fdtui.sync.storage.journal import OPEN, JournalOwner

_OPEN = f"({', '.join(repr(str(each)) for each in sorted(OPEN))})"


def waiting_elsewhere(mine: Path) -> tuple[tuple[JournalOwner, int], ...]:
    """Whose journals beside ``mine`` hold what is to be sent, and how much of it."""
    found: list[tuple[JournalOwner, int]] = []
    for path in sorted(mine.parent.glob("journal-*.db")):
        if path == mine:
            continue
        with suppress(sqlite3.Error), closing(_read_only(path)) as database:
            states = f"select count(*) from entry where state in {_OPEN}"
            (count,) = database.execute(states).fetchone()
            owner = database.execute("select origin, user from owner").fetchone()
            if count and owner is not None:
                found.append((JournalOwner(*owner), count))
    return tuple(found)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1)
