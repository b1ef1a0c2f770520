"""A look into a cache's file that leaves it as it is, and says nothing of what is wrong with it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from fdtui.core.errors import StorageError
from fdtui.sync.storage.cache_boards import CachedBoards
from fdtui.sync.storage.cache_file import CACHE_FAULTS, open_for_a_look
from fdtui.sync.storage.protocols import Snapshot


def glance(path: Path, wanted: str | None) -> Snapshot | None:
    """The workflow of that id or name, or the one seen last.

    ``None`` where there is no such, and where the file cannot be read, whatever the reason.
    """
    try:
        db = open_for_a_look(path)
        if db is None:
            return None
        with closing(db):
            return CachedBoards(lambda: None).read(db, wanted, None)
    except (*CACHE_FAULTS, StorageError):
        return None
