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
from fdtui.core.errors import ApiError, ConfigError, FdtuiError, InvalidError
from fdtui.core.names import same_email
from fdtui.core.schema import ASSIGNEE, BUILT_INS, FieldType
from fdtui.core.values import Row, Value
from fdtui.server.store import Store, Transaction, foreign
from fdtui.server.store.activity import Actor
from fdtui.server.task_service import TaskService
from fdtui.server.workflow.definition import Sync, Workflow

MAX_SYNC_ROWS = 10_000
SYNC_TIMEOUT = 60
_ROWS_PER_WRITE = 200
_READ_STATEMENT = re.compile(r"\s*(select|with|values|table)\b", re.IGNORECASE)
_VARIABLE = re.compile(r"\$([A-Z_][A-Z0-9_]*)")


class SyncRefusedError(FdtuiError):
    """A row that the rules refuse; ``about`` are the other workflows that this may speak of."""

    def __init__(self, message: str, about: tuple[str, ...]) -> None:
        super().__init__(message)
        self.about = about


def run(store: Store, workflow: Workflow, sync: Sync, *, base_url: str, actor: Actor) -> str:
    """Bring the rows of ``sync`` into ``workflow``; answers a sentence of what was done.

    Raises `ConfigError`, `SourceError`, `StorageError`, `SyncRefusedError`. A row that is refused leaves
    its batch undone.
    """
    if not _READ_STATEMENT.match(sync.query) or ";" in sync.query.rstrip().rstrip(";"):
        raise ConfigError(f"The query of {sync.name!r} must be one SELECT.")
    url = _VARIABLE.sub(lambda match: _environment(match[1]), sync.database)
    rows = foreign.rows(url, sync.query.rstrip().rstrip(";"), most=MAX_SYNC_ROWS, seconds=SYNC_TIMEOUT)
    bodies: list[Row] = [
        {name: _value(workflow, name, each) for name, each in row.items()} for row in rows
    ]
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for start in range(0, len(bodies), _ROWS_PER_WRITE):

        def work(
            tx: Transaction, part: list[Row] = bodies[start : start + _ROWS_PER_WRITE]
        ) -> list[str]:
            book = TaskService.open(store, tx, workflow.id, base_url, actor)
            try:
                return [_upsert(book, body) for body in part]
            except ApiError as error:
                raise SyncRefusedError(error.message, _others(book, part)) from error

        for done in store.write(work):
            counts[done] += 1
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _others(book: TaskService, bodies: list[Row]) -> tuple[str, ...]:
    """The other workflows that a refusal of ``bodies`` may speak of."""
    named = {name for body in bodies for name in body}
    return tuple(sorted({side.other for name, side in book.sides.items() if name in named}))


def _environment(name: str) -> str:
    if name not in os.environ:
        raise ConfigError(f"The environment variable {name} is not set.")
    return os.environ[name]


def _upsert(book: TaskService, body: Row) -> str:
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
    if name == ASSIGNEE:
        return same_email(mine, theirs or None)
    if field is None or name in BUILT_INS:
        return mine == theirs
    return fields.same(field, mine, fields.kept(field, theirs))


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
