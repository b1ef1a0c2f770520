"""The Comments API."""

from __future__ import annotations

from starlette.responses import Response

from fdtui.server.http.call import Call
from fdtui.server.routes import once
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, comments

AUTHOR = "API"
"""Who writes a comment through the API in nobody's name, whichever key it is."""


def list_comments(call: Call) -> Response:
    """The comments of a task, oldest first."""

    def work(tx: Transaction) -> Response:
        record = book_of(call, tx).find(call.params["uid"])
        return call.answer(comments.listed(tx, record.id))

    return call.store.read(work)


def create(call: Call) -> Response:
    """Add a comment; a mention (``@Full Name``) is part of its text."""
    from fdtui.server.answers.bodies import NewComment, taken  # noqa: PLC0415 - pydantic

    text = taken(NewComment, call.row()).body

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        book.note("comment.created", record, after={"body": text})
        person = book.workflow.schema.person(book.actor.who)
        author = AUTHOR if person is None else person.email
        return call.answer(comments.add(tx, record.id, author, text, call.now), 201)

    return once.write(call, work)
