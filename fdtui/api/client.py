"""The Flowdash API, a short method for each call; everything hard is in the transport."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Self, TypeVar

import httpx

from fdtui.api import belongings, codec, many, wire
from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits
from fdtui.api.origin import Origin
from fdtui.api.reply import Reply
from fdtui.api.retry import Timing
from fdtui.api.transport import Transport
from fdtui.api.urls import changes_target, target
from fdtui.core.answers import ChangedRows, Creation, Listing, ManyAtOnce, WholeTask
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
        user: str = "",
        limits: Limits | None = None,
        timing: Timing | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        keeps_keys_for: float = 0.0,
    ) -> Self:
        """A client of the install at ``url``; nothing is sent yet.

        ``user`` is the e-mail of who changes things, for a server that asks (ours does).
        Raises `UsageError` for an address or a key that cannot be one. ``transport`` stands in for
        the network, for instance an `httpx.ASGITransport` around the embedded server.
        ``keeps_keys_for`` is what is known of the server by now.
        """
        way = Transport(
            Origin.parse(url, insecure_http=insecure_http),
            key,
            read_only=read_only,
            user=user,
            limits=limits,
            timing=timing,
            transport=transport,
            on_exchange=on_exchange,
        )
        way.keeps_keys_for = keeps_keys_for
        return cls(way)

    @property
    def keeps_keys_for(self) -> float:
        """Seconds for which the server knows a request of a name again; 0 where it never does."""
        return self._transport.keeps_keys_for

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
        reply = await self._get("workflows", workflow, "tasks", known=known, is_listing=True)
        return None if reply.status == httpx.codes.NOT_MODIFIED else await _listing(reply)

    async def server_time(self) -> float | None:
        """The server's clock, in seconds since the epoch; ``None`` where it does not tell."""
        return (await self._get("workflows")).date

    async def copy_tasks(self, workflow: str, sink: Sink) -> None:
        """Hand the list of all tasks to ``sink`` as it comes: JSON, for `row_stream`; tried once."""
        path, what = target("workflows", workflow, "tasks"), f"workflow {workflow}"
        await self._transport.transfer("GET", path, sink=sink, what=what)

    async def changes(self, workflow: str, since: str, *, wait: float) -> ChangedRows:
        """What changed since the token ``since``; only our own server has it.

        Where nothing has, the server waits up to ``wait`` seconds for it.
        """
        path = changes_target(workflow, since, wait)
        reply = await self._transport.request("GET", path, is_listing=True, wait=wait)
        return await codec.decode(reply, codec.changed_rows)

    async def active(self, workflow: str) -> Listing:
        """The tasks that are in no end stage."""
        return await _listing(await self._get("workflows", workflow, "tasks", _ACTIVE, is_listing=True))

    async def task(self, workflow: str, uid: str, *, unique_id: str) -> Row:
        """The task whose field ``unique_id`` is ``uid``."""
        if uid == _ACTIVE:
            return await self._task_by_filter(workflow, uid, unique_id)
        return await self._read(codec.row, "workflows", workflow, "tasks", uid, what=_task(uid))

    async def update(self, workflow: str, body: Row, *, matching: str = "") -> Row:
        """Change the keys in ``body`` of the task whose unique id is in it; never creates one.

        ``matching`` is the tag of the state that the change was made for: where the install supports
        it and the task has changed, an `ApiError` with status 412.
        """
        segments, what = ("workflows", workflow, "tasks"), "task to change"
        return await self._send("PUT", body, segments, codec.row, what=what, matching=matching)

    async def tagged_task(self, workflow: str, uid: str, *, unique_id: str) -> tuple[Row, str]:
        """The task with the tag of its state; the tag is empty where the install gives none."""
        if uid == _ACTIVE:
            return await self._task_by_filter(workflow, uid, unique_id), ""
        reply = await self._get("workflows", workflow, "tasks", uid, what=_task(uid))
        return await codec.decode(reply, codec.row), reply.tag

    async def upload(self, workflow: str, body: Outgoing, *, matching: str = "") -> Row:
        """As `update`, with a body that is made while it is sent; tried once."""
        path = target("workflows", workflow, "tasks")
        reply = await self._transport.transfer(
            "PUT", path, body=body, what="task to change", matching=matching
        )
        return await codec.decode_written(reply, codec.row)

    async def download(self, blob: str, sink: Sink) -> None:
        """Hand the bytes of a file to ``sink``; tried once."""
        path, what = target("files", blob), f"file {quoted(blob[:80])}"
        await self._transport.transfer("GET", path, sink=sink, what=what)

    async def create(self, workflow: str, body: Row, *, only_new: bool = False, once: str = "") -> Row:
        """A new task, or a change where one with that unique id exists (upsert).

        With ``only_new``, where the install supports it, an `ApiError` with status 412 instead of that
        change. ``once`` as in `fdtui.sync.gateway.Gateway`.
        """
        segments, what = ("workflows", workflow, "tasks"), f"workflow {workflow}"
        return await self._send(
            "POST", body, segments, codec.row, what=what, only_new=only_new, once=once
        )

    def create_many(
        self,
        workflow: str,
        tasks: Iterable[Row | WholeTask],
        *,
        how: ManyAtOnce = ManyAtOnce(),  # noqa: B008 (a value)
        once: str = "",
    ) -> AsyncIterator[Creation]:
        """As `create` for each of ``tasks``; tells what became of each, in their order.

        In batches on our own server, one by one on any other. ``once`` names the whole.
        """
        return many.create_many(self, self._transport, workflow, tasks, how, once=once)

    async def delete(self, workflow: str, uid: str, *, matching: str = "") -> None:
        """Delete the task for good; ``matching`` as in `update`."""
        await self._remove(("workflows", workflow, "tasks", uid), _task(uid), matching)

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        """What can be done with the task now."""
        return await self._read(belongings.actions, *_of_task(workflow, uid, "actions"), what=_task(uid))

    async def start_execution(
        self, workflow: str, uid: str, action: str, performed_by: str | None, *, once: str = ""
    ) -> Execution:
        """Run an action; it goes on in the background. Raises `InvalidError` with its requirements."""
        body: dict[str, Value] = {"task_id": uid, "action_id": action}
        if performed_by is not None:
            body["performed_by"] = performed_by
        segments = ("workflows", workflow, "executions")
        what = f"action {action}"
        return await self._send("POST", body, segments, belongings.execution, what=what, once=once)

    async def execution(self, workflow: str, execution: str) -> Execution:
        """How far an execution is."""
        segments = ("workflows", workflow, "executions", execution)
        return await self._read(belongings.execution, *segments, what="execution")

    async def comments(self, workflow: str, uid: str) -> tuple[Comment, ...]:
        """What was said about the task, in order."""
        return await self._read(belongings.comments, *_of_task(workflow, uid, "comments"))

    async def add_comment(self, workflow: str, uid: str, body: str, *, once: str = "") -> None:
        """Say something about the task."""
        segments, what = _of_task(workflow, uid, "comments"), _task(uid)
        await self._send("POST", {"body": body}, segments, belongings.nothing, what=what, once=once)

    async def checklist(self, workflow: str, uid: str) -> tuple[ChecklistItem, ...]:
        """The task's checklist, all stages."""
        return await self._read(belongings.checklist, *_of_task(workflow, uid, "checklist_items"))

    async def add_checklist_item(
        self, workflow: str, uid: str, title: str, stage: str, *, once: str = ""
    ) -> None:
        """Put something on the checklist."""
        segments, body = _of_task(workflow, uid, "checklist_items"), {"title": title, "Stage": stage}
        await self._send("POST", body, segments, belongings.nothing, what=_task(uid), once=once)

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

    def hurry(self) -> None:
        """Ask now whatever the server has said about waiting: the user says so."""
        self._transport.hurry()

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._transport.aclose()

    async def _task_by_filter(self, workflow: str, uid: str, unique_id: str) -> Row:
        reply = await self._get(
            "workflows", workflow, "tasks", query=[(unique_id, uid)], is_listing=True
        )
        listing = await _listing(reply)
        # An install that does not filter by this field would answer every task.
        found = [row for row in listing.rows if row.get(unique_id) == uid]
        if not found:
            raise NotFoundError(f"There is no {_task(uid)}.", status=404)
        if len(found) > 1:
            raise ConflictError(f"More than one task has the unique id {quoted(uid)}.")
        return found[0]

    async def _get(
        self,
        *segments: str,
        query: Iterable[tuple[str, str]] = (),
        known: str = "",
        what: str = "",
        is_listing: bool = False,
    ) -> Reply:
        path = target(*segments, query=query)
        return await self._transport.request("GET", path, known=known, what=what, is_listing=is_listing)

    async def _read(self, shape: Callable[[Any], T], *segments: str, what: str = "") -> T:
        return await codec.decode(await self._get(*segments, what=what), shape)

    async def _send(
        self,
        method: str,
        body: Mapping[str, Value],
        segments: Sequence[str],
        shape: Callable[[Any], T],
        *,
        what: str,
        only_new: bool = False,
        matching: str = "",
        once: str = "",
    ) -> T:
        path, content, known = target(*segments), codec.encode(body), "*" if only_new else ""
        reply = await self._transport.request(
            method, path, body=content, what=what, known=known, matching=matching, once=once
        )
        return await codec.decode_written(reply, shape)

    async def _remove(self, segments: Sequence[str], what: str, matching: str = "") -> None:
        path = target(*segments)
        reply = await self._transport.request("DELETE", path, what=what, matching=matching)
        if reply.status != httpx.codes.NO_CONTENT:
            raise codec.unclear(reply)  # a login page answers 200 to everything, and deletes nothing


def _of_task(workflow: str, uid: str, *more: str) -> tuple[str, ...]:
    return ("workflows", workflow, "tasks", uid, *more)


def _task(uid: str) -> str:
    return f"task {quoted(uid[:80])}"


async def _listing(reply: Reply) -> Listing:
    rows, complaints = await codec.decode(reply, codec.rows)
    return Listing(rows, complaints, reply.tag, reply.feed)
