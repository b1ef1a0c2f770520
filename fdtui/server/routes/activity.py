"""The activity log: a call of ours. Who changed what, from what to what, and when."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.moments import as_datetime
from fdtui.server import feed_tokens, visibility
from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, activity
from fdtui.server.store.meta import get
from fdtui.server.task_service import TaskService
from fdtui.server.timestamps import exactly

_MAX_NUMBER = 2**40
"""More entries than a database holds: a number above it was sealed elsewhere."""


def list_of_workflow(call: Call) -> Response:
    """All changes in a workflow, oldest first, at most `activity.MAX_ENTRIES`.

    ``?since=`` is the id of the last entry that is known, or a moment.
    """

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        return call.answer(_told(book, _since(call, book)))

    return call.store.read(work)


def list_of_task(call: Call) -> Response:
    """The changes of one task."""

    def work(tx: Transaction) -> Response:
        book = book_of(call, tx)
        record = book.find(call.params["uid"])
        return call.answer(_told(book, _since(call, book), task=record.id))

    return call.store.read(work)


def _told(
    book: TaskService, since: str | int | None, *, task: str | None = None
) -> list[dict[str, Any]]:
    """The entries that the caller may know of; their numbers are sealed, for they count all work."""
    secret, name = get(book.tx, "store"), _name(book)
    return [
        {"id": feed_tokens.sealed(secret, {name: each.pop("number")}), **each}
        for each in _shown(book, since, task)
    ]


def _shown(book: TaskService, since: str | int | None, task: str | None) -> list[dict[str, Any]]:
    """The first entries of which anything is shown: none means that no more come."""
    while True:
        found = activity.listed(book.tx, book.workflow.id, task=task, since=since)
        shown = visibility.log_of(book, found)
        if shown or len(found) < activity.MAX_ENTRIES:
            return shown
        since = found[-1]["number"]


def _since(call: Call, book: TaskService) -> str | int | None:
    """From where the log is asked for: a moment, or an entry's number; raises `InvalidError`."""
    pairs = dict(address.pairs(call.query))
    unknown = {name: [fields.NOT_A_FIELD] for name in pairs if name != "since"}
    if unknown:
        raise InvalidError(unknown)
    text = pairs.get("since")
    if text is None:
        return None
    name = _name(book)
    number = (feed_tokens.opened(get(book.tx, "store"), text, [name]) or {}).get(name, _MAX_NUMBER)
    if number < _MAX_NUMBER and activity.is_of(book.tx, book.workflow.id, number):
        return number
    # a query's plus sign is a space: `+02:00` may have lost it
    moment = as_datetime(text.replace(" ", "+") if "T" in text else text)
    if moment is None:
        raise InvalidError({"since": [fields.INVALID]})
    return exactly(moment)


def _name(book: TaskService) -> str:
    return f"{book.workflow.id}\0log"
