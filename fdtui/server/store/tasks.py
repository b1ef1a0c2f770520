"""Rows of tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update

from fdtui.server.record import Record
from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import tasks

_COLUMNS = (tasks.c.id, tasks.c.stage, tasks.c.assignee, tasks.c.uid, tasks.c.data)
_CHUNK = 500
"""Ids in one statement; SQLite takes a limited number of parameters."""

# Made once: building a statement takes five times as long as running it.
_BY_UID = Prepared(
    select(*_COLUMNS).where(tasks.c.workflow == bindparam("w"), tasks.c.uid == bindparam("u"))
)
_IS_TAKEN = select(tasks.c.id).where(tasks.c.id == bindparam("taken"))
_INSERT = insert(tasks)
_THIS = tasks.c.id == bindparam("task")
_CHANGED = ("stage", "assignee", "data")
_SAVE = Prepared(update(tasks).where(_THIS).values({name: bindparam(name) for name in _CHANGED}))
_RENAME = Prepared(
    update(tasks)
    .where(_THIS, tasks.c.uid.is_distinct_from(bindparam("old")))
    .values(uid=bindparam("new"))
)
"""Apart, for it costs three pages of indexes more, and a unique id hardly ever changes."""
_DELETE = delete(tasks).where(_THIS)


def everything(
    tx: Transaction, workflow: str, *, stage: str | None = None, but_stages: Iterable[str] = ()
) -> list[Record]:
    """The tasks in the order of their creation, of one ``stage`` or of none of ``but_stages``."""
    query = select(*_COLUMNS).where(tasks.c.workflow == workflow).order_by(tasks.c.number)
    if stage is not None:
        query = query.where(tasks.c.stage == stage)
    if without := tuple(but_stages):
        query = query.where(tasks.c.stage.not_in(without))
    return _records(tx, query)


def by_uid(tx: Transaction, workflow: str, uid: str) -> Record | None:
    """The task of that unique id."""
    row = _BY_UID.run(tx, w=workflow, u=uid).first()
    return None if row is None else _record(row)


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
        query = select(*_COLUMNS).where(tasks.c.id.in_(part)).order_by(tasks.c.number)
        found.update((record.id, record) for record in _records(tx, query))
    return found


def add(tx: Transaction, workflow: str, record: Record) -> None:
    """Store a new task after all others."""
    tx.execute(_INSERT, {"workflow": workflow, **_values(record)})


def save(tx: Transaction, record: Record) -> None:
    """Store a changed task."""
    values = _values(record)
    _SAVE.run(tx, task=record.id, **{name: values[name] for name in _CHANGED})
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


def _values(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "uid": record.uid,
        "stage": record.stage,
        "assignee": record.assignee,
        "data": json.dumps(record.values, ensure_ascii=False, separators=(",", ":")),
    }


def _records(tx: Transaction, query: Select[Any]) -> list[Record]:
    return [_record(row) for row in tx.execute(query)]


def _record(row: Any) -> Record:
    id_, stage, who, uid, data = row
    return Record(id_, stage, who, uid, json.loads(data))


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    left = list(values)
    return (left[start : start + _CHUNK] for start in range(0, len(left), _CHUNK))
