"""A local workspace read from its file, with the server behind it for all that is more than reading."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from fdtui.api import wire
from fdtui.core import strictjson
from fdtui.core.answers import ChangedRows, Listing
from fdtui.core.errors import StorageError
from fdtui.core.uncollected import uncollected
from fdtui.server import EMBEDDED_URL, KEPT_SECONDS, render
from fdtui.server.store.direct import UNREADABLE, DirectReader
from fdtui.wiring.late import LateGateway

if TYPE_CHECKING:
    from pathlib import Path

    from fdtui.core.schema import Field, Person, Role, Stage, WorkflowRef, Workspace
    from fdtui.core.transfer import Sink
    from fdtui.core.values import Row, Value
    from fdtui.server.workflow.definition import Workflow
    from fdtui.sync.gateway import Gateway

T = TypeVar("T")
ROWS_PER_SLICE = 500
"""Rows that are encoded and parsed in one go, which no other thread can interrupt."""


def local_gateway(database: Path, start: Callable[[], Gateway], *, checks: bool = True) -> Gateway:
    """A gateway to the workspace in ``database``; ``start`` starts the server, should it be needed.

    Without ``checks`` the file is first looked through for damage when the server starts, which a board
    makes it do as soon as it shows the tasks.
    """
    reader = DirectReader.open(database, EMBEDDED_URL, checks=checks)
    # It has no method for most calls: they are looked up in the server.
    return start() if reader is None else cast("Gateway", _LocalGateway(reader, start))


class _LocalGateway(LateGateway):
    """Answers by itself what a board needs to show the tasks, exactly as the server would.

    What it cannot answer it asks the server, which is started then: so the server alone says what is
    wrong. It is also started by whoever waits for changes. Once it runs, it answers everything.
    """

    def __init__(self, reader: DirectReader, start: Callable[[], Gateway]) -> None:
        super().__init__(start)
        self._reader = reader

    keeps_keys_for = float(KEPT_SECONDS)
    """Known before the server has started: what it is asked first may be what a dead run had asked."""

    async def workspace(self) -> Workspace:
        """Whose workspace this is."""
        found = await self._read(self._reader.workspace)
        return await (await self.behind()).workspace() if found is None else found

    async def workflows(self) -> tuple[WorkflowRef, ...]:
        """Its workflows."""
        known = await self._read(self._reader.catalog)
        if known is None:
            return await (await self.behind()).workflows()
        return wire.workflows([{"id": each.id, "name": each.name} for each in known.workflows.values()])

    async def stages(self, workflow: str) -> tuple[Stage, ...]:
        """The stages in board order."""
        known = await self._workflow(workflow)
        if known is None:
            return await (await self.behind()).stages(workflow)
        return wire.stages([render.stage(each) for each in known.schema.stages])

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        """The custom fields of a workflow."""
        known = await self._workflow(workflow)
        if known is None:
            return await (await self.behind()).fields(workflow)
        return wire.fields([render.field(each) for each in known.schema.fields])

    async def users(self, workflow: str) -> tuple[Person, ...]:
        """The people that tasks can be assigned to."""
        known = await self._workflow(workflow)
        if known is None:
            return await (await self.behind()).users(workflow)
        return wire.users([render.person(each) for each in known.schema.people])

    async def roles(self, workflow: str) -> tuple[Role, ...]:
        """The roles that people have."""
        known = await self._workflow(workflow)
        if known is None:
            return await (await self.behind()).roles(workflow)
        return wire.roles([render.role(each) for each in known.schema.roles])

    async def tasks(self, workflow: str, *, known: str = "") -> Listing | None:
        """All tasks of a workflow."""
        listing = await self._read(lambda: _listed(*self._reader.rows(workflow)))
        if listing is None:
            return await (await self.behind()).tasks(workflow, known=known)
        return listing

    async def copy_tasks(self, workflow: str, sink: Sink) -> None:
        """Hand all tasks to ``sink``, some at a time: no more of them is held."""
        slices = self._reader.slices(workflow, ROWS_PER_SLICE)
        first = await self._read(lambda: next(slices, []))
        if first is None:
            await (await self.behind()).copy_tasks(workflow, sink)
            return
        await sink.begin(None)
        before, some = b"[", first
        try:
            while some:
                for row in some:
                    await sink.write(before + render.encode(row))
                    before = b","
                some = await asyncio.to_thread(next, slices, [])
        except UNREADABLE as error:
            raise StorageError(f"The database cannot be read to its end: {error}.") from None
        await sink.write(b"]" if before == b"," else b"[]")

    async def changes(self, workflow: str, since: str, *, wait: float) -> ChangedRows:
        """What changed since the token ``since``: nothing, or the server says what."""
        token = None if wait else await self._read(lambda: self._reader.token(workflow))
        if token == since:
            return ChangedRows((), (), token)
        return await (await self.behind()).changes(workflow, since, wait=wait)

    async def task(self, workflow: str, uid: str, *, unique_id: str) -> Row:
        """The task of that unique id."""
        row = await self._read(lambda: _as_read(self._reader.row(workflow, uid)))
        return (
            await (await self.behind()).task(workflow, uid, unique_id=unique_id) if row is None else row
        )

    async def aclose(self) -> None:
        """Let go of the file, and of the server."""
        await asyncio.to_thread(self._reader.close)
        await super().aclose()

    async def _workflow(self, workflow: str) -> Workflow | None:
        """What a workflow is made of; ``None`` where the server has to say it."""
        return await self._read(lambda: self._reader.catalog().workflows[workflow])

    async def _read(self, call: Callable[[], T]) -> T | None:
        """What ``call`` reads; ``None`` where the server runs, or the file is not as it should be."""
        if self._opened is not None:
            return None
        try:
            return await asyncio.to_thread(call)
        except UNREADABLE:
            return None


def _listed(rows: list[dict[str, Value]], token: str) -> Listing:
    with uncollected():
        slices = (_as_read(rows[at : at + ROWS_PER_SLICE]) for at in range(0, len(rows), ROWS_PER_SLICE))
        return Listing(tuple(row for each in slices for row in each), (), "", token)


def _as_read(value: T) -> T:
    """``value`` as it comes out of an answer: numbers with a fraction as `Decimal`."""
    read: T = strictjson.loads(render.encode(value), forgiving=True)
    return read
