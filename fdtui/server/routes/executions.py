"""The Actions API: what can be done with a task, and the doing of it, which others wait for."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.server import visibility
from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError
from fdtui.server.routes import once
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, activity, checklists, executions
from fdtui.server.store.activity import ActivityEntry
from fdtui.server.store.executions import StoredExecution
from fdtui.server.task_service import TaskService
from fdtui.server.timestamps import exactly
from fdtui.server.workflow import requirements
from fdtui.server.workflow.actions import ActionDefinition

_MAX_EXECUTIONS_LISTED = 500
"""Executions in one list."""


def list_actions(call: Call) -> Response:
    """The actions that the task's stage offers, whoever may do them.

    ``confirm`` is ours: the question of an action that has one. It is never enforced.
    """

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        stage = book.find(call.params["uid"]).stage
        offered = [each for each in book.workflow.actions if each.is_offered(stage)]
        return call.answer([_offer(each) for each in offered])

    return call.store.read(work)


def create(call: Call) -> Response:
    """Ask for an action to be done; the answer comes before it is (201), or says what is missing."""
    from fdtui.server.answers.bodies import NewExecution, taken  # noqa: PLC0415 - pydantic

    body = taken(NewExecution, call.row())
    email = body.performed_by

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(str(body.task_id))
        action = book.workflow.action(str(body.action_id))
        if action is None:
            raise RefusedError("There is no such action.", status=404)
        schema = book.workflow.schema
        if email is not None and (why := requirements.why_not(action, schema, email)):
            return call.answer({"status": executions.FAIL, "errors": [why]}, 403)
        person = schema.email(email) if email is not None else None
        missing = requirements.unmet(
            action,
            schema,
            book.whole().row(record),
            checklist_done=checklists.is_complete(tx, record.id, record.stage),
            today=call.now.date(),
        )
        if missing:
            return call.answer({"status": executions.FAIL, "errors": list(missing)}, 422)
        new = StoredExecution(
            id=executions.new_id(call.store, tx),
            workflow=book.workflow.id,
            task=record.id,
            uid=record.uid,
            action=action,
            performed_by=person,
            who=person if person is not None else book.actor.who,
            base_url=call.base_url,
            created_at=exactly(call.now),
        )
        executions.add(tx, new)
        _note(book, record, new)
        return call.answer({"id": new.id, "status": new.status}, 201)

    answer = once.write(call, work)
    call.wake()
    return answer


def show(call: Call) -> Response:
    """How far an execution is."""

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        found = executions.find(tx, book.workflow.id, call.params["execution"])
        if found is None:
            raise RefusedError("There is no such execution.", status=404)
        return call.answer(_brief(book, found))

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
        found = executions.listed(tx, book.workflow.id, uid, _MAX_EXECUTIONS_LISTED)
        return call.answer([_full(book, each) for each in found])

    return call.store.read(work)


def _offer(action: ActionDefinition) -> dict[str, str]:
    offer = {"id": action.id, "name": action.name}
    return {**offer, "confirm": action.confirm} if action.confirm.strip() else offer


def _note(book: TaskService, record: Record, new: StoredExecution) -> None:
    after = {"id": new.id, "action": new.action.name}
    entry = ActivityEntry(book.workflow.id, "execution.created", record.id, record.uid, after=after)
    actor = activity.Actor(new.who, book.actor.now)
    activity.note(book.tx, actor, entry)


def _brief(book: TaskService, found: StoredExecution) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": found.id, "status": found.status}
    if found.status == executions.FAIL:
        answer["errors"] = visibility.errors_of(book, found)
    return answer


def _full(book: TaskService, found: StoredExecution) -> dict[str, Any]:
    return {
        **_brief(book, found),
        "task_id": found.uid,
        "action": {"id": found.action.id, "name": found.action.name},
        "performed_by": found.performed_by,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
    }
