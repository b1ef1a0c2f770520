"""The log of what changed: who, what, before, after, when. It outlives the tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from fdtui.core.values import Value
from fdtui.server.store.database import Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import activity
from fdtui.server.timestamps import exactly

MAX_ENTRIES = 1000
"""Entries of one answer."""

OF_THE_ROW = ("task.created", "task.updated", "task.deleted")
"""The kinds of entries whose values are those of the task's own fields.

All others speak of something else by the same words: a checklist item has a stage and a title, too.
"""

_ENCODE_VALUES = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
_NAMES = ("at", "workflow", "task", "uid", "who", "what", "before", "after")
_NOTE = Prepared(insert(activity).values({name: bindparam(name) for name in _NAMES}).inline())


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, and when.

    ``workflows`` are those that it may know of, ``None`` for all: a link to another is not there for it.
    """

    who: str
    now: datetime
    workflows: frozenset[str] | None = None

    def sees(self, workflow: str) -> bool:
        """Whether it may know of that workflow."""
        return self.workflows is None or workflow in self.workflows


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One change; ``before`` and ``after`` hold only what differs."""

    workflow: str
    what: str
    task: str | None = None
    uid: str | None = None
    before: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)


def note(tx: Transaction, actor: Actor, entry: ActivityEntry) -> None:
    """Add to the log."""
    note_all(tx, actor, [entry])


def note_all(tx: Transaction, actor: Actor, entries: Iterable[ActivityEntry]) -> None:
    """The same for several changes by one actor."""
    at = exactly(actor.now)
    rows = [
        {
            "at": at,
            "workflow": entry.workflow,
            "task": entry.task,
            "uid": entry.uid,
            "who": actor.who,
            "what": entry.what,
            "before": _text(entry.before),
            "after": _text(entry.after),
        }
        for entry in entries
    ]
    _NOTE.run_many(tx, rows)


def listed(
    tx: Transaction,
    workflow: str,
    *,
    task: str | None = None,
    since: str | int | None = None,
    limit: int = MAX_ENTRIES,
) -> Sequence[dict[str, Any]]:
    """The log, oldest first; ``since`` is a moment, or the ``number`` of the last one seen.

    Numbers count the entries of every workflow.
    """
    columns = (
        activity.c.number,
        activity.c.at,
        activity.c.who,
        activity.c.what,
        activity.c.uid,
        activity.c.before,
        activity.c.after,
    )
    query = select(*columns).where(activity.c.workflow == workflow).order_by(activity.c.number)
    if task is not None:
        query = query.where(activity.c.task == task)
    if isinstance(since, int):
        query = query.where(activity.c.number > since)
    elif since is not None:
        query = query.where(activity.c.at >= since)
    return [
        {
            "number": number,
            "timestamp": at,
            "who": who,
            "what": what,
            "task_id": uid,
            "before": json.loads(before),
            "after": json.loads(after),
        }
        for number, at, who, what, uid, before, after in tx.execute(query.limit(limit))
    ]


def is_of(tx: Transaction, workflow: str, number: int) -> bool:
    """Whether the entry of that number is of ``workflow``."""
    query = select(activity.c.workflow).where(activity.c.number == number)
    return tx.execute(query).scalar() == workflow


def _text(values: Mapping[str, Value]) -> str:
    return _ENCODE_VALUES(dict(values)) if values else "{}"
