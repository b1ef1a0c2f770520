"""Many tasks in one request; ours."""

from __future__ import annotations

from dataclasses import dataclass, replace

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

_BATCH_KEYS = {"tasks", "belongings", "restore", "dry_run"}


def create(call: Call) -> Response:
    """Create or change each of the tasks; with ``If-None-Match: *`` only create.

    The answer says what became of each, in their order. All are in one transaction, so the request may
    be repeated under its key as any other. A rehearsal is the same, taken back at its end.
    """
    batch = _batch(call)

    def work(tx: Transaction) -> Response:
        book = replace(book_of(call, tx), restores=batch.restores)
        results = task_batch.put(book, batch.tasks, only_new=call.creates_only, given=batch.given)
        answer = call.answer({"results": [each.answer() for each in results]})
        if batch.is_rehearsed:
            raise _RehearsedError(answer)
        return answer

    try:
        return call.store.write(work) if batch.is_rehearsed else once.write(call, work)
    except _RehearsedError as over:
        return over.answer


class _RehearsedError(Exception):
    """Ends a transaction that was tried out."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class _AskedBatch:
    """What a body asks for."""

    tasks: list[Value]
    given: list[Value]
    restores: bool
    is_rehearsed: bool


def _batch(call: Call) -> _AskedBatch:
    body = call.row()
    wrong = {name: [fields.NOT_A_FIELD] for name in body if name not in _BATCH_KEYS}
    items, given = body.get("tasks"), body.get("belongings")
    if items is None:
        wrong["tasks"] = [fields.REQUIRED]
    elif not isinstance(items, list):
        wrong["tasks"] = [fields.INVALID]
    given = [] if given is None else given
    if not isinstance(given, list) or (isinstance(items, list) and len(given) > len(items)):
        wrong["belongings"] = [fields.INVALID]
    flags = {name: body.get(name) for name in ("restore", "dry_run")}
    wrong.update(
        {name: [fields.INVALID] for name, flag in flags.items() if not isinstance(flag, bool | None)}
    )
    if wrong or not isinstance(items, list) or not isinstance(given, list):
        raise InvalidError(wrong)
    if len(items) > task_batch.MAX_ITEMS:
        raise RefusedError(f"A batch holds at most {task_batch.MAX_ITEMS:,} tasks.", status=413)
    return _AskedBatch(items, given, flags["restore"] is True, flags["dry_run"] is True)
