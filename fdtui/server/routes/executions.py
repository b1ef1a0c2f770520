"""The Actions API: what can be done with a task, and the doing of it, which others wait for."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.values import Row
from fdtui.server import address, requirements
from fdtui.server.call import Call
from fdtui.server.moments import exactly
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, activity, checklists, executions
from fdtui.server.store.activity import Entry
from fdtui.server.store.executions import Execution
from fdtui.server.taskbook import Taskbook

_KEYS = ("task_id", "action_id", "performed_by")
_MOST = 500
"""Executions in one list."""


def list_actions(call: Call) -> Response:
    """The actions that the task's stage offers, whoever may do them."""

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        stage = book.find(call.params["uid"]).stage
        offered = [each for each in book.workflow.actions if each.is_offered(stage)]
        return call.answer([{"id": each.id, "name": each.name} for each in offered])

    return call.store.read(work)


def create(call: Call) -> Response:
    """Ask for an action to be done; the answer comes before it is (201), or says what is missing."""
    body = call.row()
    _check(body)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(str(body["task_id"]))
        action = book.workflow.action(str(body["action_id"]))
        if action is None:
            raise RefusedError("There is no such action.", status=404)
        email = body.get("performed_by")
        schema = book.workflow.schema
        if isinstance(email, str) and (why := requirements.why_not(action, schema, email)):
            return call.answer({"status": executions.FAIL, "errors": [why]}, 403)
        missing = requirements.unmet(
            action,
            schema,
            book.row(record),
            checklist_done=checklists.is_complete(tx, record.id, record.stage),
            today=call.now.date(),
        )
        if missing:
            return call.answer({"status": executions.FAIL, "errors": list(missing)}, 422)
        new = Execution(
            id=executions.new_id(call.store, tx),
            workflow=book.workflow.id,
            task=record.id,
            uid=record.uid,
            action=action,
            performed_by=email if isinstance(email, str) else None,
            who=email if isinstance(email, str) else call.caller.name,
            base_url=call.base_url,
            created_at=exactly(call.now),
        )
        executions.add(tx, new)
        _note(book, record, new)
        return call.answer({"id": new.id, "status": new.status}, 201)

    answer = call.store.write(work)
    call.wake()
    return answer


def show(call: Call) -> Response:
    """How far an execution is."""

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        found = executions.find(tx, book.workflow.id, call.params["execution"])
        if found is None:
            raise RefusedError("There is no such execution.", status=404)
        return call.answer(_brief(found))

    return call.store.read(work)


def list_executions(call: Call) -> Response:
    """The newest executions first, of the task that ``?task_id=`` names or of all; a call of ours."""
    pairs = address.pairs(call.query)
    unknown = {name: [fields.NOT_A_FIELD] for name, _ in pairs if name != "task_id"}
    if unknown:
        raise InvalidError(unknown)
    uid = dict(pairs).get("task_id")

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        found = executions.listed(tx, book.workflow.id, uid, _MOST)
        return call.answer([_full(each) for each in found])

    return call.store.read(work)


def _check(body: Row) -> None:
    errors = {name: [fields.NOT_A_FIELD] for name in body if name not in _KEYS}
    for name in _KEYS[:2]:
        value = body.get(name)
        if value is None or value == "":
            errors[name] = [fields.REQUIRED]
        elif isinstance(value, bool) or not isinstance(value, str | int):
            errors[name] = [fields.INVALID]
    if not isinstance(body.get("performed_by"), str | None):
        errors["performed_by"] = [fields.INVALID]
    if errors:
        raise InvalidError(errors)


def _note(book: Taskbook, record: Record, new: Execution) -> None:
    after = {"id": new.id, "action": new.action.name}
    entry = Entry(book.workflow.id, "execution.created", record.id, record.uid, after=after)
    hand = activity.Hand(new.who, book.hand.now)
    activity.note(book.tx, hand, entry)


def _brief(found: Execution) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": found.id, "status": found.status}
    return {**answer, "errors": list(found.errors)} if found.status == executions.FAIL else answer


def _full(found: Execution) -> dict[str, Any]:
    return {
        **_brief(found),
        "task_id": found.uid,
        "action": {"id": found.action.id, "name": found.action.name},
        "performed_by": found.performed_by,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
    }
