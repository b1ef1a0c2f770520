"""Answers to requests that came with a key, kept so that a repeated request is not done twice.

A row is written in the transaction that did what was asked, so the two are there together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select

from fdtui.server import KEPT_SECONDS
from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import kept_answers

SWEEP_EVERY, SWEEP_SECONDS = 64, 600.0
"""Old answers are looked for after this many new ones, or this much time, whichever is first."""
SWEEP_AT_MOST = 256
"""Old answers that one look removes: more than came since the look before, so that none stay."""

_FIND = Prepared(
    select(
        kept_answers.c.request,
        kept_answers.c.at,
        kept_answers.c.status,
        kept_answers.c.headers,
        kept_answers.c.content,
    ).where(kept_answers.c.name == bindparam("wanted"))
)
_KEEP = Prepared(insert(kept_answers))
_DROP = Prepared(delete(kept_answers).where(kept_answers.c.name == bindparam("gone")))
_OLDEST = select(kept_answers.c.name).where(kept_answers.c.at <= bindparam("before"))
_SWEEP = Prepared(
    delete(kept_answers).where(
        kept_answers.c.name.in_(_OLDEST.order_by(kept_answers.c.at).limit(SWEEP_AT_MOST))
    )
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given; ``request`` is a hash of what was sent, ``headers`` is JSON.

    ``at`` is in seconds since 1970.
    """

    request: str
    at: float
    status: int
    headers: str
    content: bytes

    def is_too_old(self, now: float) -> bool:
        """Whether it has been kept long enough, and counts no more."""
        return self.at <= now - KEPT_SECONDS


@dataclass(slots=True)
class _Sweeper:
    """Remembers when this process looked for old answers, so that not every request does."""

    added: int = 0
    swept_at: float = float("-inf")

    def is_due(self, now: float) -> bool:
        """Whether it is time to look; counts one more answer."""
        self.added += 1
        if self.added < SWEEP_EVERY and 0 <= now - self.swept_at < SWEEP_SECONDS:
            return False
        self.added, self.swept_at = 0, now
        return True


def find(tx: Transaction, name: str) -> KeptAnswer | None:
    """The answer that is kept under ``name``; it may be too old."""
    row = _FIND.run(tx, wanted=name).first()
    return None if row is None else KeptAnswer(*row)


def keep(store: Store, tx: Transaction, name: str, answer: KeptAnswer) -> None:
    """Keep ``answer`` under ``name``, where nothing is kept."""
    sweeper: _Sweeper = store.kept.setdefault("kept_answers", _Sweeper())
    if sweeper.is_due(answer.at):
        _SWEEP.run(tx, before=answer.at - KEPT_SECONDS)
    _KEEP.run(
        tx,
        name=name,
        request=answer.request,
        at=answer.at,
        status=answer.status,
        headers=answer.headers,
        content=answer.content,
    )


def drop(tx: Transaction, name: str) -> None:
    """Forget what is kept under ``name``."""
    _DROP.run(tx, gone=name)
