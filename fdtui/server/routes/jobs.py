"""Analytics exports and data syncs: taken on at once, done in a thread, asked for later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import FdtuiError, InvalidError
from fdtui.server import analytics, syncing
from fdtui.server.call import Call
from fdtui.server.moments import exactly
from fdtui.server.refusal import RefusedError
from fdtui.server.store import Transaction, jobs, workspace
from fdtui.server.store.activity import Hand
from fdtui.server.store.jobs import Job

_AT_ONCE = threading.BoundedSemaphore(2)
_log = logging.getLogger(__name__)


def export(call: Call) -> Response:
    """Begin an export of the time in stages between two dates."""
    body, flow = dict(call.row()), _flow(call)
    errors: dict[str, list[str]] = {}
    days = {name: _day(name, body.pop(name, None), errors) for name in ("start_date", "end_date")}
    errors.update((name, [fields.INVALID]) for name in body)
    if not errors and days["end_date"] < days["start_date"]:
        errors["end_date"] = [fields.INVALID]
    if errors:
        raise InvalidError(errors)
    start, end = analytics.bounds(days["start_date"], days["end_date"])

    def work() -> str:
        last = min(end, call.now)
        found = call.store.read(lambda tx: list(jobs.moves(tx, flow.id, exactly(end))))
        return analytics.report(found, start, max(start, last))

    given = {name: day.isoformat() for name, day in days.items()}
    return call.answer({"id": _begin(call, "export", given, work)}, 201)


def show_export(call: Call) -> Response:
    """How far an export is, and where its file is once it is done."""
    job = _job(call, "export", call.params["export"])
    answer: dict[str, Any] = {"id": job.id, "status": job.status}
    if job.status == "Success":
        place = f"/api/v1/workflows/{call.workflow}/analytics/exports/{job.id}/stages.csv"
        answer["file_url"] = f"{call.base_url}{place}"
    elif job.status == "Fail":
        answer["errors"] = [job.output]
    return call.answer(answer)


def download_export(call: Call) -> Response:
    """The file of an export."""
    job = _job(call, "export", call.params["export"])
    if job.status != "Success":
        raise RefusedError("The export has no file yet.", status=404)
    headers = {
        "Content-Disposition": 'attachment; filename="stages.csv"',
        "Cache-Control": "private, no-cache",
    }
    return Response(job.output.encode(), headers=headers, media_type="text/csv")


def sync(call: Call) -> Response:
    """Begin the data syncs of the workflow."""
    flow = _flow(call)
    if not flow.syncs:
        raise InvalidError(errors=["This workflow has no data sync."])
    hand = Hand("Data sync", call.now)

    def work() -> str:
        said = [
            syncing.run(call.store, flow, each, base_url=call.base_url, hand=hand) for each in flow.syncs
        ]
        return "; ".join(said)

    return call.answer({"id": _begin(call, "sync", {}, work), "status": "Pending"}, 202)


def show_sync(call: Call) -> Response:
    """How far a data sync is."""
    job = _job(call, "sync", call.params["sync"])
    said = {"Success": "result", "Fail": "errors"}.get(job.status)
    text = [job.output] if job.status == "Fail" else job.output
    return call.answer({"id": job.id, "status": job.status, **({said: text} if said else {})})


def _flow(call: Call) -> Any:
    return call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))[1]


def _day(name: str, value: object, errors: dict[str, list[str]]) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        errors[name] = [fields.INVALID]
        return date.min
    errors[name] = [fields.REQUIRED if value is None else fields.INVALID]
    return date.min


def _job(call: Call, kind: str, name: str) -> Job:
    _flow(call)
    found = call.store.read(lambda tx: jobs.find(tx, call.workflow, kind, name, call.now))
    if found is None:
        raise RefusedError(f"There is no such {kind}.", status=404)
    return found


def _begin(call: Call, kind: str, given: dict[str, str], work: Callable[[], str]) -> str:
    job = jobs.add(call.store, call.workflow, kind, given, call.now)

    def run() -> None:
        status, said = "Fail", "The server failed."
        try:
            with _AT_ONCE:
                said = work()
            status = "Success"
        except FdtuiError as error:
            said = str(error)
        finally:
            _finish(call, job, status, said)

    threading.Thread(target=run, name=f"fdtui-{kind}", daemon=True).start()
    return job


def _finish(call: Call, job: str, status: str, said: str) -> None:
    def work(tx: Transaction) -> None:
        jobs.finish(tx, job, status, said)

    try:
        call.store.write(work)
    except FdtuiError:
        _log.exception("the end of the job %s could not be stored", job)
