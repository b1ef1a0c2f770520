"""The Tasks API."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.values import Row
from fdtui.server import change_feed, render
from fdtui.server.filters import QUERY_PARAMETER
from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError, no_such_task
from fdtui.server.render import encode
from fdtui.server.routes import once, pages, remote_files
from fdtui.server.store import Transaction
from fdtui.server.task_service import TaskService

_Pairs = list[tuple[str, str]]

FEED_HEADER = "Changes-Token"
"""The header of a list that says from where the change feed goes on."""


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
        if book.sides:
            call.may_wait()  # thousands of tasks may be linked with this one
        return call.answer(book.row(book.find(call.params["uid"])))

    return call.store.read(work)


def upsert(call: Call) -> Response:
    """Change the task whose unique id is in the body, or create it (201).

    With ``If-None-Match: *`` it only creates.
    """
    given = call.row()
    if remote_files.asked_in(given) and (answer := once.replayed(call)) is not None:
        return answer  # whether the files can still be fetched does not matter any more
    body = remote_files.bring(call, given)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.named_in(body)
        if record is not None:
            call.check_new()
            return _changed(call, book, record, body)
        call.check_match("")
        return _answered(call, book, book.create(body), body, 201)

    return once.write(call, work)


def update_named(call: Call) -> Response:
    """Change the task whose unique id is in the body; 404 if there is none."""
    body = remote_files.bring(call, call.row())

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
    body = remote_files.bring(call, call.row())

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


def book_of(call: Call, tx: Transaction) -> TaskService:
    """The tasks of the workflow that the path names, as the caller, or as whom it names."""
    book = TaskService.open(call.store, tx, call.workflow, call.base_url, call.actor)
    actor = call.actor_in(book.workflow)
    return book if actor == book.actor else replace(book, actor=actor)


def _changed(call: Call, book: TaskService, record: Record, body: Row) -> Response:
    _check_match(call, book, record)
    return _answered(call, book, book.change(record, body), body)


def _answered(call: Call, book: TaskService, record: Record, body: Row, status: int = 200) -> Response:
    """A written task: the numbers as ``body`` spells them, under the tag that a GET would have."""
    row = book.row(record)
    tag = call.tag(encode(row))
    return call.tagged(tag, lambda: encode(render.echo(row, book.workflow, body)), status)


def _check_match(call: Call, book: TaskService, record: Record) -> None:
    if "if-match" in call.headers:
        call.check_match(call.tag(encode(book.row(record))))


def _listing(call: Call, *, active: bool) -> Response:
    pairs = address.pairs(call.query)
    answer = call.store.read(lambda tx: _known(call, book_of(call, tx), pairs, active=active))
    if answer is not None:
        return answer
    with contextlib.nullcontext() if call.rows is None else call.rows.lock:
        return call.store.read(lambda tx: _rendered(call, book_of(call, tx), pairs, active=active))


def _known(call: Call, book: TaskService, pairs: _Pairs, *, active: bool) -> Response | None:
    """The answer where the caller has it, or the server kept it; else, or for a page, ``None``."""
    page = pages.asked(book, pairs)
    state = _state(call, book, pairs)
    held = None if book.hides or page.is_part else call.lists.get(state)
    if held is None and (book.hides or not call.knows(state)):
        return None
    return _listed(call, book, state, held or b"")


def _rendered(call: Call, book: TaskService, pairs: _Pairs, *, active: bool) -> Response:
    page = pages.asked(book, pairs)
    state, after = _state(call, book, pairs), ""
    if page.is_part:
        rows, last = book.page(page.filters, page.after, page.limit, active=active)
        after, body = pages.cursor(book, last), encode(rows)
    elif pairs or book.hides or call.rows is None:
        body = encode(book.rows(pairs, active=active))
    else:
        body = call.rows.body(book, active=active)
    if not page.is_part and not book.hides:
        call.lists.put(state, body)
    answer = _listed(call, book, call.tag(body) if book.hides else state, body)
    if after:
        answer.headers[pages.CURSOR_HEADER] = after
    return answer


def _state(call: Call, book: TaskService, pairs: _Pairs) -> str:
    """A tag of all that a list of a book that hides nothing depends on.

    The revision counts what changes at the other end of a link, too, seen or not. What ``?q=`` means
    depends on who asks, and on the day.
    """
    seen = "\0".join(sorted(book.sides)) if book.hides else "*"
    asks = any(name == QUERY_PARAMETER for name, _ in pairs)
    asker = (book.me or "", call.now.date().isoformat()) if asks else ()
    return call.tag(book.revision, call.base_url, call.path, call.query, seen, *asker)


def _listed(call: Call, book: TaskService, tag: str, body: bytes) -> Response:
    answer = call.tagged(tag, lambda: body)
    answer.headers[FEED_HEADER] = change_feed.token(book)
    return answer
