"""A listing of tasks as the cache's file holds it: packed as in memory, so that it is read at once."""

from __future__ import annotations

import sqlite3
import sys
from array import array
from hashlib import sha256

from fdtui.core.errors import DamagedError
from fdtui.core.task_list import PackedTasks
from fdtui.sync.storage.cache_codec import packed, unpacked

_READ_LISTING = "select lanes, ends, sums, places, text from listing where workflow = ?"
_KEEP_LISTING = "insert or replace into listing values (?, ?, ?, ?, ?, ?)"


def read_listing(db: sqlite3.Connection, workflow: str | bytes, digest: str) -> PackedTasks:
    """The listing of a workflow, if it is the one of that digest.

    Raises `DamagedError` where it is not, `ValueError` where it cannot be one, `sqlite3.Error`.
    """
    found = db.execute(_READ_LISTING, (workflow,)).fetchone()
    if found is None or _digest(found) != digest:
        raise DamagedError("The cache is damaged.")
    head, ends, sums, places, text = found
    lanes: dict[str, array[int]] = {}
    at = 0
    order, stages = unpacked(head)
    if order != sys.byteorder:
        raise DamagedError("The cache is another computer's.")
    joined = _numbers(places)
    count = len(joined) // 2
    for stage, size in stages:
        lanes[stage] = joined[count + at : count + at + size]
        at += size
    return PackedTasks(text, _numbers(ends), (_numbers(sums), joined[:count]), lanes)


def write_listing(db: sqlite3.Connection, workflow: str | bytes, tasks: PackedTasks) -> str:
    """Keep ``tasks``; answers the digest by which they are read again. Raises `sqlite3.Error`."""
    parts = _parts(tasks)
    db.execute(_KEEP_LISTING, (workflow, *parts)).close()
    return _digest(parts)


def digest_of(tasks: PackedTasks) -> str:
    """What `write_listing` answers for ``tasks``."""
    return _digest(_parts(tasks))


def _parts(tasks: PackedTasks) -> tuple[bytes, ...]:
    sums, places = tasks.index
    stages = [[stage, len(lane)] for stage, lane in tasks.lanes.items()]
    lanes = b"".join(lane.tobytes() for lane in tasks.lanes.values())
    head = packed([sys.byteorder, stages])
    return head, tasks.ends.tobytes(), sums.tobytes(), places.tobytes() + lanes, tasks.text


def _digest(parts: tuple[bytes, ...]) -> str:
    made = sha256()
    for each in parts:
        made.update(len(each).to_bytes(8, "big"))
        made.update(each)
    return made.hexdigest()


def _numbers(body: bytes) -> array[int]:
    made = array("I")
    made.frombytes(body)
    return made
