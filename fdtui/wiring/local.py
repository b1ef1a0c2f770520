"""A local workspace read from its file, with the server behind it for all that is more than reading."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fdtui.api import wire
from fdtui.core import strictjson
from fdtui.core.answers import Listing
from fdtui.server import EMBEDDED_URL, KEPT_SECONDS, render
from fdtui.server.store.direct import UNREADABLE, DirectReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from fdtui.core.answers import Creation
    from fdtui.core.schema import Field, WorkflowRef, Workspace
    from fdtui.core.values import Row
    from fdtui.sync.gateway import Gateway

T = TypeVar("T")


def local_gateway(database: Path, start: Callable[[], Gateway]) -> Gateway:
    """A gateway to the workspace in ``database``; ``start`` starts the server, should it be needed."""
    reader = DirectReader.open(database, EMBEDDED_URL)
    # It has no method for most calls: they are looked up in the server.
    return start() if reader is None else cast("Gateway", _LocalGateway(reader, start))


class _LocalGateway:
    """Answers by itself what a list of tasks needs, exactly as the server would.

    What it cannot answer it asks the server, which is started then: so the server alone says what is
    wrong.
    """

    def __init__(self, reader: DirectReader, start: Callable[[], Gateway]) -> None:
        self._reader, self._start = reader, start
        self._server: Gateway | None = None
        self._starting = asyncio.Lock()

    keeps_keys_for = float(KEPT_SECONDS)
    """Known before the server has started: what it is asked first may be what a dead run had asked."""

    async def workspace(self) -> Workspace:
        """Whose workspace this is."""
        found = await self._read(self._reader.workspace)
        return await (await self.server()).workspace() if found is None else found

    async def workflows(self) -> tuple[WorkflowRef, ...]:
        """Its workflows."""
        known = await self._read(self._reader.catalog)
        if known is None:
            return await (await self.server()).workflows()
        return wire.workflows([{"id": each.id, "name": each.name} for each in known.workflows.values()])

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        """The custom fields of a workflow."""
        known = await self._read(self._reader.catalog)
        if known is None or workflow not in known.workflows:
            return await (await self.server()).fields(workflow)
        return wire.fields([render.field(each) for each in known.workflows[workflow].schema.fields])

    async def tasks(self, workflow: str, *, known: str = "") -> Listing | None:
        """All tasks of a workflow."""
        rows = await self._read(lambda: _as_read(self._reader.rows(workflow)))
        if rows is None:
            return await (await self.server()).tasks(workflow, known=known)
        return Listing(tuple(rows), (), "", "")

    async def task(self, workflow: str, uid: str, *, unique_id: str) -> Row:
        """The task of that unique id."""
        row = await self._read(lambda: _as_read(self._reader.row(workflow, uid)))
        return (
            await (await self.server()).task(workflow, uid, unique_id=unique_id) if row is None else row
        )

    async def create_many(
        self, workflow: str, bodies: Iterable[Row], *, only_new: bool = False, once: str = ""
    ) -> AsyncIterator[Creation]:
        """As the server."""
        server = await self.server()
        async for each in server.create_many(workflow, bodies, only_new=only_new, once=once):
            yield each

    def hurry(self) -> None:
        """As the server, once there is one."""
        if self._server is not None:
            self._server.hurry()

    async def aclose(self) -> None:
        """Let go of the file, and of the server."""
        self._reader.close()
        if self._server is not None:
            await self._server.aclose()

    async def server(self) -> Gateway:
        """The server, started when it is first asked for."""
        async with self._starting:
            if self._server is None:
                self._server = await asyncio.to_thread(self._start)
            return self._server

    def __getattr__(self, name: str) -> Any:
        async def call(*given: Any, **named: Any) -> Any:
            return await getattr(await self.server(), name)(*given, **named)

        return call

    async def _read(self, call: Callable[[], T]) -> T | None:
        """What ``call`` reads; ``None`` where the file is not as it should be."""
        try:
            return await asyncio.to_thread(call)
        except UNREADABLE:
            return None


def _as_read(value: T) -> T:
    """``value`` as it comes out of an answer: numbers with a fraction as `Decimal`."""
    read: T = strictjson.loads(render.encode(value), forgiving=True)
    return read
