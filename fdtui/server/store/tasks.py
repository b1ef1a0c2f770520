"""Rows of tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update

from fdtui.server.record import Record
from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import tasks

TASK_COLUMNS = (tasks.c.id, tasks.c.stage, tasks.c.assignee, tasks.c.uid, tasks.c.data)
"""What `read_record` reads."""
_IDS_PER_STATEMENT = 500
"""Ids in one statement; SQLite takes a limited number of parameters."""
_ENCODE_DATA = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` makes an encoder for each call that asks for a form of its own."""

# Made once: building a statement takes five times as long as running it.
_BY_UID = Prepared(
    select(*TASK_COLUMNS).where(tasks.c.workflow == bindparam("w"), tasks.c.uid == bindparam("u"))
)
_IS_TAKEN = select(tasks.c.id).where(tasks.c.id == bindparam("taken"))
_TASK_NAMES = ("workflow", "id", "uid", "stage", "assignee", "data")
_INSERT = Prepared(insert(tasks).values({name: bindparam(name) for name in _TASK_NAMES}).inline())
_THIS = tasks.c.id == bindparam("task")
_SAVE = Prepared(update(tasks).where(_THIS).values(data=bindparam("data")))
_PLACE = Prepared(
    update(tasks).where(_THIS).values({name: bindparam(name) for name in ("stage", "assignee")})
)
_RENAME = Prepared(
    update(tasks)
    .where(_THIS, tasks.c.uid.is_distinct_from(bindparam("old")))
    .values(uid=bindparam("new"))
)
"""Apart, for SQLite writes every index of a column that is set, to the same value too."""
_DELETE = delete(tasks).where(_THIS)


def everything(tx: Transaction, workflow: str) -> list[Record]:
    """The tasks in the order of their creation."""
    query = select(*TASK_COLUMNS).where(tasks.c.workflow == workflow).order_by(tasks.c.number)
    return _records(tx, query)


def by_uid(tx: Transaction, workflow: str, uid: str) -> Record | None:
    """The task of that unique id."""
    row = _BY_UID.run(tx, w=workflow, u=uid).first()
    return None if row is None else read_record(row)


def by_uids(tx: Transaction, workflow: str, uids: Iterable[str]) -> dict[str, Record]:
    """Those of the tasks that have one of ``uids``, by it."""
    found: dict[str, Record] = {}
    for part in _chunks(uids):
        query = select(*TASK_COLUMNS).where(tasks.c.workflow == workflow, tasks.c.uid.in_(part))
        found.update((str(record.uid), record) for record in _records(tx, query))
    return found


def ids_of(tx: Transaction, workflow: str, uids: Iterable[str]) -> dict[str, str]:
    """The internal id of each of ``uids`` that exists."""
    found: dict[str, str] = {}
    for part in _chunks(uids):
        query = select(tasks.c.uid, tasks.c.id).where(
            tasks.c.workflow == workflow, tasks.c.uid.in_(part)
        )
        found.update((uid, id_) for uid, id_ in tx.execute(query))
    return found


def by_ids(tx: Transaction, ids: Iterable[str]) -> dict[str, Record]:
    """The tasks of those internal ids, in the order of their creation."""
    found: dict[str, Record] = {}
    for part in _chunks(ids):
        query = select(*TASK_COLUMNS).where(tasks.c.id.in_(part)).order_by(tasks.c.number)
        found.update((record.id, record) for record in _records(tx, query))
    return found


def of_workflow(tx: Transaction, workflow: str, ids: Iterable[str]) -> list[Record]:
    """Those of the tasks ``ids`` that are of ``workflow``, in the order of their creation."""
    found: list[tuple[int, Record]] = []
    for part in _chunks(ids):
        query = select(tasks.c.number, *TASK_COLUMNS).where(
            tasks.c.workflow == workflow, tasks.c.id.in_(part)
        )
        found += ((row[0], read_record(row[1:])) for row in tx.execute(query))
    return [record for _, record in sorted(found, key=lambda each: each[0])]


def add(tx: Transaction, workflow: str, record: Record) -> None:
    """Store a new task after all others."""
    add_all(tx, workflow, [record])


def add_all(tx: Transaction, workflow: str, records: Iterable[Record]) -> None:
    """The same for several, in their order."""
    _INSERT.run_many(tx, [{"workflow": workflow, **_values(each)} for each in records])


def save(tx: Transaction, record: Record, before: Record | None = None) -> None:
    """Store a changed task; ``before`` is how it is stored, where that is known."""
    if before is None or before.values != record.values:
        _SAVE.run(tx, task=record.id, data=_data(record))
    if before is None or (before.stage, before.assignee) != (record.stage, record.assignee):
        _PLACE.run(tx, task=record.id, stage=record.stage, assignee=record.assignee)
    if before is None or before.uid != record.uid:
        _RENAME.run(tx, task=record.id, old=record.uid, new=record.uid)


def remove(tx: Transaction, record: Record) -> None:
    """Delete a task, and with it its links and the mention of its files."""
    tx.execute(_DELETE, {"task": record.id})


def new_id(store: Store, tx: Transaction) -> str:
    """An internal id that no task has."""
    while True:
        made = store.new_id()
        if tx.execute(_IS_TAKEN, {"taken": made}).scalar() is None:
            return made


def new_ids(store: Store, tx: Transaction, count: int) -> Iterator[str]:
    """Internal ids that no task has, all different; ``count`` are made at a time."""
    given: set[str] = set()
    while True:
        made = {store.new_id() for _ in range(count)} - given
        for part in _chunks(made):
            taken = set(tx.execute(select(tasks.c.id).where(tasks.c.id.in_(part))).scalars())
            given.update(part)
            yield from (each for each in part if each not in taken)


def _values(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "uid": record.uid,
        "stage": record.stage,
        "assignee": record.assignee,
        "data": _data(record),
    }


def _data(record: Record) -> str:
    return _ENCODE_DATA(record.values)


def _records(tx: Transaction, query: Select[Any]) -> list[Record]:
    return [read_record(row) for row in tx.execute(query)]


def read_record(row: Any) -> Record:
    """The task that a row of `TASK_COLUMNS` holds."""
    id_, stage, who, uid, data = row
    return Record(id_, stage, who, uid, json.loads(data))


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    left = list(values)
    return (
        left[start : start + _IDS_PER_STATEMENT] for start in range(0, len(left), _IDS_PER_STATEMENT)
    )
