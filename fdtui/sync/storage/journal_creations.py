"""What waits in the journal's file for a task to be created: it is about that task from then on."""

from __future__ import annotations

import sqlite3

from fdtui.core.intents import CreateTask, followed
from fdtui.sync.storage import journal_text as text
from fdtui.sync.storage.journal import EntryState


def adopt(cursor: sqlite3.Cursor, workflow: str, key: str, window: str) -> None:
    """Let all that waits for the task ``key`` be about what the server made of it, if it has.

    In the transaction of ``cursor``, so a crash leaves no change behind that is about no task.
    """
    rows = cursor.execute(
        "select ticket, state, body, outcome from entry where workflow = ? and key = ? order by seq",
        (workflow, key),
    ).fetchall()
    made = None
    for ticket, state, body, outcome in rows:
        try:
            pending = text.loads(body, text.pending_read)
            if isinstance(pending.intent, CreateTask):
                is_done = state == EntryState.DONE
                answer = text.loads(outcome, lambda said: said.get("answer")) if is_done else None
                made = None if answer is None else (pending.intent, text.task_read(answer))
                continue
        except ValueError:
            continue  # a damaged one is told of by `load`
        if made is not None and state == EntryState.PENDING:
            making, task = made
            cursor.execute(
                "update entry set key = ?, body = ?, task = ?, writer = ?,"
                " changed = (select coalesce(max(changed), 0) + 1 from entry) where ticket = ?",
                (
                    task.key,
                    text.dumps(text.pending_written(followed(pending, making, task))),
                    text.dumps(text.task_written(task)),
                    window,
                    ticket,
                ),
            )
