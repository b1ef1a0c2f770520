"""What an older backup would bring back to life, though somebody has ended it since.

A key that was revoked, a person who was taken out, an execution that has long spoken to others: each is
ended again unless whoever restores asks for it, and told either way.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from fdtui.core.frozen import frozen
from fdtui.server.timestamps import exactly

KEYS, PEOPLE, EXECUTIONS = REVIVABLE = ("keys", "people", "executions")
NOT_AGAIN = "not run: the backup it comes from was restored, and it may have run before"
_MAX_NAMES_SHOWN = 5
"""Names in one sentence."""


@frozen
class Present:
    """What the database that is replaced says of what was ended; ``None`` for what cannot be read."""

    keys: frozenset[str] | None = None
    revoked: frozenset[str] = frozenset()
    people: tuple[tuple[str, frozenset[str]], ...] = ()
    """The e-mails of each workflow, by its id."""


def present_in(database: sqlite3.Connection) -> Present:
    """What ``database`` says; raises `sqlite3.Error` where it cannot be read."""
    keys = database.execute("SELECT id, revoked FROM keys").fetchall()
    flows = database.execute("SELECT id, definition FROM workflows").fetchall()
    return Present(
        frozenset(key for key, _ in keys),
        frozenset(key for key, revoked in keys if revoked),
        tuple((flow, frozenset(_people(json.loads(text)))) for flow, text in flows),
    )


def settle(
    backup: sqlite3.Connection, present: Present, now: datetime, revive: Collection[str] = ()
) -> tuple[str, ...]:
    """End in ``backup`` what ``present`` has ended, but for the kinds in ``revive``; says so."""
    return (
        *_keys(backup, present, KEYS in revive),
        *_persons(backup, present, PEOPLE in revive),
        *_executions(backup, now, EXECUTIONS in revive),
        *_schedules(backup, now),
    )


def _keys(backup: sqlite3.Connection, present: Present, revive: bool) -> Iterator[str]:
    found = backup.execute("SELECT id, name, kind FROM keys WHERE NOT revoked ORDER BY created_at, id")
    working = [(key, f"{name} ({kind} {key})") for key, name, kind in found]
    if present.keys is None:
        if working:
            names = _several([name for _, name in working])
            yield f"These keys work, even if they were revoked after the backup: {names}."
        return
    back = [(key, name) for key, name in working if key in present.revoked]
    if back:
        names = _several([name for _, name in back])
        if not revive:
            backup.executemany("UPDATE keys SET revoked = 1 WHERE id = ?", [(key,) for key, _ in back])
        yield f"{'Working again, as you asked' if revive else 'Revoked again'}: {names}."
    known = {key for (key,) in backup.execute("SELECT id FROM keys")}
    if lost := len(present.keys - present.revoked - known):
        yield f"{_count(lost, 'key')} made after the backup will no longer work."


def _persons(backup: sqlite3.Connection, present: Present, revive: bool) -> Iterator[str]:
    there = dict(present.people)
    for flow, text in backup.execute("SELECT id, definition FROM workflows").fetchall():
        definition = json.loads(text)
        back = [each for each in _people(definition) if each not in there.get(flow, frozenset({each}))]
        if not back:
            continue
        if not revive:
            left = [each for each in definition["people"] if each.get("email") not in back]
            changed = json.dumps({**definition, "people": left}, ensure_ascii=False)
            backup.execute("UPDATE workflows SET definition = ? WHERE id = ?", (changed, flow))
        done = "Back, as you asked" if revive else "Taken out again"
        yield f"{done}: {_several(back)} (workflow {definition.get('name', flow)})."


def _executions(backup: sqlite3.Connection, now: datetime, revive: bool) -> Iterator[str]:
    found = backup.execute("SELECT id, uid, action FROM executions WHERE status = 'Pending'").fetchall()
    if not found:
        return
    names = _several([f"{json.loads(action)['name']} on {uid}" for _, uid, action in found])
    if revive:
        yield f"To be run again, as you asked: {names}."
        return
    told = json.dumps({"says": [NOT_AGAIN], "about": []})
    ended = [(told, exactly(now), id_) for id_, _, _ in found]
    backup.executemany(
        "UPDATE executions SET status = 'Fail', errors = ?, finished_at = ?, calling = 0 WHERE id = ?",
        ended,
    )
    yield f"Not run again, though they were waiting in the backup: {names}."


def _schedules(backup: sqlite3.Connection, now: datetime) -> Iterator[str]:
    due = backup.execute("SELECT count(*) FROM schedules WHERE due <= ?", (now.timestamp(),)).fetchone()[
        0
    ]
    if due:
        yield f"{_count(due, 'scheduled stage change')} due since the backup will happen at once."


def _people(definition: dict[str, Any]) -> list[str]:
    return [str(each["email"]) for each in definition.get("people", ()) if each.get("email")]


def _several(names: list[str]) -> str:
    more = len(names) - _MAX_NAMES_SHOWN
    return ", ".join(names[:_MAX_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
