"""The Comments API."""

from __future__ import annotations

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.server.call import Call
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, comments

AUTHOR = "API"
"""Who writes comments through the API, whichever key it is."""


def list_comments(call: Call) -> Response:
    """The comments of a task, oldest first."""

    def work(tx: Transaction) -> Response:
        record = book_of(call, tx).find(call.params["uid"])
        return call.answer(comments.listed(tx, record.id))

    return call.store.read(work)


def create(call: Call) -> Response:
    """Add a comment; a mention (``@Full Name``) is part of its text."""
    body = call.row()
    errors = {name: [fields.NOT_A_FIELD] for name in body if name != "body"}
    text = body.get("body")
    if text is None or text == "":
        errors["body"] = [fields.REQUIRED]
    elif not isinstance(text, str) or "\0" in text:
        errors["body"] = [fields.INVALID]
    if errors or not isinstance(text, str):
        raise InvalidError(errors)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        book.note("comment.created", record, after={"body": text})
        return call.answer(comments.add(tx, record.id, AUTHOR, text, call.now), 201)

    return call.store.write(work)
