"""Executions: asked for, claimed with a lease, gone through step by step, done.

Only one worker holds an execution. Every change that a worker makes says who it is, so that one whose
lease ran out, and whose execution another has taken, no longer changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Double,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import executions
from fdtui.server.workflow.actions import ActionDefinition, action_of_table, table_of_action

PENDING, SUCCESS, FAIL = "Pending", "Success", "Fail"


class LostError(Exception):
    """Another worker has the execution now."""


@dataclass(frozen=True, slots=True)
class StoredExecution:
    """One row."""

    id: str
    workflow: str
    task: str
    """The task's internal id; the task itself may be gone."""
    uid: str | None
    action: ActionDefinition
    performed_by: str | None
    who: str
    base_url: str
    status: str = PENDING
    step: int = 0
    """How many steps are done."""
    calling: bool = False
    """Whether the next step has begun to speak to others."""
    errors: tuple[str, ...] = ()
    created_at: str = ""
    finished_at: str | None = None
    about: tuple[str, ...] | None = ()
    """The other workflows that ``errors`` may speak of; ``None`` where nobody has noted which."""


_EXECUTION_COLUMNS = (
    executions.c.id,
    executions.c.workflow,
    executions.c.task,
    executions.c.uid,
    executions.c.action,
    executions.c.performed_by,
    executions.c.who,
    executions.c.base_url,
    executions.c.status,
    executions.c.step,
    executions.c.calling,
    executions.c.errors,
    executions.c.created_at,
    executions.c.finished_at,
)
_PENDING: ColumnElement[str] = literal_column(f"'{PENDING}'")
"""Written out, for the index over what is pending is only used where its condition stands in words."""
_waiting, _earlier = executions.alias("waiting"), executions.alias("earlier")


def add(tx: Transaction, new: StoredExecution) -> None:
    """Put a new execution behind the others."""
    values = {
        "id": new.id,
        "workflow": new.workflow,
        "task": new.task,
        "uid": new.uid,
        "action": json.dumps(table_of_action(new.action), ensure_ascii=False),
        "performed_by": new.performed_by,
        "who": new.who,
        "base_url": new.base_url,
        "status": new.status,
        "step": new.step,
        "calling": new.calling,
        "errors": "[]",
        "created_at": new.created_at,
        "lease": 0,
    }
    tx.execute(insert(executions).values(**values))


def new_id(store: Store, tx: Transaction) -> str:
    """An id that no execution has."""
    while True:
        made = store.new_id()
        if tx.execute(select(executions.c.id).where(executions.c.id == made)).scalar() is None:
            return made


def find(tx: Transaction, workflow: str, execution_id: str) -> StoredExecution | None:
    """The execution of that id."""
    if "\0" in execution_id:
        return None  # no text in PostgreSQL
    mine = and_(executions.c.workflow == workflow, executions.c.id == execution_id)
    row = tx.execute(select(*_EXECUTION_COLUMNS).where(mine)).one_or_none()
    return None if row is None else _execution(row)


def listed(tx: Transaction, workflow: str, uid: str | None, limit: int) -> list[StoredExecution]:
    """The newest executions first, of one task or of all."""
    if uid is not None and "\0" in uid:
        return []
    query = select(*_EXECUTION_COLUMNS).where(executions.c.workflow == workflow)
    query = query if uid is None else query.where(executions.c.uid == uid)
    rows = tx.execute(query.order_by(executions.c.number.desc()).limit(limit))
    return [_execution(row) for row in rows]


def is_waiting(tx: Transaction, now: float) -> bool:
    """Whether `claim` would find something; costs no write."""
    return _IS_WAITING.run(tx, now=now).value() is not None


def first_lapse(tx: Transaction, now: float) -> float | None:
    """When the next worker that has something loses it, if it is silent until then."""
    lapses: float | None = _FIRST_LAPSE.run(tx, now=now).value()
    return lapses


def claim(tx: Transaction, worker: str, now: float, until: float) -> StoredExecution | None:
    """Take the oldest execution that nobody has; those of one task go one after the other."""
    first = (
        select(_waiting.c.id)
        .where(_free(now))
        .order_by(_waiting.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    change = (
        update(executions)
        .where(executions.c.id == first.scalar_subquery())
        .values(worker=worker, lease=until)
        .returning(*_EXECUTION_COLUMNS)
    )
    row = tx.execute(change).one_or_none()
    return None if row is None else _execution(row)


def start_calling(tx: Transaction, id_: str, worker: str, until: float) -> None:
    """Note that the next step is about to speak to others, before it does."""
    _change(tx, id_, worker, calling=True, lease=until)


def unstart_calling(tx: Transaction, id_: str, worker: str) -> None:
    """Note that nothing was said after all, and free the execution for others."""
    _change(tx, id_, worker, calling=False, lease=0)


def advance(tx: Transaction, id_: str, worker: str, until: float) -> None:
    """Note that a step is done; belongs into the transaction that does it."""
    _change(tx, id_, worker, step=executions.c.step + 1, calling=False, lease=until)


def finish(
    tx: Transaction,
    id_: str,
    worker: str,
    at: str,
    errors: Sequence[str] = (),
    *,
    about: Sequence[str] = (),
) -> None:
    """Note how it ended: well, unless there are ``errors``; they may speak of workflows ``about``."""
    told: object = {"says": list(errors), "about": list(about)} if errors else []
    _change(
        tx,
        id_,
        worker,
        status=FAIL if errors else SUCCESS,
        errors=json.dumps(told, ensure_ascii=False),
        finished_at=at,
        calling=False,
    )


def let_go(tx: Transaction, worker: str) -> None:
    """Free what ``worker`` holds, for others to go on with."""
    tx.execute(
        update(executions)
        .where(executions.c.worker == worker, executions.c.status == _PENDING)
        .values(lease=0)
    )


def count_by_state(tx: Transaction) -> dict[str, int]:
    """How many executions are in each state."""
    query = select(executions.c.status, func.count()).group_by(executions.c.status)
    return {row[0]: row[1] for row in tx.execute(query)}


def workers(tx: Transaction) -> list[str]:
    """Those who hold something that is not done."""
    query = select(executions.c.worker).where(
        executions.c.status == _PENDING, executions.c.worker.is_not(None), executions.c.lease > 0
    )
    return list(tx.execute(query.distinct()).scalars())


def _free(now: float | BindParameter[float]) -> ColumnElement[bool]:
    """Nobody has it, and no earlier one of the same task is under way."""
    return and_(
        _waiting.c.status == _PENDING,
        _waiting.c.lease <= now,
        ~exists().where(
            _earlier.c.task == _waiting.c.task,
            _earlier.c.status == _PENDING,
            _earlier.c.number < _waiting.c.number,
        ),
    )


_NOW = bindparam("now", type_=Double)
_IS_WAITING = Prepared(select(_waiting.c.id).where(_free(_NOW)).limit(1))
_FIRST_LAPSE = Prepared(
    select(func.min(executions.c.lease)).where(
        executions.c.status == _PENDING, executions.c.lease > _NOW
    )
)


def _change(tx: Transaction, id_: str, worker: str, **values: Any) -> None:
    mine = and_(executions.c.id == id_, executions.c.worker == worker, executions.c.status == _PENDING)
    if not tx.execute(update(executions).where(mine).values(**values)).rowcount:
        raise LostError


def _execution(row: Any) -> StoredExecution:
    id_, workflow, task, uid, action, by, who, url, status, step, calling, errors, made, done = row
    told = json.loads(errors)
    told = told if isinstance(told, dict) else {"says": told, "about": None if told else ()}
    return StoredExecution(
        id_,
        workflow,
        task,
        uid,
        action_of_table(json.loads(action)),
        by,
        who,
        url,
        status,
        step,
        calling,
        tuple(told["says"]),
        made,
        done,
        None if told["about"] is None else tuple(told["about"]),
    )
