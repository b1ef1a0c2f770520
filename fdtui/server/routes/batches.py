"""Many tasks in one request; ours."""

from __future__ import annotations

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.values import Value
from fdtui.server import task_batch
from fdtui.server.http.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.routes import once
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction


def create(call: Call) -> Response:
    """Create or change each of the tasks; with ``If-None-Match: *`` only create.

    The answer says what became of each, in their order. All are in one transaction, so the request may
    be repeated under its key as any other.
    """
    items = _items(call)

    def work(tx: Transaction) -> Response:
        results = task_batch.put(book_of(call, tx), items, only_new=call.creates_only)
        return call.answer({"results": [each.answer() for each in results]})

    return once.write(call, work)


def _items(call: Call) -> list[Value]:
    body = call.row()
    wrong = {name: [fields.NOT_A_FIELD] for name in body if name != "tasks"}
    items = body.get("tasks")
    if items is None:
        wrong["tasks"] = [fields.REQUIRED]
    elif not isinstance(items, list):
        wrong["tasks"] = [fields.INVALID]
    if wrong or not isinstance(items, list):
        raise InvalidError(wrong)
    if len(items) > task_batch.MAX_ITEMS:
        raise RefusedError(f"A batch holds at most {task_batch.MAX_ITEMS:,} tasks.", status=413)
    return items
