"""What is remembered of tasks, in a ledger."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.remembered import Stay
from fdtui.sync.storage.cache_codec import UNREADABLE, UNWRITABLE, column, packed, text_of, unpacked
from fdtui.sync.storage.connection import BookFile
from fdtui.sync.storage.private_file import PrivateFile
from fdtui.sync.storage.seen import MAX_SEEN, MAX_STAYS, SeenTask

_TRIM = """
delete from {0} where workflow = ? and rowid not in
    (select rowid from {0} where workflow = ? order by {1} desc limit ?)
"""


class SeenTable:
    """See `fdtui.sync.storage.seen.Seen`. May be used from any thread, one call at a time."""

    def __init__(self, private: PrivateFile) -> None:
        self._private = private
        self._file: BookFile | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> BookFile:
        """The file, opened by the first who needs it: that is after the first frame."""
        with self._private.use():
            self._file = self._file or BookFile(self._private)
        return self._file

    def load(self, workflow: str) -> tuple[dict[str, SeenTask], dict[str, Stay]]:
        """See `Seen.load`; a row that cannot be read is passed over."""
        id_ = (column(workflow),)
        with self._opened().turn() as cursor:
            seen = cursor.execute("select key, at, body from seen where workflow = ?", id_).fetchall()
            query = "select key, stage, since, exact from stay where workflow = ?"
            stays = cursor.execute(query, id_).fetchall()
        found = {text_of(key): each for key, at, body in seen if (each := _read(at, body)) is not None}
        return found, {
            text_of(key): Stay(text_of(stage), float(since), bool(exact))
            for key, stage, since, exact in stays
        }

    def store(self, workflow: str, seen: Mapping[str, SeenTask], stays: Mapping[str, Stay]) -> None:
        """See `Seen.store`; a task that no file can hold is passed over."""
        id_ = column(workflow)
        rows = [
            (id_, column(key), each.at, body) for key, each in seen.items() if (body := _written(each))
        ]
        moved = [
            (id_, column(key), column(each.stage), each.since, each.is_exact)
            for key, each in stays.items()
        ]
        with self._opened().turn(writes=True) as cursor:
            cursor.executemany("insert or replace into seen values (?, ?, ?, ?)", rows)
            cursor.executemany("insert or replace into stay values (?, ?, ?, ?, ?)", moved)
            cursor.execute(_TRIM.format("seen", "at"), (id_, id_, MAX_SEEN))
            cursor.execute(_TRIM.format("stay", "since"), (id_, id_, MAX_STAYS))


def _written(seen: SeenTask) -> bytes:
    try:
        return packed(dict(seen.row))
    except UNWRITABLE:
        return b""


def _read(at: float, body: bytes) -> SeenTask | None:
    try:
        row = unpacked(body)
    except UNREADABLE:
        return None
    return SeenTask(float(at), row) if isinstance(row, dict) else None
