"""The boards in a cache: one row per task, written by difference and read back at once."""

from __future__ import annotations

import secrets
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from operator import methodcaller
from threading import Lock
from typing import Any, TypeAlias
from zlib import crc32

from fdtui.core.errors import DamagedError
from fdtui.core.frozen import frozen
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap, differing
from fdtui.sync.storage.cache_codec import (
    UNREADABLE,
    UNWRITABLE,
    CachedRow,
    column,
    list_of,
    packed,
    packed_list,
    packed_shape,
    shape_of,
    text_of,
)
from fdtui.sync.storage.cache_order import STEP, places
from fdtui.sync.storage.protocols import Snapshot

_Kept: TypeAlias = "tuple[tuple[int, int], TaskMap, array[int]]"
"""How many tasks stand in the file, their total, and what is known of all of them."""
ROWS_AT_ONCE = 4096
"""Rows that are read from the file at a time."""
_BOARD = "select id, at, revision, body, sum, tasks, total, feed from workflow"
_TASKS = "select position, key, uid, problem, stage, body, sum from task where workflow = ?"
_STANDS = "select revision, tasks, total from workflow where id = ?"
_STANDING_TASK = "select position, sum from task where workflow = ? and key = ?"
_KEEP_TASK = "insert or replace into task values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_WEIGHT, _MOST = 31, 0x7FFF_FFFF_FFFF_FFFF
"""Of a checksum beside a position, and what the total is cut to."""
_KEEP_BOARD = "insert or replace into workflow values (?, ?, ?, ?, ?, ?, ?, ?)"


@frozen
class _Known:
    """What we know of a workflow in the file, as long as its revision is this one."""

    revision: str
    tasks: TaskMap
    """What stands there; the tasks themselves, so that another version of them tells what differs."""
    listed: TaskMap
    """What stood there when all of it was read or written."""
    sums: array[int]
    """And the checksum of each of those."""
    is_whole: bool = True
    """Whether there is none among the tasks that no file can hold."""

    def mine(self) -> dict[str, tuple[Task, int]]:
        """The tasks whose checksums are known, with those."""
        return {
            task.key: (task, each) for task, each in zip(self.listed.values(), self.sums, strict=True)
        }


class CachedBoards:
    """Knows what stands in the file, so that only what differs is written. For any thread.

    Windows share the file: each write gives the workflow another revision, by which another window
    sees that it has to look at what is there before it writes its own difference.
    """

    def __init__(self, rest: Callable[[], object]) -> None:
        """``rest`` is called after every few tasks, for the screen needs the processor, too."""
        self._rest, self._lock = rest, Lock()
        self._known: dict[str, _Known] = {}
        self.written_tasks = 0
        """Rows of tasks that were written or removed."""

    def read(self, db: sqlite3.Connection, wanted: str | None, most: int | None) -> Snapshot | None:
        """The workflow of that id or name, or the last one, unless it has more than ``most`` tasks.

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
        (id_, at, revision, _, _, count, total, feed), ref, schema = found
        if most is not None and count > most:
            return None
        tasks, sums, counted = _tasks(db.execute(_TASKS, (id_,)))
        if (len(tasks), counted) != (count, total) or not isinstance(at, float):
            raise DamagedError("The cache is damaged.")
        with self._lock:
            self._known[ref.id] = _Known(revision, tasks, tasks, sums)
        listed = db.execute("select body, sum from list").fetchone()
        if listed is not None:
            _check(*listed)
        workflows, workspace = ((), None) if listed is None else list_of(listed[0])
        return Snapshot(ref, schema, tasks, at, workflows, workspace, str(feed))

    def write(self, db: sqlite3.Connection, snapshot: Snapshot) -> None:
        """Keep ``snapshot``, all of it or nothing; raises `sqlite3.Error`."""
        ref = snapshot.workflow
        try:
            shape = packed_shape(ref, snapshot.schema)
            workflows = packed_list(snapshot.workflows, snapshot.workspace)
        except UNWRITABLE:
            return  # a shape that no file can hold: this workflow is not cached
        with self._lock:
            known = self._known.get(ref.id)
        with db:
            db.execute("begin immediate").close()
            tasks = TaskMap.of(snapshot.tasks)
            found = db.execute(_STANDS, (column(ref.id),)).fetchone()
            if known is not None and found is not None and found[0] == known.revision:
                kept = self._write_changes(db, column(ref.id), known, tasks, found[1:])
            else:
                kept = None
            if kept is None:
                is_ours = known is not None and found is not None and found[0] == known.revision
                kept = self._write_all(db, column(ref.id), known, tasks, is_ours=is_ours)
            counted, listed, sums = kept
            revision = secrets.token_hex(8)
            at = 0.0 if snapshot.at is None else float(snapshot.at)
            is_whole = counted[0] == len(tasks)
            feed = snapshot.feed if is_whole else ""  # which goes on from all tasks
            board = (column(ref.id), at, revision, shape, crc32(shape), *counted, feed)
            db.execute(_KEEP_BOARD, board).close()
            db.execute(
                "insert or replace into list values (1, ?, ?)", (workflows, crc32(workflows))
            ).close()
        with self._lock:
            self._known[ref.id] = _Known(revision, tasks, listed, sums, is_whole)

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
            for table in ("task", "part", "place"):
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

    def _write_changes(
        self,
        db: sqlite3.Connection,
        workflow: str | bytes,
        known: _Known,
        tasks: TaskMap,
        counted: tuple[int, int],
    ) -> _Kept | None:
        """Write what differs from what stands there; ``None`` where the order may differ, too."""
        before = known.tasks
        left = tuple(key for key in before.come if key in tasks)
        if not tasks.shares_with(before) or tasks.come[: len(left)] != left:
            return None
        touched, (count, total) = differing(before, tasks), counted
        written = db.total_changes
        for key in touched:
            task, where = tasks.get(key), (workflow, column(key))
            old = db.execute(_STANDING_TASK, where).fetchone()
            if old is None and key in before:
                return None  # it could not be written: where would it stand now?
            place = old[0] if old is not None else _last_place(db, workflow) + STEP
            row = None if task is None else _written(workflow, task, place)
            if old is not None:
                count, total = count - 1, total - old[0] - old[1] * _WEIGHT
            if row is not None:
                count, total = count + 1, total + place + row[-1] * _WEIGHT
                if old is None or old[1] != row[-1]:
                    db.execute(_KEEP_TASK, row).close()
            elif old is not None:
                db.execute("delete from task where workflow = ? and key = ?", where).close()
        self.written_tasks += db.total_changes - written
        return (count, total & _MOST), known.listed, known.sums

    def _write_all(
        self,
        db: sqlite3.Connection,
        workflow: str | bytes,
        known: _Known | None,
        tasks: TaskMap,
        *,
        is_ours: bool,
    ) -> _Kept:
        """Look at all of them, and write what differs."""
        rows = db.execute("select key, position, sum from task where workflow = ?", (workflow,))
        old = {text_of(key): (position, checksum) for key, position, checksum in rows.fetchall()}
        if known is None:
            mine = {}
        elif is_ours:
            mine = {key: (task, old[key][1]) for key, task in known.tasks.items() if key in old}
        else:
            mine = known.mine()
        where = places(tasks, {key: position for key, (position, _) in old.items()})
        kept: dict[str, Task] = {}
        sums, positions = array("I"), array("Q")
        moved: list[tuple[int, str | bytes, str | bytes]] = []

        def fresh() -> Iterator[tuple[object, ...]]:
            for key, task in tasks.items():
                stands, position = old.get(key), where[key]
                known_task, checksum = mine.get(key, (None, 0))
                row = None
                if known_task is not task or stands is None or stands[1] != checksum:
                    row = _written(workflow, task, position)
                    if row is None:
                        continue
                    checksum = row[-1]
                kept[key] = task
                sums.append(checksum)
                positions.append(position)
                if row is not None and (stands is None or stands[1] != checksum):
                    yield row
                elif stands is not None and stands[0] != position:
                    moved.append((position, workflow, column(key)))
                if row is not None and len(kept) % 32 == 0:
                    self._rest()

        count = db.total_changes
        db.executemany(_KEEP_TASK, fresh()).close()
        place = "update task set position = ? where workflow = ? and key = ?"
        db.executemany(place, moved).close()
        gone = [(workflow, column(key)) for key in old if key not in kept]
        db.executemany("delete from task where workflow = ? and key = ?", gone).close()
        self.written_tasks += db.total_changes - count
        listed = tasks if len(kept) == len(tasks) else TaskMap(kept)
        return (len(kept), _total(sums, positions)), listed, sums


def _last_place(db: sqlite3.Connection, workflow: str | bytes) -> int:
    query = "select coalesce(max(position), 0) from task where workflow = ?"
    (last,) = db.execute(query, (workflow,)).fetchone()
    return int(last)


def _written(
    workflow: str | bytes, task: Task, position: int
) -> tuple[str | bytes, str | bytes, int, object, object, object, str, bytes, int] | None:
    """The task as a row of the file; ``None`` for one that no file can hold."""
    try:
        body = packed(dict(task.row))
    except UNWRITABLE:
        return None
    stage, who = task.row.get("Stage"), task.assignee
    lane = stage if isinstance(stage, str) else None
    checksum = _sum(task, lane, body)
    uid = None if task.uid is None else column(task.uid)
    assignee, named = None if who is None else column(who), None if lane is None else column(lane)
    return workflow, column(task.key), position, named, assignee, uid, task.problem, body, checksum


def _sum(task: Task, stage: str | None, body: bytes) -> int:
    return crc32(body, crc32(_encode(_head(task.key, task.uid, stage, task.problem))))


_head = "{}\0{}\0{}\0{}".format
_encode = methodcaller("encode", "utf-8", "surrogatepass")


def _tasks(found: sqlite3.Cursor) -> tuple[TaskMap, array[int], int]:
    """The tasks in their order, their checksums, and their total; raises `DamagedError`.

    Written so that thousands cost as little as may be: this is done before the first frame. Of many
    more only a part is in memory twice at a time.
    """
    tasks: list[Task] = []
    sums, positions = array("I"), array("q")
    while rows := found.fetchmany(ROWS_AT_ONCE):
        places, raw_keys, raw_uids, problems, raw_stages, bodies, checksums = zip(*rows, strict=True)
        keys, uids, stages = _texts(raw_keys), _texts(raw_uids), _texts(raw_stages)
        heads = map(crc32, map(_encode, map(_head, keys, uids, stages, problems)))
        if tuple(map(crc32, bodies, heads)) != checksums:
            raise DamagedError("The cache is damaged.")
        uids = keys if uids == keys else uids  # one text instead of two
        names = dict.fromkeys(stages)
        same = dict(zip(names, names, strict=True))  # and one of each stage
        cards = map(CachedRow, bodies, map(same.__getitem__, stages))
        tasks += map(Task, keys, uids, cards, problems)
        sums.extend(checksums)
        positions.extend(places)
    found.close()
    ordered = sorted(range(len(tasks)), key=positions.__getitem__)
    listed = {tasks[at].key: tasks[at] for at in ordered}
    kept = array("I", map(sums.__getitem__, ordered))
    return TaskMap(listed), kept, _total(sums, positions)


def _texts(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The texts in columns, some of which may be bytes or nothing."""
    if bytes in set(map(type, values)):
        return tuple(None if value is None else text_of(value) for value in values)
    return values


def _total(sums: Iterable[int], positions: Iterable[int]) -> int:
    """One number for all rows, by which a lost row and a wrong order are found out."""
    return (sum(sums) * _WEIGHT + sum(positions)) & _MOST


def _check(body: bytes, checksum: int) -> None:
    if crc32(body) != checksum:
        raise DamagedError("The cache is damaged.")
