"""Analytics exports and data syncs: taken on at once, done in a thread, asked for later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import FdtuiError, InvalidError, StorageError
from fdtui.core.values import Row
from fdtui.server import analytics, data_sync, visibility
from fdtui.server.data_sync import SyncRefusedError
from fdtui.server.http.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.routes import once
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction, jobs, workspace
from fdtui.server.store.activity import Actor
from fdtui.server.store.foreign import SourceError
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
    job, answer = _shown(call, "export")
    if job.status == "Success":
        place = f"/api/v1/workflows/{call.workflow}/analytics/exports/{job.id}/stages.csv"
        answer["file_url"] = f"{call.base_url}{place}"
    return call.answer(answer)


def download_export(call: Call) -> Response:
    """The file of an export."""
    job, _ = _shown(call, "export")
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
    job, answer = _shown(call, "sync")
    if job.status == "Success":
        answer["result"] = job.output
    return call.answer(answer)


def _flow(call: Call) -> Any:
    return call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))[1]


def _shown(call: Call, kind: str) -> tuple[Job, dict[str, Any]]:
    """The job that the path names, and its answer as far as the caller may know of it."""

    def work(tx: Transaction) -> tuple[Job, dict[str, Any]]:
        book = book_of(call, tx)
        found = jobs.find(tx, call.workflow, kind, call.params[kind], call.now)
        if found is None:
            raise RefusedError(f"There is no such {kind}.", status=404)
        answer: dict[str, Any] = {"id": found.id, "status": found.status}
        if found.errors:
            answer["errors"] = visibility.errors_of(book, found)
        return found, answer

    return call.store.read(work)


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
        end = partial(jobs.fail, job=job, errors=["The server failed."])
        try:
            with _JOB_SLOTS:
                end = partial(jobs.finish, job=job, output=work())
        except FdtuiError as error:
            end = partial(jobs.fail, job=job, errors=[_told(error, job)], about=_about(error))
        finally:
            _end(call, job, end)

    said = once.write(call, add)
    for job in taken_on:
        threading.Thread(target=run, args=(job,), name=f"fdtui-{kind}", daemon=True).start()
    return said


def _told(error: FdtuiError, job: str) -> str:
    """What the caller may know of a failure; what only this server may goes to its log."""
    if isinstance(error, StorageError):
        _log.error("the job %s failed: %s", job, error)
        return "The database cannot serve now."
    if isinstance(error, SourceError) and error.detail:
        _log.warning("the data sync %s failed: %s", job, error.detail)
    return str(error)


def _about(error: FdtuiError) -> tuple[str, ...]:
    return error.about if isinstance(error, SyncRefusedError) else ()


def _end(call: Call, job: str, end: Callable[[Transaction], None]) -> None:
    try:
        call.store.write(end)
    except FdtuiError:
        _log.exception("the end of the job %s could not be stored", job)
