"""What a cache holds of single tasks: their comments, checklists and logs; and where the cursor was."""

from __future__ import annotations

import sqlite3
from zlib import crc32

from fdtui.core.details import Details, Part
from fdtui.core.errors import DamagedError
from fdtui.core.frozen import replace
from fdtui.sync.storage.cache_codec import (
    CACHED_PARTS,
    UNREADABLE,
    UNWRITABLE,
    column,
    packed_part,
    part_of,
    text_of,
)
from fdtui.sync.storage.protocols import CursorPlace

MAX_PARTS = 600
"""Parts of tasks that are kept of a workflow: those read last."""
MAX_PART_SIZE = 1 << 18
"""Bytes of the longest part that is kept."""


def read_details(db: sqlite3.Connection, workflow: str, key: str) -> Details | None:
    """What is kept of that task, with its age; raises `DamagedError`, `sqlite3.Error`."""
    query = "select part, at, body, sum from part where workflow = ? and key = ?"
    details = Details()
    try:
        for name, at, body, checksum in db.execute(query, (column(workflow), column(key))).fetchall():
            part = Part(name)
            if crc32(body, crc32(f"{workflow}\0{key}".encode("utf-8", "surrogatepass"))) != checksum:
                raise DamagedError("The cache is damaged.")
            news = {part.value: part_of(body, part)}
            details = replace(details, cached=(*details.cached, (part, float(at))), **news)
    except UNREADABLE:
        raise DamagedError("The cache is damaged.") from None
    return details if details.cached else None


def write_details(db: sqlite3.Connection, workflow: str, key: str, details: Details, at: float) -> None:
    """Keep the parts that ``details`` has, instead of what was known of each; raises `sqlite3.Error`."""
    id_, name = column(workflow), column(key)
    with db:
        db.execute("begin immediate").close()
        for part in CACHED_PARTS:
            if getattr(details, part) is None:
                continue
            try:
                body = packed_part(details, part)
            except UNWRITABLE:
                body = b""
            if not body or len(body) > MAX_PART_SIZE:
                forget_part(db, workflow, key, part)
                continue
            checksum = crc32(body, crc32(f"{workflow}\0{key}".encode("utf-8", "surrogatepass")))
            values = (id_, name, part.value, at, body, checksum)
            db.execute("insert or replace into part values (?, ?, ?, ?, ?, ?)", values).close()
        old = (id_, id_, MAX_PARTS)
        db.execute(
            "delete from part where workflow = ? and rowid not in"
            " (select rowid from part where workflow = ? order by rowid desc limit ?)",
            old,
        ).close()


def forget_part(db: sqlite3.Connection, workflow: str, key: str, part: Part) -> None:
    """Let that part of a task not stay."""
    values = (column(workflow), column(key), part.value)
    db.execute("delete from part where workflow = ? and key = ? and part = ?", values).close()


def read_place(db: sqlite3.Connection, workflow: str) -> CursorPlace | None:
    """Where the cursor was; raises `sqlite3.Error`."""
    query = "select stage, key from place where workflow = ?"
    found = db.execute(query, (column(workflow),)).fetchone()
    return None if found is None else CursorPlace(text_of(found[0]), text_of(found[1]))


def write_place(db: sqlite3.Connection, workflow: str, place: CursorPlace) -> None:
    """Keep where the cursor is; raises `sqlite3.Error`."""
    values = (column(workflow), column(place.stage), column(place.key))
    db.execute("insert or replace into place values (?, ?, ?)", values).close()
