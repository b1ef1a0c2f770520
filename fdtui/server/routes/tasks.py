"""The Tasks API."""

from __future__ import annotations

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.values import Row
from fdtui.server import address, remote
from fdtui.server.call import Call
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError, no_such_task
from fdtui.server.render import encode
from fdtui.server.store import Transaction
from fdtui.server.taskbook import Taskbook


def list_tasks(call: Call) -> Response:
    """All tasks, or those that the query's filters take."""
    return _listing(call, active=False)


def list_active(call: Call) -> Response:
    """The same without the tasks in an end stage."""
    return _listing(call, active=True)


def show(call: Call) -> Response:
    """One task by unique id."""

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        return call.answer(book.row(book.find(call.params["uid"])))

    return call.store.read(work)


def upsert(call: Call) -> Response:
    """Change the task whose unique id is in the body, or create it (201).

    With ``If-None-Match: *`` it only creates.
    """
    body = remote.bring(call, call.row())

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.named_in(body)
        if record is not None:
            call.check_new()
            return _changed(call, book, record, body)
        call.check_match("")
        return call.answer(book.row(book.create(body), body), 201)

    return call.store.write(work)


def update_named(call: Call) -> Response:
    """Change the task whose unique id is in the body; 404 if there is none."""
    body = remote.bring(call, call.row())

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        unique_id = book.workflow.schema.unique_id
        if unique_id is None:
            raise RefusedError("Tasks of a workflow without a unique id cannot be changed.", status=404)
        value = body.get(unique_id.name)
        why = fields.REQUIRED if value is None else fields.check(unique_id, value)
        if why:
            raise InvalidError({unique_id.name: [why]})
        record = book.named_in(body)
        if record is None:
            raise no_such_task()
        return _changed(call, book, record, body)

    return call.store.write(work)


def update(call: Call) -> Response:
    """Change the task that the path names."""
    body = remote.bring(call, call.row())

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        return _changed(call, book, book.find(call.params["uid"]), body)

    return call.store.write(work)


def delete(call: Call) -> Response:
    """Delete a task for good."""

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        _check_match(call, book, record)
        book.delete(record)
        return Response(status_code=204)

    return call.store.write(work)


def book_of(call: Call, tx: Transaction) -> Taskbook:
    """The tasks of the workflow that the path names, in the caller's hand."""
    return Taskbook.open(call.store, tx, call.workflow, call.base_url, call.hand)


def _changed(call: Call, book: Taskbook, record: Record, body: Row) -> Response:
    _check_match(call, book, record)
    return call.answer(book.row(book.change(record, body), body))


def _check_match(call: Call, book: Taskbook, record: Record) -> None:
    if "if-match" in call.headers:
        call.check_match(call.tag(encode(book.row(record))))


def _listing(call: Call, *, active: bool) -> Response:
    pairs = address.pairs(call.query)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        tag = call.tag(book.revision, call.base_url, call.path, call.query)

        def body() -> bytes:
            held = call.lists.get(tag)
            if held is None:
                held = encode(book.rows(pairs, active=active))
                call.lists.put(tag, held)
            return held

        return call.tagged(tag, body)

    return call.store.read(work)
