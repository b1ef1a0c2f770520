"""The Checklist API. Items that a stage's template brought are there to be ticked, not to be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.schema import ASSIGNEE, STAGE, Schema
from fdtui.core.values import Row, Value
from fdtui.server import diff
from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError
from fdtui.server.routes import once
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, checklists
from fdtui.server.store.checklists import STATUSES, StoredItem
from fdtui.server.task_service import TaskService

NOT_A_STATUS = "is not one of Blank, Skipped, Completed"


def list_items(call: Call) -> Response:
    """The items of a task, of one stage with ``?Stage=``."""
    pairs = address.pairs(call.query)
    unknown = {name: [fields.NOT_A_FIELD] for name, _ in pairs if name != STAGE}
    stage = dict(pairs).get(STAGE)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        if stage is not None and book.workflow.schema.stage(stage) is None:
            unknown[STAGE] = [fields.NOT_A_STAGE]
        if unknown:
            raise InvalidError(unknown)
        return call.answer([_answer(each) for each in checklists.listed(tx, record.id, stage)])

    return call.store.read(work)


def show(call: Call) -> Response:
    """One item."""
    return call.store.read(lambda tx: _with_item(call, tx, lambda _, __, item: _answered(call, item)))


def create(call: Call) -> Response:
    """Add an item to a stage of the task."""
    body = call.row()

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        new = StoredItem(checklists.new_id(call.store, tx), "", "")
        item = _judged(body, new, book.workflow.schema, needed=("title", STAGE))
        checklists.add(tx, record.id, item)
        book.note("checklist.created", record, after=_shown(item))
        return call.answer(_answer(item), 201)

    return once.write(call, work)


def update(call: Call) -> Response:
    """Change an item."""
    body = call.row()

    def change(book: TaskService, record: Record, before: StoredItem) -> Response:
        item = _judged(body, before, book.workflow.schema)
        checklists.save(book.tx, item)
        was, now = diff.differing(_shown(before), _shown(item))
        if now:
            names: Mapping[str, Value] = {"title": item.title}
            book.note("checklist.updated", record, before=was, after={**names, **now})
        return call.answer(_answer(item))

    return call.store.write(lambda tx: _with_item(call, tx, change))


def delete(call: Call) -> Response:
    """Delete an item, unless a template brought it."""

    def remove(book: TaskService, record: Record, item: StoredItem) -> Response:
        if item.template:
            raise InvalidError(errors=["An item of the stage's checklist cannot be deleted."])
        checklists.remove(book.tx, item)
        book.note("checklist.deleted", record, before=_shown(item))
        return Response(status_code=204)

    return call.store.write(lambda tx: _with_item(call, tx, remove))


def _with_item(
    call: Call, tx: Transaction, work: Callable[[TaskService, Record, StoredItem], Response]
) -> Response:
    book = book_of(call, tx)
    record = book.find(call.params["uid"])
    item = checklists.find(tx, record.id, call.params["item"])
    if item is None:
        raise RefusedError("There is no such checklist item.", status=404)
    return work(book, record, item)


def _answered(call: Call, item: StoredItem) -> Response:
    return call.answer(_answer(item))


def _judged(body: Row, item: StoredItem, schema: Schema, needed: tuple[str, ...] = ()) -> StoredItem:
    """``item`` as ``body`` wants it; raises `InvalidError` with all that is wrong."""
    errors: dict[str, list[str]] = {}
    for name in needed:
        if body.get(name) in (None, ""):
            errors[name] = [fields.REQUIRED]
    for name, value in body.items():
        why = _why_not(name, value, item, schema)
        if why and name not in errors:
            errors[name] = [why]
    if errors:
        raise InvalidError(errors)
    keys = {"title": "title", "status": "status", ASSIGNEE: "assignee", STAGE: "stage"}
    wanted: dict[str, Any] = {keys[name]: value for name, value in body.items() if name in keys}
    if isinstance(email := wanted.get("assignee"), str):
        wanted["assignee"] = schema.email(email) or None
    return replace(item, **wanted)


def _why_not(name: str, value: Value, item: StoredItem, schema: Schema) -> str:
    if value == _answer(item).get(name) and name in _answer(item):
        return ""  # what a client read it may send back
    if name in ("id", "editable") or (item.template and name in ("title", STAGE)):
        return fields.NOT_EDITABLE
    match name:
        case "title":
            good = isinstance(value, str) and value and "\0" not in value
            return "" if good else fields.INVALID
        case "status":
            return "" if value in STATUSES else NOT_A_STATUS
        case "Stage":
            good = isinstance(value, str) and schema.stage(value) is not None
            return "" if good else fields.NOT_A_STAGE
        case "Assigned To":
            good = value in (None, "") or (isinstance(value, str) and schema.person(value) is not None)
            return "" if good else fields.NOT_A_USER
    return fields.NOT_A_FIELD


def _shown(item: StoredItem) -> dict[str, Value]:
    """An item as the log has it."""
    return {
        "title": item.title,
        "status": item.status,
        ASSIGNEE: item.assignee,
        STAGE: item.stage,
    }


def _answer(item: StoredItem) -> dict[str, Value]:
    return {
        "id": item.id,
        "title": item.title,
        "status": item.status,
        "editable": not item.template,
        ASSIGNEE: item.assignee,
        STAGE: item.stage,
    }
