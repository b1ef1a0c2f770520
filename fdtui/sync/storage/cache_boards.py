"""The boards in a cache: a packed listing, and a row for each task that differs from it."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TypeAlias
from zlib import crc32

from fdtui.core.errors import DamagedError
from fdtui.core.frozen import frozen
from fdtui.core.task import Task
from fdtui.core.task_list import PackedTasks, TaskList, line_of, packed, task_of
from fdtui.core.task_map import TaskMap
from fdtui.sync.storage.cache_codec import (
    UNREADABLE,
    UNWRITABLE,
    column,
    list_of,
    packed_list,
    packed_shape,
    shape_of,
    text_of,
)
from fdtui.sync.storage.cache_listing import digest_of, read_listing, write_listing
from fdtui.sync.storage.protocols import Snapshot

_Id: TypeAlias = "str | bytes"
_Where: TypeAlias = "tuple[int, _Id]"
_BOARD = "select id, at, revision, body, sum, listing, size, apart, total, feed from workflow"
_KEEP_BOARD = "insert or replace into workflow values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_APART = "select place, key, body, sum from apart where workflow = ?"
_KEEP_APART = "insert or replace into apart values (?, ?, ?, ?, ?)"
_WEIGHT, _MOST = 31, 0x7FFF_FFFF_FFFF_FFFF
"""Of a checksum beside a place, and what the total is cut to."""


@frozen
class _Known:
    """What we know of a workflow in the file."""

    revision: str
    """As long as it has this revision, nobody else has written."""
    shared: TaskList
    """The listing of the tasks that we saw last."""
    listing: PackedTasks
    """The same packed."""
    unpacked: frozenset[int]
    """The places of those in it that no file can hold."""
    digest: str
    rows: dict[int, tuple[Task, bytes]]
    """What was written of the tasks that are not as in it, by place."""
    is_whole: bool = True
    """Whether there is none among all tasks that no file can hold."""


class CachedBoards:
    """Knows what stands in the file, so that only what differs is written. For any thread.

    Windows share the file: they know a listing by its digest, and each write gives the workflow
    another revision.
    """

    def __init__(self, rest: Callable[[], object]) -> None:
        """``rest`` is called after every few tasks, for the screen needs the processor, too."""
        self._rest, self._lock = rest, Lock()
        self._known: dict[str, _Known] = {}
        self.written_tasks = 0
        """Tasks that were written or removed."""

    def read(self, db: sqlite3.Connection, wanted: str | None, most: int | None) -> Snapshot | None:
        """The workflow of that id or name, or the last one, unless it takes more than ``most`` bytes.

        Raises `DamagedError`, `sqlite3.Error`.
        """
        db.execute("begin").close()
        try:
            try:
                return self._read(db, wanted, most)
            except UNREADABLE:
                raise DamagedError("The cache is damaged.") from None
        finally:
            db.execute("rollback").close()

    def _read(self, db: sqlite3.Connection, wanted: str | None, most: int | None) -> Snapshot | None:
        found = None
        for row in db.execute(f"{_BOARD} order by at desc").fetchall():
            _check(row[3], row[4])
            ref, schema = shape_of(row[3])
            if ref.id != text_of(row[0]):
                raise DamagedError("The cache is damaged.")
            if wanted in (None, ref.id) or (found is None and wanted == ref.name):
                found = (row, ref, schema)
                if wanted != ref.name or wanted == ref.id:
                    break
        if found is None:
            return None
        (id_, at, revision, _, _, digest, size, count, total, feed), ref, schema = found
        if most is not None and size > most:
            return None
        listing = read_listing(db, id_, digest)
        tasks = self._apart(db, id_, listing, (count, total))
        if not isinstance(at, float):
            raise DamagedError("The cache is damaged.")
        with self._lock:
            self._known[ref.id] = _Known(revision, listing, listing, frozenset(), digest, {})
        listed = db.execute("select body, sum from list").fetchone()
        if listed is not None:
            _check(*listed)
        workflows, workspace = ((), None) if listed is None else list_of(listed[0])
        return Snapshot(ref, schema, tasks, at, workflows, workspace, str(feed))

    def _apart(
        self, db: sqlite3.Connection, id_: _Id, listing: PackedTasks, counted: tuple[int, int]
    ) -> TaskMap:
        apart: dict[int, Task] = {}
        gone: dict[str, int] = {}
        count = total = 0
        for place, key, body, checksum in db.execute(_APART, (id_,)).fetchall():
            if _sum(place, text_of(key), body) != checksum:
                raise DamagedError("The cache is damaged.")
            count, total = count + 1, total + _weight(place, checksum)
            if body is None:
                gone[text_of(key)] = place
            else:
                apart[place] = task_of(body.decode("utf-8", "surrogatepass"))
        if (count, total & _MOST) != counted:
            raise DamagedError("The cache is damaged.")
        return TaskMap.restored(listing, apart, gone)

    def write(self, db: sqlite3.Connection, snapshot: Snapshot) -> None:
        """Keep ``snapshot``, all of it or nothing; raises `sqlite3.Error`."""
        ref = snapshot.workflow
        try:
            shape = packed_shape(ref, snapshot.schema)
            workflows = packed_list(snapshot.workflows, snapshot.workspace)
        except UNWRITABLE:
            return  # a shape that no file can hold: this workflow is not cached
        tasks, id_ = TaskMap.of(snapshot.tasks), column(ref.id)
        with self._lock:
            known = self._known_listing(ref.id, tasks.shared)
        with db:
            db.execute("begin immediate").close()
            stands = db.execute("select listing from workflow where id = ?", (id_,)).fetchone()
            if stands is None or stands[0] != known.digest:
                db.execute("delete from apart where workflow = ?", (id_,)).close()
                write_listing(db, id_, known.listing)
                self.written_tasks += len(known.listing)
            counted, rows, is_whole = self._write_apart(db, id_, known, tasks)
            revision = secrets.token_hex(8)
            at = 0.0 if snapshot.at is None else float(snapshot.at)
            feed = snapshot.feed if is_whole else ""  # which goes on from all tasks
            listed = (known.digest, len(known.listing.text))
            board = (id_, at, revision, shape, crc32(shape), *listed, *counted, feed)
            db.execute(_KEEP_BOARD, board).close()
            values = (workflows, crc32(workflows))
            db.execute("insert or replace into list values (1, ?, ?)", values).close()
        listing = (known.shared, known.listing, known.unpacked, known.digest)
        with self._lock:
            self._known[ref.id] = _Known(revision, *listing, rows, is_whole)

    def _known_listing(self, workflow: str, shared: TaskList) -> _Known:
        """What is known of a workflow with this listing: it is packed where it is another one."""
        known = self._known.get(workflow)
        if known is not None and known.shared is shared:
            return known
        listing, left = (shared, {}) if isinstance(shared, PackedTasks) else _packed(shared)
        return _Known("", shared, listing, frozenset(left), digest_of(listing), {})

    def _write_apart(
        self, db: sqlite3.Connection, id_: _Id, known: _Known, tasks: TaskMap
    ) -> tuple[tuple[int, int], dict[int, tuple[Task, bytes]], bool]:
        """Write what differs from the listing; answers what stands there, and whether that is all."""
        found = db.execute("select place, key, sum from apart where workflow = ?", (id_,)).fetchall()
        old: dict[_Where, int] = {(place, key): checksum for place, key, checksum in found}
        rows: dict[int, tuple[Task, bytes]] = {}
        count = total = 0
        for place, key, body in self._rows(known, tasks, rows):
            checksum = _sum(place, key, body)
            count, total = count + 1, total + _weight(place, checksum)
            where = (place, column(key))
            if old.pop(where, None) != checksum:
                db.execute(_KEEP_APART, (id_, *where, body, checksum)).close()
                self.written_tasks += 1
        for where in old:
            place_of = "delete from apart where workflow = ? and place = ? and key = ?"
            db.execute(place_of, (id_, *where)).close()
            self.written_tasks += 1
        return (count, total & _MOST), rows, len(rows) == len(tasks.apart) and not known.unpacked

    def _rows(
        self, known: _Known, tasks: TaskMap, rows: dict[int, tuple[Task, bytes]]
    ) -> Iterator[tuple[int, str, bytes | None]]:
        """What differs from the listing: places and keys, each with its task or nothing."""
        missing = {known.listing.key_at(place): place for place in known.unpacked}
        for place, task in tasks.apart.items():
            written = known.rows.get(place)
            if written is None or written[0] is not task:
                line = line_of(task)
                if line is None:
                    if place < len(known.listing):
                        missing[known.listing.key_at(place)] = place
                    continue
                written = (task, line.encode("utf-8", "surrogatepass"))
                if len(rows) % 32 == 31:
                    self._rest()
            rows[place] = written
            yield place, task.key, written[1]
        for key, place in (missing | dict(tasks.gone)).items():
            if place not in rows or key in tasks.gone:
                yield place, key, None

    def touch(self, db: sqlite3.Connection, workflow: str, at: float, feed: str) -> None:
        """Let the board be known as true at another moment; nothing else of it has changed.

        ``feed`` is for the tasks as they are, so it is not kept where another window has written since.
        """
        values = (at, column(workflow), at)
        db.execute("update workflow set at = ? where id = ? and at < ?", values).close()
        with self._lock:
            known = self._known.get(workflow)
        if known is not None and known.is_whole:
            where = (feed, column(workflow), known.revision)
            db.execute("update workflow set feed = ? where id = ? and revision = ?", where).close()

    def forget(self, db: sqlite3.Connection, workflow: str) -> None:
        """Let nothing of that workflow stay."""
        with db:
            db.execute("begin immediate").close()
            id_ = (column(workflow),)
            db.execute("delete from workflow where id = ?", id_).close()
            for table in ("listing", "apart", "part", "place"):
                db.execute(f"delete from {table} where workflow = ?", id_).close()  # noqa: S608
        with self._lock:
            self._known.pop(workflow, None)

    def ids(self, db: sqlite3.Connection) -> list[str]:
        """The ids of all workflows in the file; raises `sqlite3.Error`."""
        return [text_of(each) for (each,) in db.execute("select id from workflow").fetchall()]

    def forget_file(self) -> None:
        """The file is another one now, or none."""
        with self._lock:
            self._known.clear()


def _packed(shared: TaskList) -> tuple[PackedTasks, dict[int, Task]]:
    return packed(shared.at(place) for place in range(len(shared)))


def _sum(place: int, key: str, body: bytes | None) -> int:
    about = f"{place}\0{body is None}\0{key}".encode("utf-8", "surrogatepass")
    return crc32(body or b"", crc32(about))


def _weight(place: int, checksum: int) -> int:
    return place + checksum * _WEIGHT


def _check(body: bytes, checksum: int) -> None:
    if crc32(body) != checksum:
        raise DamagedError("The cache is damaged.")
