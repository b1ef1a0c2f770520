"""Which task is linked with which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select

from fdtui.server.catalog import Side
from fdtui.server.store.database import Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import links, tasks

_ENDS = {
    True: (links.c.left_task, links.c.right_task),
    False: (links.c.right_task, links.c.left_task),
}
"""My end and theirs, by whether this side is the left one."""


def pairs(tx: Transaction, side: Side, task: str | None = None) -> list[tuple[str, str]]:
    """Task here and task there, for one ``task`` or all, in the order of theirs."""
    values = {"of": side.link} if task is None else {"of": side.link, "mine": task}
    found = _PAIRS[side.left, task is not None].run(tx, **values)
    return [(here, other) for here, other in found]


def _pairs(*, left: bool, of_one: bool) -> Prepared:
    mine, theirs = _ENDS[left]
    there = tasks.alias("there")
    query = (
        select(mine, theirs)
        .join(there, there.c.id == theirs)
        .where(links.c.link == bindparam("of"))
        .order_by(there.c.number)
    )
    return Prepared(query.where(mine == bindparam("mine")) if of_one else query)


_PAIRS = {(left, one): _pairs(left=left, of_one=one) for left in (True, False) for one in (True, False)}
"""Made once: building a statement takes five times as long as running it."""


def keep(tx: Transaction, link: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Let a link join exactly ``pairs`` of tasks, of the side that declared it and the other."""
    tx.execute(delete(links).where(links.c.link == link))
    for left, right in pairs:
        tx.execute(insert(links).values(link=link, left_task=left, right_task=right))


def replace(tx: Transaction, side: Side, task: str, others: Sequence[str]) -> None:
    """Link ``task`` with exactly ``others``; where an end takes but one task, it lets go of its last."""
    mine, theirs = _ENDS[side.left]
    here = links.c.link == side.link
    tx.execute(delete(links).where(here, mine == task))
    if not side.back_many:
        for other in others:
            tx.execute(delete(links).where(here, theirs == other))
    for other in others:
        tx.execute(insert(links).values({links.c.link: side.link, mine: task, theirs: other}))
