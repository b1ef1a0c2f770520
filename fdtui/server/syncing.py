"""Data syncs: the rows of a query against somebody's database become tasks (Data Syncs API).

The query runs in a transaction that cannot write, for a limited time, and for a limited number of rows.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from decimal import Decimal
from typing import Any

from fdtui.core import fields
from fdtui.core.errors import ConfigError, InvalidError
from fdtui.core.schema import BUILT_INS, FieldType
from fdtui.core.values import Row, Value
from fdtui.server.definition import Sync, Workflow
from fdtui.server.store import Store, Transaction, foreign
from fdtui.server.store.activity import Hand
from fdtui.server.taskbook import Taskbook

MAX_ROWS = 10_000
SECONDS = 60
_BATCH = 200
_READS = re.compile(r"\s*(select|with|values|table)\b", re.IGNORECASE)
_VARIABLE = re.compile(r"\$([A-Z_][A-Z0-9_]*)")


def run(store: Store, workflow: Workflow, sync: Sync, *, base_url: str, hand: Hand) -> str:
    """Bring the rows of ``sync`` into ``workflow``; answers a sentence of what was done.

    Raises `ConfigError`, `StorageError`, `InvalidError`. A row that is refused leaves its batch undone.
    """
    if not _READS.match(sync.query) or ";" in sync.query.rstrip().rstrip(";"):
        raise ConfigError(f"The query of {sync.name!r} must be one SELECT.")
    url = _VARIABLE.sub(lambda match: _environment(match[1]), sync.database)
    rows = foreign.rows(url, sync.query.rstrip().rstrip(";"), most=MAX_ROWS, seconds=SECONDS)
    bodies: list[Row] = [
        {name: _value(workflow, name, each) for name, each in row.items()} for row in rows
    ]
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for start in range(0, len(bodies), _BATCH):

        def work(tx: Transaction, part: list[Row] = bodies[start : start + _BATCH]) -> list[str]:
            book = Taskbook.open(store, tx, workflow.id, base_url, hand)
            return [_upsert(book, body) for body in part]

        for done in store.write(work):
            counts[done] += 1
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _environment(name: str) -> str:
    if name not in os.environ:
        raise ConfigError(f"The environment variable {name} is not set.")
    return os.environ[name]


def _upsert(book: Taskbook, body: Row) -> str:
    unique_id = book.workflow.schema.unique_id
    if unique_id is None or body.get(unique_id.name) is None:
        raise InvalidError(errors=["A row of the query has no unique id."])
    record = book.named_in(body)
    if record is None:
        book.create(body)
        return "created"
    shown = book.row(record)
    if all(name in shown and _same(book.workflow, name, shown[name], body[name]) for name in body):
        return "unchanged"
    book.change(record, body)
    return "changed"


def _same(workflow: Workflow, name: str, mine: Value, theirs: Value) -> bool:
    field = workflow.schema.field(name)
    return mine == theirs if field is None or name in BUILT_INS else fields.same(field, mine, theirs)


def _value(workflow: Workflow, name: str, value: Any) -> Value:
    """A database's value as a body would have it."""
    field = workflow.schema.field(name)
    kind = None if field is None else field.type
    if isinstance(value, int) and kind == FieldType.CHECKBOX:
        return bool(value)
    if isinstance(value, float | Decimal):
        return str(Decimal(str(value)))
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return aware.date().isoformat() if kind == FieldType.DATE else aware.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    numeric = (FieldType.NUMBER, FieldType.CURRENCY, FieldType.UNIQUE_ID)
    if isinstance(value, int) and not isinstance(value, bool) and kind not in numeric:
        return str(value)
    if value is None or isinstance(value, str | bool | int | list):
        return value
    return str(value)
