"""A connection to a ledger of a book's own, and which window of the program it belongs to."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock

from fdtui.sync.storage.instances import Instance
from fdtui.sync.storage.private_file import PrivateFile


class BookFile:
    """May be used from any thread, one `turn` at a time. Raises `sqlite3.Error` if it cannot be opened.

    A book is written from a thread: a disk that is slow to confirm must not keep a key waiting.
    """

    def __init__(self, file: PrivateFile) -> None:
        self._lock, self._file = Lock(), file
        self._db = file.connect(any_thread=True)
        self.window = Instance(file.path, secrets.token_hex(6))

    def close(self) -> None:
        """Let go of the file, and of what this window had taken for its own."""
        with self._lock:
            self._db.close()
            self.window.close()

    @contextmanager
    def turn(self, *, writes: bool = False) -> Iterator[sqlite3.Cursor]:
        """One use of the connection: alone, whole or not at all; raises `StorageError`."""
        careful = self._file.writing() if writes else self._file.use()
        with careful, self._lock, closing(self._db.cursor()) as cursor:
            if writes:
                cursor.execute("begin immediate")
            with self._db:  # ends what was begun: all of it, or with an error nothing
                yield cursor
