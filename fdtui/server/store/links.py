"""Which task is linked with which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, delete, insert, select

from fdtui.server.catalog import Side
from fdtui.server.store.database import Transaction
from fdtui.server.store.tables import links, tasks


def _ends(side: Side) -> tuple[Column[str], Column[str]]:
    mine, theirs = (links.c.left_task, links.c.right_task)
    return (mine, theirs) if side.left else (theirs, mine)


def pairs(tx: Transaction, side: Side, task: str | None = None) -> list[tuple[str, str]]:
    """Task here and task there, for one ``task`` or all, in the order of theirs."""
    mine, theirs = _ends(side)
    there = tasks.alias("there")
    query = (
        select(mine, theirs)
        .join(there, there.c.id == theirs)
        .where(links.c.link == side.link)
        .order_by(there.c.number)
    )
    query = query.where(mine == task) if task is not None else query
    return [(here, other) for here, other in tx.execute(query)]


def replace(tx: Transaction, side: Side, task: str, others: Sequence[str]) -> None:
    """Link ``task`` with exactly ``others``; where an end takes but one task, it lets go of its last."""
    mine, theirs = _ends(side)
    here = links.c.link == side.link
    tx.execute(delete(links).where(here, mine == task))
    if not side.back_many:
        for other in others:
            tx.execute(delete(links).where(here, theirs == other))
    for other in others:
        tx.execute(insert(links).values({links.c.link: side.link, mine: task, theirs: other}))
