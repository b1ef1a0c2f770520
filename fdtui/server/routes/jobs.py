"""Analytics exports and data syncs: taken on at once, done in a thread, asked for later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import FdtuiError, InvalidError
from fdtui.core.values import Row
from fdtui.server import analytics, data_sync
from fdtui.server.http.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.routes import once
from fdtui.server.store import Transaction, jobs, workspace
from fdtui.server.store.activity import Actor
from fdtui.server.store.jobs import Job
from fdtui.server.timestamps import exactly

_JOB_SLOTS = threading.BoundedSemaphore(2)
_log = logging.getLogger(__name__)


def export(call: Call) -> Response:
    """Begin an export of the time in stages between two dates."""
    from fdtui.server.answers.bodies import NewExport, taken  # noqa: PLC0415 - pydantic

    flow = _flow(call)
    body = taken(NewExport, call.row(), unknown=fields.INVALID)
    start, end = analytics.bounds(*body.days())

    def work() -> str:
        last = min(end, call.now)
        found = call.store.read(lambda tx: list(jobs.moves(tx, flow.id, exactly(end))))
        return analytics.report(found, start, max(start, last))

    given = body.model_dump()
    return _begin(call, "export", given, work, answer={}, status=201)


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
    actor = Actor("Data sync", call.now)

    def work() -> str:
        said = [
            data_sync.run(call.store, flow, each, base_url=call.base_url, actor=actor)
            for each in flow.syncs
        ]
        return "; ".join(said)

    return _begin(call, "sync", {}, work, answer={"status": "Pending"}, status=202)


def show_sync(call: Call) -> Response:
    """How far a data sync is."""
    job = _job(call, "sync", call.params["sync"])
    said = {"Success": "result", "Fail": "errors"}.get(job.status)
    text = [job.output] if job.status == "Fail" else job.output
    return call.answer({"id": job.id, "status": job.status, **({said: text} if said else {})})


def _flow(call: Call) -> Any:
    return call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))[1]


def _job(call: Call, kind: str, name: str) -> Job:
    _flow(call)
    found = call.store.read(lambda tx: jobs.find(tx, call.workflow, kind, name, call.now))
    if found is None:
        raise RefusedError(f"There is no such {kind}.", status=404)
    return found


def _begin(
    call: Call,
    kind: str,
    given: dict[str, str],
    work: Callable[[], str],
    *,
    answer: Row,
    status: int,
) -> Response:
    """Take on a job and do it in a thread, unless it was answered before; ``answer`` gets its id."""
    taken_on = list[str]()

    def add(tx: Transaction) -> Response:
        job = jobs.add(tx, call.store.new_id(), call.workflow, kind, given, at=call.now)
        taken_on.append(job)
        return call.answer({"id": job, **answer}, status)

    def run(job: str) -> None:
        status, said = "Fail", "The server failed."
        try:
            with _JOB_SLOTS:
                said = work()
            status = "Success"
        except FdtuiError as error:
            said = str(error)
        finally:
            _finish(call, job, status, said)

    said = once.write(call, add)
    for job in taken_on:
        threading.Thread(target=run, args=(job,), name=f"fdtui-{kind}", daemon=True).start()
    return said


def _finish(call: Call, job: str, status: str, said: str) -> None:
    def work(tx: Transaction) -> None:
        jobs.finish(tx, job, status, said)

    try:
        call.store.write(work)
    except FdtuiError:
        _log.exception("the end of the job %s could not be stored", job)
