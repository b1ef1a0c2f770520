"""Work that a request asks for and does not wait for: analytics exports and data syncs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update

from fdtui.server.store.activity import OF_THE_ROW
from fdtui.server.store.database import Transaction
from fdtui.server.store.tables import activity, jobs
from fdtui.server.timestamps import exactly

JOB_TIMEOUT = timedelta(minutes=10)
"""After this long, whoever did a job is dead."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job; ``status`` is ``Pending``, ``Success`` or ``Fail``.

    ``output`` is what came of it, or empty where it failed; then ``errors`` say why.
    """

    id: str
    kind: str
    status: str
    input: Mapping[str, Any]
    output: str = ""
    errors: tuple[str, ...] = ()
    about: tuple[str, ...] | None = ()
    """The other workflows that ``errors`` may speak of; ``None`` where nobody has noted which."""


def add(
    tx: Transaction, job: str, workflow: str, kind: str, given: Mapping[str, Any], *, at: datetime
) -> str:
    """Take on the job of that id, and answer the id."""
    values = {
        "id": job,
        "workflow": workflow,
        "kind": kind,
        "status": "Pending",
        "input": json.dumps(given),
        "output": "",
        "created_at": exactly(at),
    }
    tx.execute(insert(jobs).values(**values))
    return job


def find(tx: Transaction, workflow: str, kind: str, job: str, now: datetime) -> Job | None:
    """The job of that id; one whose doer has died has failed."""
    query = select(jobs.c.status, jobs.c.input, jobs.c.output, jobs.c.created_at).where(
        jobs.c.id == job, jobs.c.workflow == workflow, jobs.c.kind == kind
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    status, given, output, created = row
    if status == "Pending" and created < exactly(now - JOB_TIMEOUT):
        status, output = "Fail", _failure(["The server stopped before it was done."])
    if status != "Fail":
        return Job(job, kind, status, json.loads(given), output)
    says, about = _told(output)
    return Job(job, kind, status, json.loads(given), errors=says, about=about)


def finish(tx: Transaction, job: str, output: str) -> None:
    """Note what came of a job that was done."""
    tx.execute(update(jobs).where(jobs.c.id == job).values(status="Success", output=output))


def fail(tx: Transaction, job: str, errors: Sequence[str], *, about: Sequence[str] = ()) -> None:
    """Note why a job could not be done; the ``errors`` may speak of workflows ``about``."""
    output = _failure(errors, about)
    tx.execute(update(jobs).where(jobs.c.id == job).values(status="Fail", output=output))


def _failure(errors: Sequence[str], about: Sequence[str] = ()) -> str:
    return json.dumps({"says": list(errors), "about": list(about)}, ensure_ascii=False)


def _told(output: str) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """What a failed job says, and of whom; older versions stored a mere sentence."""
    try:
        told = json.loads(output)
        return tuple(told["says"]), tuple(told["about"])
    except (ValueError, TypeError):
        return (output,), None


def moves(tx: Transaction, workflow: str, before: str) -> Iterator[tuple[str, str, str, Any, Any]]:
    """When which task (its internal id, its unique id) went from which stage to which, in order.

    Read off the activity log, which outlives the tasks; ``None`` for a stage is *not there*. Entries of
    other kinds speak of stages, too: a checklist item's, or one that the task will be in some day.
    """
    query = (
        select(activity.c.at, activity.c.task, activity.c.uid, activity.c.before, activity.c.after)
        .where(
            activity.c.workflow == workflow,
            activity.c.at < before,
            activity.c.what.in_(OF_THE_ROW),
            or_(activity.c.before.contains('"Stage"'), activity.c.after.contains('"Stage"')),
        )
        .order_by(activity.c.number)
    )
    for at, task, uid, was, now in tx.execute(query):
        left, entered = json.loads(was).get("Stage"), json.loads(now).get("Stage")
        if left != entered:
            yield at, task, uid or "", left, entered
