"""Which task is linked with which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import String, bindparam, delete, insert, select

from fdtui.server.store.database import Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import links, tasks
from fdtui.server.workflow.catalog import LinkSide

_ENDS = {
    True: (links.c.left_task, links.c.right_task),
    False: (links.c.right_task, links.c.left_task),
}
"""My end and theirs, by whether this side is the left one."""


def pairs(tx: Transaction, side: LinkSide, task: str | None = None) -> list[tuple[str, str]]:
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


_TASK = bindparam("task", type_=String)
_OF_TASK = Prepared(
    select(links.c.link, links.c.right_task)
    .where(links.c.left_task == _TASK)
    .union_all(select(links.c.link, links.c.left_task).where(links.c.right_task == _TASK))
)
_PAIRS = {(left, one): _pairs(left=left, of_one=one) for left in (True, False) for one in (True, False)}
"""Made once: building a statement takes five times as long as running it."""


def keep(tx: Transaction, link: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Let a link join exactly ``pairs`` of tasks, of the side that declared it and the other."""
    tx.execute(delete(links).where(links.c.link == link))
    for left, right in pairs:
        tx.execute(insert(links).values(link=link, left_task=left, right_task=right))


def replace(tx: Transaction, side: LinkSide, task: str, others: Sequence[str]) -> set[str]:
    """Link ``task`` with exactly ``others``; where an end takes but one task, it lets go of its last.

    Answers the tasks at both ends that are linked otherwise now.
    """
    mine, theirs = _ENDS[side.left]
    here = links.c.link == side.link
    ends = select(mine, theirs).where(here)
    before = {(here_, there) for here_, there in tx.execute(ends.where(mine == task))}
    tx.execute(delete(links).where(here, mine == task))
    if not side.back_many:
        for other in others:
            before |= {(here_, there) for here_, there in tx.execute(ends.where(theirs == other))}
            tx.execute(delete(links).where(here, theirs == other))
    for other in others:
        tx.execute(insert(links).values({links.c.link: side.link, mine: task, theirs: other}))
    return {each for pair in before ^ {(task, other) for other in others} for each in pair}


def of_task(tx: Transaction, task: str) -> list[tuple[str, str]]:
    """The links that ``task`` has at either end: each by its id, with the task at the other."""
    return [(link, other) for link, other in _OF_TASK.run(tx, task=task)]
