"""Entries of the journal as JSON text, and back. What cannot be read becomes a `ValueError`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from fdtui.core import strictjson
from fdtui.core.conflict import Conflict, ConflictField
from fdtui.core.details import Tick
from fdtui.core.errors import BadJsonError
from fdtui.core.frozen import replace
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    AssignTask,
    CreateTask,
    DeleteTask,
    Intent,
    LinkTask,
    MoveTask,
    Pending,
    RemoveFile,
    RemoveItem,
    SetFields,
    TickItem,
)
from fdtui.core.task import Task
from fdtui.sync.storage.journal import HistoryEntry, JournalEntry, Trashed
from fdtui.sync.storage.schema_json import attributes

T = TypeVar("T")
_INTENTS: dict[str, type[Any]] = {
    each.__name__: each
    for each in (
        MoveTask,
        AssignTask,
        SetFields,
        LinkTask,
        RemoveFile,
        CreateTask,
        DeleteTask,
        AddComment,
        AddChecklistItem,
        TickItem,
        RemoveItem,
    )
}
_PAIRS = frozenset({"values", "seen", "was"})
"""Attributes that hold names with values."""


def dumps(value: object) -> str:
    """JSON text of what the functions below make."""
    return strictjson.dumps(value, ascii_only=True)


def loads(text: str, read: Callable[[Any], T]) -> T:
    """What ``read`` makes of JSON text; `ValueError` for anything else than what was written."""
    try:
        return read(strictjson.loads(text, forgiving=True))
    except (BadJsonError, TypeError, KeyError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"not an entry of the journal: {error}") from None


def pending_written(pending: Pending) -> dict[str, Any]:
    """A pending intent as a JSON object."""
    return attributes(pending) | {"intent": intent_written(pending.intent)}


def pending_read(body: Mapping[str, Any], kept: Mapping[str, Any] = MappingProxyType({})) -> Pending:
    """See `pending_written`; what is ``kept`` beside it is newer than the text."""
    known = {name: body[name] for name in Pending.__match_args__ if name in body} | dict(kept)
    known |= {name: float(known[name]) for name in ("at", "sent_at") if name in known}
    return Pending(**known | {"intent": intent_read(body["intent"]), "was": _pairs(body["was"])})


def intent_written(intent: Intent) -> dict[str, Any]:
    """An intent as a JSON object; its kind is the name of its class."""
    return {"kind": type(intent).__name__, **attributes(intent)}


def intent_read(body: Mapping[str, Any]) -> Intent:
    """See `intent_written`."""
    kind = _INTENTS[body["kind"]]
    known: dict[str, Any] = {name: body[name] for name in kind.__match_args__ if name in body}
    for name in _PAIRS & known.keys():
        known[name] = _pairs(known[name])
    if kind is TickItem:
        known |= {"status": Tick(known["status"])}
        known |= {"was": None if body["was"] is None else Tick(body["was"])}
    intent: Intent = kind(**known)
    return intent


def _pairs(value: Any) -> Any:
    return tuple((name, each) for name, each in value) if isinstance(value, list) else value


def task_written(task: Task) -> dict[str, Any]:
    """A task as a JSON object."""
    return {"key": task.key, "uid": task.uid, "row": dict(task.row), "problem": task.problem}


def task_read(body: Mapping[str, Any]) -> Task:
    """See `task_written`."""
    return Task(body["key"], body["uid"], body["row"], body["problem"])


def conflict_written(conflict: Conflict | None) -> dict[str, Any] | None:
    """A conflict as a JSON object."""
    if conflict is None:
        return None
    return {
        "pending": pending_written(conflict.pending),
        "fields": [attributes(each) for each in conflict.fields],
        "deleted": conflict.deleted,
        "row": None if conflict.row is None else dict(conflict.row),
    }


def conflict_read(body: Mapping[str, Any] | None) -> Conflict | None:
    """See `conflict_written`."""
    if body is None:
        return None
    fields = tuple(ConflictField(**each) for each in body["fields"])
    return Conflict(pending_read(body["pending"]), fields, body["deleted"], body["row"])


def entry_written(entry: HistoryEntry) -> dict[str, Any]:
    """What can be undone as a JSON object."""
    return attributes(entry) | {"intent": intent_written(entry.intent), "before": dict(entry.before)}


def entry_read(body: Mapping[str, Any]) -> HistoryEntry:
    """See `entry_written`."""
    return HistoryEntry(**{**body, "intent": intent_read(body["intent"])})


def trashed_written(trashed: Trashed) -> dict[str, Any]:
    """A deleted task as a JSON object."""
    return attributes(trashed) | {"row": dict(trashed.row)}


def trashed_read(body: Mapping[str, Any]) -> Trashed:
    """See `trashed_written`."""
    return Trashed(**{**body, "at": float(body["at"])})


def outcome_written(entry: JournalEntry) -> dict[str, Any]:
    """The outcome of an entry for JSON."""
    return {
        "why": entry.why,
        "fields": {name: list(told) for name, told in entry.fields.items()},
        "conflict": conflict_written(entry.conflict),
        "answer": None if entry.answer is None else task_written(entry.answer),
    }


def outcome_read(entry: JournalEntry, said: Mapping[str, Any]) -> JournalEntry:
    """An entry with what `outcome_written` made of its outcome."""
    if not said:
        return entry
    return replace(
        entry,
        why=said["why"],
        fields={name: tuple(told) for name, told in said["fields"].items()},
        conflict=conflict_read(said["conflict"]),
        answer=None if said["answer"] is None else task_read(said["answer"]),
    )
