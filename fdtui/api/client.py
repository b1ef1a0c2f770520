"""The Flowdash API, a short method for each call; everything hard is in the transport."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self, TypeVar

import httpx

from fdtui.api import belongings, codec, wire
from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits
from fdtui.api.origin import Origin
from fdtui.api.reply import Reply
from fdtui.api.retry import Timing
from fdtui.api.transport import Transport
from fdtui.api.urls import target
from fdtui.core.answers import Listing
from fdtui.core.details import Action, Activity, ChecklistItem, Comment, Tick
from fdtui.core.errors import ConflictError, NotFoundError
from fdtui.core.job import Execution
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field, Person, Role, Stage, WorkflowRef, Workspace
from fdtui.core.transfer import Outgoing, Sink
from fdtui.core.values import Row, Value

T = TypeVar("T")

_ACTIVE = "active"
"""The word under ``/tasks/`` that is an endpoint and therefore names no task there."""


class Client:
    """The calls that the program makes; each raises `fdtui.core.errors.ApiError`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @classmethod
    def open(
        cls,
        url: str,
        key: str,
        *,
        insecure_http: bool = False,
        read_only: bool = False,
        limits: Limits | None = None,
        timing: Timing | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> Self:
        """A client of the install at ``url``; nothing is sent yet.

        Raises `UsageError` for an address or a key that cannot be one. ``transport`` stands in for
        the network, for instance an `httpx.ASGITransport` around the embedded server.
        """
        origin = Origin.parse(url, insecure_http=insecure_http)
        return cls(
            Transport(
                origin,
                key,
                read_only=read_only,
                limits=limits,
                timing=timing,
                transport=transport,
                on_exchange=on_exchange,
            )
        )

    async def workspace(self) -> Workspace:
        """The workspace that the key belongs to."""
        return await self._read(wire.workspace, "workspace")

    async def workflows(self) -> tuple[WorkflowRef, ...]:
        """The workflows that the key may use."""
        return await self._read(wire.workflows, "workflows")

    async def stages(self, workflow: str) -> tuple[Stage, ...]:
        """The stages in board order."""
        return await self._read(wire.stages, "workflows", workflow, "stages")

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        """The custom fields."""
        return await self._read(wire.fields, "workflows", workflow, "fields")

    async def users(self, workflow: str) -> tuple[Person, ...]:
        """The people that tasks can be assigned to."""
        return await self._read(wire.users, "workflows", workflow, "users")

    async def roles(self, workflow: str) -> tuple[Role, ...]:
        """The roles that people have."""
        return await self._read(wire.roles, "workflows", workflow, "roles")

    async def tasks(self, workflow: str, *, known: str = "") -> Listing | None:
        """All tasks; ``None`` where nothing changed since the listing with the tag ``known``."""
        reply = await self._get("workflows", workflow, "tasks", known=known)
        return None if reply.status == httpx.codes.NOT_MODIFIED else await _listing(reply)

    async def active(self, workflow: str) -> Listing:
        """The tasks that are in no end stage."""
        return await _listing(await self._get("workflows", workflow, "tasks", _ACTIVE))

    async def task(self, workflow: str, uid: str, *, unique_id: str) -> Row:
        """The task whose field ``unique_id`` is ``uid``."""
        if uid == _ACTIVE:
            return await self._task_by_filter(workflow, uid, unique_id)
        return await self._read(codec.row, "workflows", workflow, "tasks", uid, what=_task(uid))

    async def update(self, workflow: str, body: Row) -> Row:
        """Change the keys in ``body`` of the task whose unique id is in it; never creates one."""
        return await self._write("PUT", body, "workflows", workflow, "tasks", what="task to change")

    async def tagged_task(self, workflow: str, uid: str, *, unique_id: str) -> tuple[Row, str]:
        """The task with the tag of its state; the tag is empty where the install gives none."""
        if uid == _ACTIVE:
            return await self._task_by_filter(workflow, uid, unique_id), ""
        reply = await self._get("workflows", workflow, "tasks", uid, what=_task(uid))
        return await codec.decode(reply, codec.row), reply.tag

    async def upload(self, workflow: str, body: Outgoing, *, matching: str = "") -> Row:
        """As `update`, with a body that is made while it is sent; tried once.

        ``matching`` is the tag of the state that the change was made for: where the install heeds
        it and the task has changed, an `ApiError` with status 412.
        """
        path = target("workflows", workflow, "tasks")
        reply = await self._transport.transfer(
            "PUT", path, body=body, what="task to change", matching=matching
        )
        return await codec.decode(reply, codec.row)

    async def download(self, blob: str, sink: Sink) -> None:
        """Hand the bytes of a file to ``sink``; tried once."""
        path, what = target("files", blob), f"file {quoted(blob[:80])}"
        await self._transport.transfer("GET", path, sink=sink, what=what)

    async def create(self, workflow: str, body: Row, *, only_new: bool = False) -> Row:
        """A new task, or a change where one with that unique id exists (upsert).

        With ``only_new``, where the install heeds it, an `ApiError` with status 412 instead of that
        change.
        """
        segments, what = ("workflows", workflow, "tasks"), f"workflow {workflow}"
        return await self._send("POST", body, segments, codec.row, what=what, only_new=only_new)

    async def delete(self, workflow: str, uid: str) -> None:
        """Delete the task for good."""
        await self._remove(("workflows", workflow, "tasks", uid), _task(uid))

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        """What can be done with the task now."""
        return await self._read(belongings.actions, *_of_task(workflow, uid, "actions"), what=_task(uid))

    async def start_execution(
        self, workflow: str, uid: str, action: str, performed_by: str | None
    ) -> Execution:
        """Run an action; it goes on in the background. Raises `InvalidError` with its requirements."""
        body: dict[str, Value] = {"task_id": uid, "action_id": action}
        if performed_by is not None:
            body["performed_by"] = performed_by
        segments = ("workflows", workflow, "executions")
        return await self._send("POST", body, segments, belongings.execution, what=f"action {action}")

    async def execution(self, workflow: str, execution: str) -> Execution:
        """How far an execution is."""
        segments = ("workflows", workflow, "executions", execution)
        return await self._read(belongings.execution, *segments, what="execution")

    async def comments(self, workflow: str, uid: str) -> tuple[Comment, ...]:
        """What was said about the task, in order."""
        return await self._read(belongings.comments, *_of_task(workflow, uid, "comments"))

    async def add_comment(self, workflow: str, uid: str, body: str) -> None:
        """Say something about the task."""
        segments = _of_task(workflow, uid, "comments")
        await self._send("POST", {"body": body}, segments, belongings.nothing, what=_task(uid))

    async def checklist(self, workflow: str, uid: str) -> tuple[ChecklistItem, ...]:
        """The task's checklist, all stages."""
        return await self._read(belongings.checklist, *_of_task(workflow, uid, "checklist_items"))

    async def add_checklist_item(self, workflow: str, uid: str, title: str, stage: str) -> None:
        """Put something on the checklist."""
        segments, body = _of_task(workflow, uid, "checklist_items"), {"title": title, "Stage": stage}
        await self._send("POST", body, segments, belongings.nothing, what=_task(uid))

    async def tick(self, workflow: str, uid: str, item: str, status: Tick) -> None:
        """Give a checklist item a state."""
        segments = _of_task(workflow, uid, "checklist_items", item)
        body = {"status": status.value}
        await self._send("PUT", body, segments, belongings.nothing, what="checklist item")

    async def remove_checklist_item(self, workflow: str, uid: str, item: str) -> None:
        """Delete a checklist item."""
        await self._remove(_of_task(workflow, uid, "checklist_items", item), "checklist item")

    async def activity(self, workflow: str, uid: str) -> tuple[Activity, ...]:
        """The task's past, newest first; only our own server has it."""
        return await self._read(belongings.activity, *_of_task(workflow, uid, "activity"))

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._transport.aclose()

    async def _task_by_filter(self, workflow: str, uid: str, unique_id: str) -> Row:
        reply = await self._get("workflows", workflow, "tasks", query=[(unique_id, uid)])
        listing = await _listing(reply)
        # An install that does not filter by this field would answer every task.
        found = [row for row in listing.rows if row.get(unique_id) == uid]
        if not found:
            raise NotFoundError(f"There is no {_task(uid)}.", status=404)
        if len(found) > 1:
            raise ConflictError(f"More than one task has the unique id {quoted(uid)}.")
        return found[0]

    async def _get(
        self, *segments: str, query: Iterable[tuple[str, str]] = (), known: str = "", what: str = ""
    ) -> Reply:
        return await self._transport.request(
            "GET", target(*segments, query=query), known=known, what=what
        )

    async def _read(self, shape: Callable[[Any], T], *segments: str, what: str = "") -> T:
        return await codec.decode(await self._get(*segments, what=what), shape)

    async def _write(self, method: str, body: Row, *segments: str, what: str) -> Row:
        return await self._send(method, body, segments, codec.row, what=what)

    async def _send(
        self,
        method: str,
        body: Mapping[str, Value],
        segments: Sequence[str],
        shape: Callable[[Any], T],
        *,
        what: str,
        only_new: bool = False,
    ) -> T:
        path, content, known = target(*segments), codec.encode(body), "*" if only_new else ""
        reply = await self._transport.request(method, path, body=content, what=what, known=known)
        return await codec.decode(reply, shape)

    async def _remove(self, segments: Sequence[str], what: str) -> None:
        reply = await self._transport.request("DELETE", target(*segments), what=what)
        if reply.status != httpx.codes.NO_CONTENT:
            codec.parse(reply)  # a login page answers 200 to everything, and deletes nothing


def _of_task(workflow: str, uid: str, *more: str) -> tuple[str, ...]:
    return ("workflows", workflow, "tasks", uid, *more)


def _task(uid: str) -> str:
    return f"task {quoted(uid[:80])}"


async def _listing(reply: Reply) -> Listing:
    rows, complaints = await codec.decode(reply, codec.rows)
    return Listing(rows, complaints, reply.tag)
