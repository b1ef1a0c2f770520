"""What changed in a workflow, revision by revision: what the change feed reads.

Every commit that changes tasks raises the revision of the workflow whose tasks it was asked to change,
and notes here what that was about. A row shows linked tasks of other workflows too, so whoever follows
one workflow reads the notes of those that it is linked with as well: nothing is written for them.

The revision is raised by changing the workflow's own row, which only one transaction at a time can. So
no lower revision is ever committed after a higher one, on PostgreSQL neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, or_, select, update

from fdtui.server.store.database import CHANGED, Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import changes, workflows

ROW, PLACE, LINK, GONE, SHAPE, PEOPLE = "row", "place", "link", "gone", "shape", "people"
"""What a note is about: a task's own values (which linked tasks show, too) · its stage and assignee
alone · which tasks it is linked with · a unique id that is no more · everything · who works here."""

KEPT_REVISIONS = 20_000
"""Revisions of a workflow whose notes are kept at least."""
PRUNE_EVERY = 256
"""Revisions between two looks for notes that are too old."""
MAX_REVISIONS = 1_000
"""Notes that are read at once; the last revision of them is read whole."""

_MINE = workflows.c.id == bindparam("workflow")
_REVISION = Prepared(select(workflows.c.revision).where(_MINE))
_RAISE = Prepared(
    update(workflows)
    .where(_MINE)
    .values(revision=workflows.c.revision + 1)
    .returning(workflows.c.revision)
)
_COLUMNS = ("workflow", "revision", "task", "what", "via", "uid")
_NOTE = Prepared(insert(changes).values({each: bindparam(each) for each in _COLUMNS}))
_PRUNE = Prepared(
    delete(changes).where(
        changes.c.workflow == bindparam("workflow"), changes.c.revision <= bindparam("until")
    )
)
_OF = changes.c.workflow == bindparam("workflow")
_SINCE = changes.c.revision > bindparam("since")
_LAST = Prepared(
    select(changes.c.revision)
    .where(_OF, _SINCE)
    .order_by(changes.c.revision)
    .limit(1)
    .offset(MAX_REVISIONS)
)
_NOTES = Prepared(
    select(changes.c.revision, changes.c.what, changes.c.task, changes.c.via, changes.c.uid)
    .where(_OF, _SINCE, changes.c.revision <= bindparam("last"))
    .order_by(changes.c.revision)
)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a revision was about.

    ``via`` is of a link, at both of its ends: the workflow that it leads to from the one that changed.
    """

    what: str
    task: str = ""
    via: str = ""
    uid: str | None = None
    revision: int = 0
    """Once it is noted."""


@dataclass(frozen=True, slots=True)
class Read:
    """The notes of a workflow after a revision, up to ``last``; not ``whole`` where some are missing."""

    notes: tuple[Note, ...]
    last: int
    whole: bool = True


def record(tx: Transaction, workflow: str, notes: Iterable[Note]) -> None:
    """Raise the revision of ``workflow`` by one, which was about ``notes``, each of them once."""
    raised = list(_RAISE.run(tx, workflow=workflow))  # read to its end, or SQLite cannot commit
    if not raised:
        return  # it is gone, and what was noted of it
    now = raised[0][0]
    rows = [
        {
            "workflow": workflow,
            "revision": now,
            "task": note.task,
            "what": note.what,
            "via": note.via,
            "uid": note.uid,
        }
        for note in dict.fromkeys(notes)
    ]
    _NOTE.run_many(tx, rows)
    tx.info.setdefault(CHANGED, set()).add(workflow)
    if now % PRUNE_EVERY == 0 and now > KEPT_REVISIONS:
        _PRUNE.run(tx, workflow=workflow, until=now - KEPT_REVISIONS)


def revision(tx: Transaction, workflow: str) -> int:
    """The revision of the last commit that changed the workflow."""
    return int(_REVISION.run(tx, workflow=workflow).value() or 0)


def seen_revision(tx: Transaction, workflow: str, seen: Collection[str]) -> int:
    """The last revision that was about more than links with workflows that are not ``seen``.

    Who may not know of those must not be able to count what happens there.
    """
    query = (
        select(changes.c.revision)
        .where(changes.c.workflow == workflow)
        .where(or_(changes.c.via == "", changes.c.via.in_(sorted(seen))))
        .order_by(changes.c.revision.desc())
        .limit(1)
    )
    found = tx.execute(query).scalar()
    return revision(tx, workflow) if found is None else int(found)


def since(tx: Transaction, workflow: str, known: int) -> Read:
    """What was noted after the revision ``known``, the oldest first, and as much as is read at once.

    It is not whole where ``known`` is of another database or too long ago, or where something without
    notes, an older program for one, has changed the workflow meanwhile.
    """
    now = revision(tx, workflow)
    if known == now:
        return Read((), now)
    if not now - KEPT_REVISIONS <= known <= now:
        return Read((), now, whole=False)
    last = _LAST.run(tx, workflow=workflow, since=known).value() or now
    rows: Sequence[tuple[int, str, str, str, str | None]] = list(
        _NOTES.run(tx, workflow=workflow, since=known, last=last)
    )
    if len({row[0] for row in rows}) != last - known:
        return Read((), now, whole=False)
    return Read(tuple(Note(*row[1:], revision=row[0]) for row in rows), last)
