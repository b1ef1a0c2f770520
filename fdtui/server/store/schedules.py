"""Stage changes that an action put off."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from fdtui.server.store.database import Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import schedules

_FIRST_DUE = Prepared(select(func.min(schedules.c.due)))


@dataclass(frozen=True, slots=True)
class Due:
    """A change whose time has come."""

    number: int
    task: str
    workflow: str
    stage: str
    who: str
    base_url: str


def add(
    tx: Transaction, *, task: str, workflow: str, stage: str, due: float, who: str, base_url: str
) -> None:
    """Move ``task`` to ``stage`` once it is ``due``."""
    values = {
        "task": task,
        "workflow": workflow,
        "stage": stage,
        "due": due,
        "who": who,
        "base_url": base_url,
    }
    tx.execute(insert(schedules).values(**values))


def first_due(tx: Transaction) -> float | None:
    """When the next one is."""
    due: float | None = _FIRST_DUE.run(tx).value()
    return due


def take(tx: Transaction, now: float) -> Due | None:
    """One that is due, out of the table: whoever takes it does it in the same transaction."""
    query = (
        select(
            schedules.c.number,
            schedules.c.task,
            schedules.c.workflow,
            schedules.c.stage,
            schedules.c.who,
            schedules.c.base_url,
        )
        .where(schedules.c.due <= now)
        .order_by(schedules.c.due, schedules.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    tx.execute(delete(schedules).where(schedules.c.number == row[0]))
    return Due(*row)


def move_stage(tx: Transaction, workflow: str, was: str, name: str) -> None:
    """Let what is due for a renamed stage go there."""
    mine = (schedules.c.workflow == workflow, schedules.c.stage == was)
    tx.execute(update(schedules).where(*mine).values(stage=name))
