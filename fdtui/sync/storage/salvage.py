"""What is saved of a damaged file: itself, under another name, and every row that can be read."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing, suppress
from pathlib import Path

from fdtui.core.frozen import frozen

SUFFIXES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file of its own, by the end of the name."""
MAGIC = b"SQLite format 3\0"
_ATTEMPTS = 64
"""How often reading goes on behind what cannot be read, each time twice as far."""


@frozen
class Salvaged:
    """How many rows were saved; ``lost`` is ``None`` where nobody can say how many there were."""

    kept: int = 0
    lost: int | None = None


def is_header_sound(path: Path) -> bool:
    """Whether the first bytes are those of a file that we made; an empty one will be made."""
    with path.open("rb") as file:
        head = file.read(100)
    if not head:
        return True
    # magic; write and read version; three fixed fractions; text in UTF-8 (0 while there is no table)
    return (
        len(head) == 100
        and head.startswith(MAGIC)
        and head[18] in (1, 2)
        and head[19] in (1, 2)
        and head[21:24] == b"\x40\x20\x20"
        and struct.unpack(">I", head[56:60])[0] in (0, 1)
    )


def set_aside(path: Path, stamp: str) -> Path:
    """Give the file and what belongs to it another name, which says when; never one that is taken."""
    for number in range(1000):
        name = f"{path.name}.damaged-{stamp}" + (f"-{number}" if number else "")
        aside = path.with_name(name)
        if not aside.exists():
            break
    path.rename(aside)
    for suffix in SUFFIXES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def read_damaged(path: Path, scratch: Path) -> sqlite3.Connection:
    """A connection to what can be read of ``path``, by way of a copy in ``scratch``.

    In the copy, the first bytes are what they should be, and a part that is missing is no reason to
    read nothing. Raises `sqlite3.Error` and `OSError`.
    """
    wal = path.with_name(f"{path.name}-wal")
    data = bytearray(path.read_bytes())
    if len(data) >= 100:
        data[:16], data[21:24] = MAGIC, b"\x40\x20\x20"
        data[18] = data[19] = 2 if wal.exists() else 1
        data[44:48], data[56:60] = struct.pack(">I", 4), struct.pack(">I", 1)
    scratch.write_bytes(data)
    if wal.exists():
        scratch.with_name(f"{scratch.name}-wal").write_bytes(wal.read_bytes())
    old = sqlite3.connect(scratch, isolation_level=None)
    old.execute("pragma writable_schema = on").close()  # then a broken part breaks itself alone
    old.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return old


def copy_rows(old: sqlite3.Connection, new: sqlite3.Connection) -> Salvaged:
    """Copy what can be read of each table that ``new`` has, row by row; a row it refuses is lost."""
    kept, lost, is_known = 0, 0, True
    for table in _tables(new):
        try:
            columns = [each for each in _columns(new, table) if each in _columns(old, table)]
        except sqlite3.Error:
            columns = []
        if not columns:
            is_known = False
            continue
        copied, found = _copy_table(old, new, table, columns)
        kept += copied
        if found is None:
            is_known = False
        else:
            lost += max(0, found - copied)
    return Salvaged(kept, lost if is_known else None)


def _copy_table(
    old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: list[str]
) -> tuple[int, int | None]:
    """How many rows were copied, and of how many."""
    names, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    insert = f"insert or ignore into {table} ({names}) values ({marks})"  # noqa: S608 (our own names)
    seen, copied = set[int](), 0
    for order, beyond, step in (("asc", ">", 1), ("desc", "<", -1)):
        last, gap = (0, 0) if step > 0 else (_END, 0)
        for _ in range(_ATTEMPTS):
            start = last + step * gap
            if not -_END <= start <= _END:
                break
            where = f"rowid {beyond}{'=' if gap == 0 else ''} {start}"
            query = f"select rowid, {names} from {table} where {where} order by rowid {order}"  # noqa: S608
            is_whole, rows = _read(old, query)
            for rowid, *values in rows:
                last = rowid
                if rowid not in seen:
                    seen.add(rowid)
                    copied += _insert(new, insert, values)
            if is_whole and gap == 0 and step > 0:
                return copied, len(seen)
            if is_whole:
                break
            gap = max(1, gap * 2)
    return copied, _count(old, table)


_GARBLED = (sqlite3.Error, sqlite3.Warning, ValueError, TypeError)
"""What SQLite and its driver make of a name in which bits have changed."""
_END = 2**62
"""Beyond any row's number."""


def _insert(new: sqlite3.Connection, insert: str, values: list[object]) -> int:
    try:
        with closing(new.execute(insert, values)) as cursor:
            return cursor.rowcount
    except sqlite3.Error:
        return 0


def _read(old: sqlite3.Connection, query: str) -> tuple[bool, list[tuple[int, object]]]:
    """The rows up to the first that cannot be read, and whether these are all."""
    rows: list[tuple[int, object]] = []
    try:
        with closing(old.execute(query)) as cursor:
            while (row := cursor.fetchone()) is not None:
                rows.append(row)
    except (sqlite3.Error, OverflowError):
        return False, rows
    return True, rows


def _count(old: sqlite3.Connection, table: str) -> int | None:
    """How many rows there were, as the table says or one of its indexes, where that is whole."""
    ways = [table]
    with suppress(*_GARBLED):
        for _, index, *_ in old.execute(f"pragma index_list({table})").fetchall():
            column = old.execute(f"pragma index_info({index})").fetchone()[2]
            ways.append(f"(select {column} from {table} indexed by {index} order by {column})")  # noqa: S608
    for way in ways:
        with suppress(*_GARBLED):
            (found,) = old.execute(f"select count(*) from {way}").fetchone()  # noqa: S608 (our own names)
            return int(found)
    return None


def _tables(db: sqlite3.Connection) -> list[str]:
    query = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    return [name for (name,) in db.execute(query)]


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"pragma table_info({table})")]
