"""What comes with an imported task: comments with their authors and times, and a checklist.

An import may be repeated: a comment that is there already is not added again, and an item of the
checklist that is there gets the state that it comes with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.moments import read_moment
from fdtui.core.schema import ASSIGNEE, STAGE, Schema
from fdtui.core.values import Value
from fdtui.server.record import Record
from fdtui.server.store import checklists, comments
from fdtui.server.store.checklists import STATUSES, StoredItem
from fdtui.server.task_service import TaskService

_COMMENTS_KEY, _CHECKLIST_KEY = "comments", "checklist"
_COMMENT_KEYS = {"author", "timestamp", "body"}
_ITEM_KEYS = {"id", "title", "status", "editable", ASSIGNEE, STAGE}


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """What somebody said at some time; ``at`` is ``None`` where nobody knows when."""

    author: str
    at: datetime | None
    body: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """The comments and the items of one task; an item without a stage is one of the task's stage."""

    comments: tuple[ImportedComment, ...] = ()
    items: tuple[StoredItem, ...] = ()


def read(value: Value, schema: Schema) -> Belongings:
    """What ``value`` says; raises `InvalidError` where it is not as it should be."""
    if value is None:
        return Belongings()
    wrong: dict[str, list[str]] = {}
    told = value if isinstance(value, dict) else {"": value}
    for name in told:
        if name not in {_COMMENTS_KEY, _CHECKLIST_KEY}:
            wrong[name] = [fields.NOT_A_FIELD]
    said = [_comment(each) for each in _listed(told, _COMMENTS_KEY, wrong)]
    items = [_item(each, schema) for each in _listed(told, _CHECKLIST_KEY, wrong)]
    if None in said:
        wrong[_COMMENTS_KEY] = [fields.INVALID]
    if None in items:
        wrong[_CHECKLIST_KEY] = [fields.INVALID]
    if wrong:
        raise InvalidError(wrong)
    return Belongings(tuple(each for each in said if each), tuple(each for each in items if each))


def put(book: TaskService, record: Record, given: Belongings, *, is_new: bool) -> None:
    """Give ``record`` what it comes with."""
    _put_comments(book, record, given, is_new=is_new)
    there = {(each.stage, each.title): each for each in checklists.listed(book.tx, record.id)}
    for item in given.items:
        known = there.get((item.stage or record.stage, item.title))
        if known is None:
            new = replace(
                item, id=checklists.new_id(book.store, book.tx), stage=item.stage or record.stage
            )
            checklists.add(book.tx, record.id, new)
            there[new.stage, new.title] = new
        elif (known.status, known.assignee) != (item.status, item.assignee):
            checklists.save(book.tx, replace(known, status=item.status, assignee=item.assignee))


def _put_comments(book: TaskService, record: Record, given: Belongings, *, is_new: bool) -> None:
    listed = [] if is_new or not given.comments else comments.listed(book.tx, record.id)
    there = {(each["author"], each["body"]) for each in listed}
    for each in given.comments:
        person = book.workflow.schema.person(each.author)
        author = (person.email if person else each.author) or book.actor.who
        if (author, each.body) not in there:
            comments.add(book.tx, record.id, author, each.body, each.at or book.actor.now)


def _listed(told: Mapping[str, Value], name: str, wrong: dict[str, list[str]]) -> list[Value]:
    value = told.get(name)
    if isinstance(value, list):
        return value
    if value is not None:
        wrong[name] = [fields.INVALID]
    return []


def _comment(value: Value) -> ImportedComment | None:
    if not isinstance(value, dict) or value.keys() - _COMMENT_KEYS:
        return None
    author, body, at = value.get("author"), value.get("body"), value.get("timestamp")
    if not _is_text(body) or not body or not (author is None or _is_text(author)):
        return None
    when = None if at in (None, "") else read_moment(at)
    if at not in (None, "") and when is None:
        return None
    return ImportedComment(str(author or ""), when and when.astimezone(UTC), str(body))


def _item(value: Value, schema: Schema) -> StoredItem | None:
    if not isinstance(value, dict) or value.keys() - _ITEM_KEYS:
        return None
    title, status = value.get("title"), value.get("status", checklists.BLANK)
    stage, assignee = value.get(STAGE), value.get(ASSIGNEE)
    is_sound = _is_text(title) and title and status in STATUSES
    if not is_sound or not (stage in (None, "") or schema.stage(str(stage))):
        return None
    if not (assignee in (None, "") or (isinstance(assignee, str) and schema.person(assignee))):
        return None
    who = schema.email(str(assignee)) if assignee else None
    brought = value.get("editable") is False
    return StoredItem("", str(title), str(stage or ""), str(status), who, brought)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value
