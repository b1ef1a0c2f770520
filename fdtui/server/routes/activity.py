"""The activity log: a call of ours. Who changed what, from what to what, and when."""

from __future__ import annotations

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.moments import as_datetime
from fdtui.server import visibility
from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, activity
from fdtui.server.timestamps import exactly


def list_of_workflow(call: Call) -> Response:
    """All changes in a workflow, oldest first, at most `activity.MAX_ENTRIES`.

    ``?since=`` is the id of the last entry that is known, or a moment.
    """
    since = _since(call)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        return call.answer(visibility.log_of(book, activity.listed(tx, book.workflow.id, since=since)))

    return call.store.read(work)


def list_of_task(call: Call) -> Response:
    """The changes of one task."""
    since = _since(call)

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        found = activity.listed(tx, book.workflow.id, task=record.id, since=since)
        return call.answer(visibility.log_of(book, found))

    return call.store.read(work)


def _since(call: Call) -> str | int | None:
    pairs = dict(address.pairs(call.query))
    unknown = {name: [fields.NOT_A_FIELD] for name in pairs if name != "since"}
    if unknown:
        raise InvalidError(unknown)
    text = pairs.get("since")
    if text is None or (text.isascii() and text.isdecimal() and len(text) < 19):
        return None if text is None else int(text)
    # a query's plus sign is a space: `+02:00` may have lost it
    moment = as_datetime(text.replace(" ", "+") if "T" in text else text)
    if moment is None:
        raise InvalidError({"since": [fields.INVALID]})
    return exactly(moment)
