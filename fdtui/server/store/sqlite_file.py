"""A SQLite file opened without SQLAlchemy, which takes longer to import than most questions take."""

from __future__ import annotations

import sqlite3
from pathlib import Path

DATABASE_BUSY_TIMEOUT = 10
"""How long a writer waits for another process."""


def open_read_only(path: Path, timeout: float = 5.0, *, any_thread: bool = False) -> sqlite3.Connection:
    """The SQLite file ``path``, which must be there and is not changed.

    ``timeout`` is in seconds; only with ``any_thread`` may another thread use the connection.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=timeout, check_same_thread=not any_thread)
