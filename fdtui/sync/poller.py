"""Asks the server, one request at a time: opens the workflow, then listens for changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fdtui.core import events as happened
from fdtui.core.answers import Listing
from fdtui.core.errors import FdtuiError, NotFlowdashError, UnavailableError, UnreachableError
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import Link
from fdtui.core.task import tasks_from_rows
from fdtui.sync import opening
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder
from fdtui.sync.pace import Pace
from fdtui.sync.store import Cache, Journal, Snapshot

Sleep: TypeAlias = Callable[[float], Awaitable[None]]

MANY = 20
"""A list that falls from more than so many tasks to none is asked for again before it is believed."""
PATIENCE = 2.0
"""Seconds after which a board that waits for an answer no longer calls itself live."""
BIG = 20_000
"""Tasks from which on a listing is sorted in a thread, so that no key waits for it."""


class Poller:
    """Keeps the base of the state as the server has it."""

    def __init__(
        self,
        holder: Holder,
        connect: Callable[[], Awaitable[Gateway]],
        *,
        wanted: str | None,
        unique_id: str | None,
        pace: Pace,
        sleep: Sleep,
        cache: Cache,
        journal: Journal,
    ) -> None:
        self.gateway: Gateway | None = None
        self._holder, self._connect, self._pace, self._sleep = holder, connect, pace, sleep
        self._cache, self._journal = cache, journal
        self._wanted, self._unique_id = wanted, unique_id
        self._opened = ""
        """The workflow whose shape we know; empty while none is open."""
        self._tag = ""
        self._wake = asyncio.Event()
        self._refreshes = 0

    def recall(self) -> None:
        """Show the wanted workflow as the cache knows it."""
        snapshot = self._cache.recall(self._wanted)
        if snapshot is not None:
            self._show(snapshot)

    def turn_to(self, workflow: str) -> None:
        """Show another workflow: from the cache at once, from the server soon."""
        self._wanted, self._opened, self._tag = workflow, "", ""
        snapshot = self._cache.recall(workflow)
        if snapshot is not None:
            self._show(snapshot)
        else:
            known = (each for each in self._holder.state.workflows if each.id == workflow)
            self._enter_workflow(next(known, WorkflowRef(workflow, workflow)))
        self.refresh()

    def refresh(self) -> None:
        """Ask now, whatever the schedule says; counts as work of the user's until it is answered."""
        self._holder.enter()
        self._refreshes += 1
        self._wake.set()

    def nudge(self) -> None:
        """Ask soon, for something has changed or come to our ears."""
        self._wake.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            served, self._refreshes = self._refreshes, 0
            self._wake.clear()
            try:
                wait = await self._ask()
            finally:
                for _ in range(served):
                    self._holder.leave()
            if not self._refreshes:
                await self._rest(wait)

    async def _ask(self) -> float | None:
        """Ask once; the seconds until the next time, ``None`` for *when the user says so*."""
        patience = asyncio.create_task(self._lose_patience())
        try:
            await self._load()
        except UnavailableError as error:
            self._holder.lost(Link.OFFLINE, error)
            return self._pace.after_failure(error.retry_after)
        except (UnreachableError, NotFlowdashError) as error:
            self._holder.lost(Link.OFFLINE, error)
            return self._pace.after_failure(None)
        except FdtuiError as error:
            self._holder.lost(Link.DENIED, error)
            return None
        finally:
            patience.cancel()
        self._holder.reached()
        return self._pace.after_success()

    async def _lose_patience(self) -> None:
        """Say that an answer is slow to come, long before we give it up."""
        await self._sleep(PATIENCE)
        if self._holder.state.link is Link.LIVE:
            slow = "The server has not answered yet."
            self._holder.apply(happened.LinkChanged(Link.CONNECTING, self._holder.clock(), slow))

    async def _rest(self, seconds: float | None) -> None:
        wakers: set[asyncio.Task[object]] = {asyncio.create_task(self._wake.wait())}
        if seconds is not None:
            wakers.add(asyncio.create_task(self._nap(seconds)))
        try:
            await asyncio.wait(wakers, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waker in wakers:
                waker.cancel()

    async def _nap(self, seconds: float) -> None:
        await self._sleep(seconds)

    async def _load(self) -> None:
        if self.gateway is None:
            self.gateway = await self._connect()
        gateway, workflow = self.gateway, self._holder.state.workflow
        if workflow is None or self._opened != workflow.id:
            await self._open(gateway)
            return
        asked = self._holder.writes
        listing = await gateway.tasks(workflow.id, known=self._tag)
        if listing is not None and not listing.rows and len(self._holder.state.base) > MANY:
            listing = await gateway.tasks(workflow.id)  # suddenly nothing: once more, to be sure
        if listing is None or self._opened != workflow.id:
            return
        grown = opening.regrown(self._holder.state.schema, listing.rows)
        self._holder.apply(happened.SchemaLearned(grown))
        await self._take(listing, asked, workflow.id)

    async def _open(self, gateway: Gateway) -> None:
        wanted, asked = self._wanted, self._holder.writes
        workspace, workflows = await opening.list_workflows(gateway, wanted)
        workflow = opening.choose(workflows, wanted)
        self._holder.apply(happened.WorkflowsListed(workflows, workspace))
        opened = await opening.open_workflow(gateway, workflow.id, self._unique_id)
        if wanted != self._wanted:
            return  # the user has gone on to another workflow, whose own refresh is waiting
        if self._holder.state.workflow != workflow:
            self._enter_workflow(workflow)
        self._wanted = self._opened = workflow.id
        self._holder.apply(happened.SchemaLearned(opened.schema))
        await self._take(opened.listing, asked, workflow.id)

    async def _take(self, listing: Listing, asked: int, workflow: str) -> None:
        unique_id = self._holder.state.schema.unique_id
        name = unique_id.name if unique_id else None
        if len(listing.rows) > BIG:
            tasks = await asyncio.to_thread(tasks_from_rows, listing.rows, name)
        else:
            tasks = tasks_from_rows(listing.rows, name)
        if self._opened == workflow:
            self._tag = listing.tag
            self._holder.apply(happened.Fetched(tasks, asked, listing.complaints))
            self._remember()

    def _remember(self) -> None:
        state = self._holder.state
        if state.workflow is not None:
            seen = (state.workflow, state.schema, state.base, self._holder.clock())
            self._cache.remember(Snapshot(*seen, state.workflows, state.workspace))

    def _show(self, snapshot: Snapshot) -> None:
        known = self._holder.state
        workflows = snapshot.workflows or known.workflows
        workspace = snapshot.workspace or known.workspace
        self._holder.apply(happened.WorkflowsListed(workflows, workspace))
        self._enter_workflow(snapshot.workflow)
        self._holder.apply(happened.SchemaLearned(snapshot.schema))
        self._holder.apply(happened.Recalled(snapshot.tasks, snapshot.at))

    def _enter_workflow(self, workflow: WorkflowRef) -> None:
        self._holder.apply(happened.WorkflowOpened(workflow))
        for pending in self._journal.load(workflow.id):
            self._holder.apply(happened.Queued(pending))
