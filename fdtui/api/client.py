"""The Flowdash API, a short method for each call; everything hard is in the transport."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar

import httpx

from fdtui.api import codec, wire
from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits
from fdtui.api.origin import Origin
from fdtui.api.reply import Reply
from fdtui.api.retry import Timing
from fdtui.api.transport import Transport
from fdtui.api.urls import target
from fdtui.core.answers import Listing
from fdtui.core.errors import ConflictError, NotFoundError
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field, Person, Role, Stage, WorkflowRef, Workspace
from fdtui.core.values import Row

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

    async def create(self, workflow: str, body: Row) -> Row:
        """A new task, or a change where one with that unique id exists (upsert)."""
        return await self._write(
            "POST", body, "workflows", workflow, "tasks", what=f"workflow {workflow}"
        )

    async def delete(self, workflow: str, uid: str) -> None:
        """Delete the task for good."""
        path = target("workflows", workflow, "tasks", uid)
        reply = await self._transport.request("DELETE", path, what=_task(uid))
        if reply.status != httpx.codes.NO_CONTENT:
            codec.parse(reply)  # a login page answers 200 to everything, and deletes nothing

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
        path, content = target(*segments), codec.encode(body)
        reply = await self._transport.request(method, path, body=content, what=what)
        return await codec.decode(reply, codec.row)


def _task(uid: str) -> str:
    return f"task {quoted(uid[:80])}"


async def _listing(reply: Reply) -> Listing:
    rows, complaints = await codec.decode(reply, codec.rows)
    return Listing(rows, complaints, reply.tag)
