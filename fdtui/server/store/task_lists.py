"""Which tasks a list may hold, found in the database: by index where there is one, else by a text.

What is found here is never too little and may be too much: the filter judges each row by its meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, false, func, literal, or_, select

from fdtui.core.names import same_email
from fdtui.server.record import Record, Search
from fdtui.server.store.database import Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import tasks
from fdtui.server.store.tasks import TASK_COLUMNS, read_record

_CONTAINS = {"sqlite": func.instr, "postgresql": func.strpos}
"""Where a text stands in another, from 1."""

_OF = tasks.c.workflow == bindparam("workflow")


class _Steps:
    """The values of a column that an index begins with: a step for each, however many tasks have it."""

    def __init__(self, column: Column[Any]) -> None:
        self._first = Prepared(select(func.min(column)).where(_OF))
        self._next = Prepared(select(func.min(column)).where(_OF, column > bindparam("last")))

    def values(self, tx: Transaction, workflow: str) -> Iterator[str]:
        each = self._first.run(tx, workflow=workflow).value()
        while each is not None:
            yield each
            each = self._next.run(tx, workflow=workflow, last=each).value()


_STAGES, _ASSIGNEES = _Steps(tasks.c.stage), _Steps(tasks.c.assignee)


def found(
    tx: Transaction, workflow: str, search: Search, *, after: int = 0, limit: int | None = None
) -> Iterator[tuple[int, Record]]:
    """The tasks with their numbers, in the order of their creation, that come after a number."""
    query = select(tasks.c.number, *TASK_COLUMNS).where(tasks.c.workflow == workflow)
    for condition in _conditions(tx, workflow, search):
        query = query.where(condition)
    if after:
        query = query.where(tasks.c.number > after)
    query = query.order_by(tasks.c.number)
    return _read(tx, query if limit is None else query.limit(limit))


def _conditions(tx: Transaction, workflow: str, search: Search) -> Iterator[ColumnElement[bool]]:
    if search.uid is not None:
        yield tasks.c.uid == search.uid
    if search.stage is not None:
        yield tasks.c.stage == search.stage
    if search.but_stages:
        yield tasks.c.stage.not_in(search.but_stages)
    if search.assignee == "":
        yield tasks.c.assignee.is_(None)
    elif search.assignee is not None:
        spellings = _spellings(tx, workflow, search.assignee)
        yield or_(*(tasks.c.assignee == each for each in spellings)) if spellings else false()
    if search.stages is not None:
        yield tasks.c.stage.in_([x for x in _STAGES.values(tx, workflow) if search.stages(x)])
    if search.assignees is not None:
        wanted = [x for x in _ASSIGNEES.values(tx, workflow) if search.assignees(x)]
        nobody = tasks.c.assignee.is_(None) if search.assignees(None) else false()
        yield or_(tasks.c.assignee.in_(wanted), nobody)
    where_in = _CONTAINS[tx.dialect.name]
    for text in search.holds:
        yield where_in(tasks.c.data, literal(text)) > 0
    for texts in search.holds_one:
        yield or_(*(where_in(tasks.c.data, literal(text)) > 0 for text in texts))
    for text in search.lacks:
        yield where_in(tasks.c.data, literal(text)) == 0


def _spellings(tx: Transaction, workflow: str, email: str) -> list[str]:
    """Every way in which ``email`` stands at a task: capitals make no difference."""
    return [each for each in _ASSIGNEES.values(tx, workflow) if same_email(each, email)]


def _read(tx: Transaction, query: Select[Any]) -> Iterator[tuple[int, Record]]:
    rows: Iterable[Any] = tx.execute(query)
    return ((row[0], read_record(row[1:])) for row in rows)
