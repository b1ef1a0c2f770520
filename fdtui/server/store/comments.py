"""What people said about a task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from fdtui.server.store.database import Transaction
from fdtui.server.store.tables import comments
from fdtui.server.timestamps import to_the_second


def add(tx: Transaction, task: str, author: str, body: str, now: datetime) -> dict[str, str]:
    """Store a comment, and answer it."""
    at = to_the_second(now)
    tx.execute(insert(comments).values(task=task, author=author, body=body, at=at))
    return _answer(author, body, at)


def listed(tx: Transaction, task: str) -> list[dict[str, str]]:
    """The comments of a task, oldest first."""
    query = select(comments.c.author, comments.c.body, comments.c.at).where(comments.c.task == task)
    return [_answer(*row) for row in tx.execute(query.order_by(comments.c.number))]


def _answer(author: str, body: str, at: str) -> dict[str, str]:
    return {"author": author, "body": body, "timestamp": at}
