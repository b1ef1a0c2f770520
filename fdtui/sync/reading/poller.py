"""Asks the server, one request at a time: opens the workflow, then listens for changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fdtui.core import events
from fdtui.core.adoption import adopted, adopted_rows
from fdtui.core.answers import Listing
from fdtui.core.errors import (
    ConfigError,
    FdtuiError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFlowdashError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import ConnectionState
from fdtui.core.task import tasks_from_rows
from fdtui.sync.gateway import Gateway
from fdtui.sync.reading import inference, opening
from fdtui.sync.reading.cache_keeper import CacheKeeper
from fdtui.sync.reading.feed_reader import FeedReader, Heard
from fdtui.sync.reading.schedule import PollSchedule
from fdtui.sync.storage.protocols import Snapshot
from fdtui.sync.store import StateStore
from fdtui.waits import first_of

Sleep: TypeAlias = Callable[[float], Awaitable[None]]

EMPTY_IS_SUSPECT_FROM = 20
"""A list that falls from more than this many tasks to none is asked for again before it is believed."""
STALE_AFTER = 2.0
"""Seconds after which a board that waits for an answer no longer calls itself live."""
DELAY_INTERVAL = 5.0
"""Seconds between two updates of how long the answer has been missing."""
TOO_LARGE_PAUSE = 60.0
"""Seconds before a list that was too long is asked for again at the soonest."""
LONGEST_RECALL = 5.0
"""Seconds for which a list is not asked for because the cache may make it needless."""
CHECK_PAUSE = 0.1
"""Seconds between a board that has gone on from the cache and what else is asked: it is drawn first."""
COMPARE_IN_THREAD_FROM = 500
"""Tasks from which on a listing is compared in a thread, so that no key waits for it."""


class Poller:
    """Keeps the base of the state as the server has it."""

    def __init__(
        self,
        store: StateStore,
        connect: Callable[[], Awaitable[Gateway]],
        *,
        wanted: str | None,
        hints: opening.Hints,
        schedule: PollSchedule,
        sleep: Sleep,
        cached: CacheKeeper,
        show_waiting: Callable[[str], None],
    ) -> None:
        self.gateway: Gateway | None = None
        self._store, self._connect, self._schedule, self._sleep = store, connect, schedule, sleep
        self._cached, self._show_waiting = cached, show_waiting
        self._wanted, self._hints = wanted, hints
        self._recalled = ""
        """The workflow that was shown from the cache where none is wanted by name."""
        self._opened = ""
        """The workflow whose shape we know; empty while none is open."""
        self._is_unchecked = False
        """Whether it was gone on with before the server has told which workflows there are."""
        self._recalling: asyncio.Task[None] | None = None
        self._has_recalled = asyncio.Event()
        """Cleared while the cache is being read, from which it may be possible to go on."""
        self._has_recalled.set()
        self._tag = ""
        self._recalled_feed = ""
        """The token of the feed for the tasks that were recalled, until the server has been asked."""
        self._feed = FeedReader(store, schedule)
        cached.feed = lambda: self._feed.token
        self._wake, self._acted = asyncio.Event(), asyncio.Event()
        self._refreshes = 0
        self._asking: asyncio.Task[float] | None = None
        self._is_late = False
        """Whether the answer that is awaited has been awaited for long."""
        self._is_cut = False
        """Whether the user has given up the answer that was awaited."""

    def recall(self) -> None:
        """Show the wanted workflow as the cache knows it."""
        self._show_recalled(self._cached.recall_small(self._wanted))

    def _show_recalled(self, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self._recalled = snapshot.workflow.id
            self._show(snapshot)

    @property
    def goes_on_from(self) -> tuple[str, str] | None:
        """Workflow and token by which the board that was recalled becomes live; ``None`` for a list."""
        workflow, token = self._store.state.workflow, self._recalled_feed
        return (workflow.id, token) if workflow is not None and token else None

    async def recall_large(self) -> None:
        """Show it now where it was too large to be read at once, unless an answer is faster."""
        wanted, shown = self._wanted, self._store.state.workflow
        if self._store.state.loaded:
            return
        self._has_recalled.clear()
        try:
            snapshot = await self._cached.recall_large(wanted)
            now = self._store.state
            if self._wanted == wanted and now.workflow == shown and not now.loaded:
                self._show_recalled(snapshot)
        finally:
            self._has_recalled.set()

    def open_workflow(self, workflow: str) -> None:
        """Show another workflow: from the cache at once, from the server soon."""
        self._wanted, self._opened, self._tag = workflow, "", ""
        self._feed.forget()
        self._recalled_feed, self._is_unchecked = "", False
        snapshot = self._cached.recall_small(workflow)
        if snapshot is not None:
            self._show(snapshot)
        else:
            known = (each for each in self._store.state.workflows if each.id == workflow)
            self._show_workflow(next(known, WorkflowRef(workflow, workflow)))
            self._recalling = asyncio.create_task(self.recall_large())
        self.refresh()

    def refresh(self) -> None:
        """Ask now, whatever the schedule says; counts as work of the user's until it is answered.

        Who waits because the server asked for it waits no longer, and an answer that is long in
        coming is given up. What the install did not say before is asked for again.
        """
        self._store.begin_work()
        self._refreshes += 1
        if self.gateway is not None:
            self.gateway.hurry()
            if self._is_late:
                self._cut()
        schema = self._store.state.schema
        if schema.inferred or schema.unreadable:
            self._opened = ""
        self.nudge()

    def nudge(self) -> None:
        """Ask soon, for something has changed or come to our ears."""
        if self._feed.is_waiting:
            self._cut()
        self._feed.is_hurried = True
        self._wake.set()

    def act(self) -> None:
        """The user does something, and wants to see what others do: ask sooner than else."""
        self._schedule.act()
        self._acted.set()

    def _cut(self) -> None:
        """Give up the answer that is awaited."""
        if self._asking is not None:
            self._is_cut = True
            self._asking.cancel()

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            served, self._refreshes = self._refreshes, 0
            self._wake.clear()
            try:
                wait = await self._ask_unless_cut()
            finally:
                for _ in range(served):
                    self._store.end_work()
            if not self._refreshes and wait:
                await self._rest(wait)

    async def _rest(self, seconds: float) -> None:
        """Wait for the next asking; a user who does something waits a part of that at the most."""
        soonest = self._schedule.soonest(seconds)
        await first_of(self._wake.wait(), self._sleep(soonest))
        if seconds > soonest and not self._wake.is_set():
            await first_of(self._wake.wait(), self._acted.wait(), self._sleep(seconds - soonest))
        self._acted.clear()

    async def _ask_unless_cut(self) -> float:
        self._asking = asyncio.create_task(self._ask())
        try:
            return await self._asking
        except asyncio.CancelledError:
            current = asyncio.current_task()
            is_ending = current is not None and current.cancelling() > 0
            if is_ending or not self._is_cut:
                raise
            return 0.0
        finally:
            self._asking, self._is_cut = None, False

    async def _ask(self) -> float:
        """Ask once; the seconds until the next time."""
        delay = asyncio.create_task(self._report_delay(self._feed.wait))
        try:
            await self._load()
        except UnavailableError as error:
            self._store.lost(ConnectionState.OFFLINE, error)
            return self._schedule.after_failure(error.retry_after)
        except (UnreachableError, NotFlowdashError) as error:
            self._store.lost(ConnectionState.OFFLINE, error)
            return self._schedule.after_failure(None)
        except NotAuthenticatedError as error:
            self._forget(None)
            self._store.lost(ConnectionState.DENIED, error)
            return self._schedule.after_denial()
        except FdtuiError as error:
            gone, shown = (NotAllowedError, NotFoundError, ConfigError), self._store.state.workflow
            if isinstance(error, gone) and shown is not None:
                self._forget(shown)
            self._store.lost(ConnectionState.REFUSED, error)
            return self._schedule.after_failure(
                TOO_LARGE_PAUSE if isinstance(error, TooLargeError) else None
            )
        finally:
            delay.cancel()
            self._is_late = False
        self._cached.confirm()
        self._store.reached()
        await self._repack()
        pause = self._schedule.after_success()
        return CHECK_PAUSE if self._is_unchecked else self._feed.pause(pause)

    async def _repack(self) -> None:
        """Let a large board that has changed in many places take little memory again."""
        base = self._store.state.base
        if base.is_packed and base.is_far_apart:
            self._store.apply(events.Repacked(base, await asyncio.to_thread(base.repacked)))

    def _forget(self, workflow: WorkflowRef | None) -> None:
        """The server gives that workflow no longer, or without one nothing at all."""
        shown = self._store.state.workflow
        if self._cached.denied(workflow) and shown is not None:
            self._show_workflow(shown)

    async def _report_delay(self, quiet: float) -> None:
        """Say that an answer is slow to come, and for how long, before we give it up.

        For ``quiet`` seconds it may be awaited because nothing has changed.
        """
        await self._sleep(quiet + STALE_AFTER)
        waited, self._is_late = STALE_AFTER, True
        while True:
            if self._store.state.connection in {ConnectionState.LIVE, ConnectionState.CONNECTING}:
                slow = f"No answer for {waited:g} s."
                self._store.apply(
                    events.ConnectionChanged(ConnectionState.CONNECTING, self._store.clock(), slow)
                )
            await self._sleep(DELAY_INTERVAL)
            waited += DELAY_INTERVAL

    async def _load(self) -> None:
        if self.gateway is None:
            self.gateway = await self._connect()
        gateway, workflow = self.gateway, self._store.state.workflow
        if workflow is None or self._opened != workflow.id:
            if not (self._has_recalled.is_set() and await self._resume(gateway)):
                await self._open(gateway)
            return
        if self._is_unchecked and not await self._is_wanted(gateway, workflow):
            await self._open(gateway)
            return
        match await self._feed.ask(gateway, workflow.id):
            case Heard.NEWS | Heard.NOTHING:
                return
            case Heard.SHAPE:
                await self._open(gateway)
                return
        asked = self._store.writes
        listing = await gateway.tasks(workflow.id, known=self._tag)
        if (
            listing is not None
            and not listing.rows
            and len(self._store.state.base) > EMPTY_IS_SUSPECT_FROM
        ):
            listing = await gateway.tasks(workflow.id)  # suddenly nothing: once more, to be sure
        if listing is None or self._opened != workflow.id:
            self._feed.go_on()
            return
        grown = opening.regrown(self._store.state.schema, listing.rows)
        self._store.apply(events.SchemaLearned(grown))
        await self._take(listing, asked, workflow.id)

    async def _open(self, gateway: Gateway) -> None:
        wanted, asked = self._wanted, self._store.writes
        self._feed.is_hurried = False
        workflow = await self._listed(gateway, wanted)
        await first_of(self._has_recalled.wait(), self._sleep(LONGEST_RECALL))
        if self._store.state.workflow == workflow and await self._resume(gateway):
            if wanted == self._wanted:
                self._wanted, self._is_unchecked = workflow.id, False
            return
        opened = await opening.open_workflow(gateway, workflow.id, self._hints)
        if wanted != self._wanted:
            return  # the user has gone on to another workflow, whose own refresh is waiting
        if self._store.state.workflow != workflow:
            self._show_workflow(workflow)
        self._wanted = self._opened = workflow.id
        regained = inference.regained(self._store.state.schema, opened.schema)
        schema = opening.reordered(workflow.id, regained, self._hints)
        self._store.apply(events.SchemaLearned(schema))
        await self._take(opened.listing, asked, workflow.id)

    async def _listed(self, gateway: Gateway, wanted: str | None) -> WorkflowRef:
        """The wanted one of the server's workflows, which are learned."""
        workspace, workflows = await opening.list_workflows(gateway, wanted)
        self._store.apply(events.WorkflowsListed(workflows, workspace))
        if workflows != (WorkflowRef(wanted or "", wanted or ""),):  # else nobody has told them
            self._cached.listed(workflows)
        return self._choose(workflows, wanted)

    async def _resume(self, gateway: Gateway) -> bool:
        """Go on from the tasks that were recalled, with one question; false where there is more to ask.

        The feed tells of a shape that has changed, as it does while the program runs. Which workflows
        there are is asked behind the board that stands.
        """
        token, recalled, asked = self._recalled_feed, self._store.state, self._store.writes
        workflow = recalled.workflow
        if not token or workflow is None or recalled.as_of is None:
            return False
        self._feed.is_hurried = False
        schema, answer = await asyncio.gather(
            opening.shape_by_now(gateway, workflow.id, recalled.schema, self._hints),
            self._feed.since(gateway, workflow.id, token),
        )
        if token != self._recalled_feed:
            return True  # the user has gone on to another workflow, whose own refresh is waiting
        self._recalled_feed = ""
        if schema is None or answer is None or schema.unique_id != recalled.schema.unique_id:
            return False
        if not self._feed.resume(answer, schema, asked):
            return False
        self._opened, self._is_unchecked = workflow.id, True
        self._store.apply(events.Fetched(self._store.state.base, asked))
        return True

    async def _is_wanted(self, gateway: Gateway, shown: WorkflowRef) -> bool:
        """Whether what was gone on with is what is wanted, now that the server says what there is."""
        wanted = self._wanted
        chosen = await self._listed(gateway, wanted)
        if wanted == self._wanted:
            self._is_unchecked = False
            if chosen == shown:
                self._wanted = shown.id
            else:
                self._opened = ""
        return self._opened != ""

    def _choose(self, workflows: tuple[WorkflowRef, ...], wanted: str | None) -> WorkflowRef:
        """The wanted one; where none is, the one that the cache has shown, if it is still there."""
        shown = [each for each in workflows if wanted is None and each.id == self._recalled]
        return shown[0] if shown else opening.choose(workflows, wanted)

    async def _take(self, listing: Listing, asked: int, workflow: str) -> None:
        unique_id = self._store.state.schema.unique_id
        name = unique_id.name if unique_id else None
        base = self._store.state.base
        if max(len(listing.rows), len(base)) > COMPARE_IN_THREAD_FROM:
            tasks = await asyncio.to_thread(adopted_rows, listing.rows, name, base)
        else:
            tasks = adopted(base, tasks_from_rows(listing.rows, name))
        if self._opened == workflow:
            self._tag = listing.tag
            self._store.apply(events.Fetched(tasks, asked, listing.complaints))
            self._feed.begin(listing)

    def _show(self, snapshot: Snapshot) -> None:
        known = self._store.state
        workflows = snapshot.workflows or known.workflows
        workspace = snapshot.workspace or known.workspace
        self._store.apply(events.WorkflowsListed(workflows, workspace))
        self._show_workflow(snapshot.workflow)
        self._store.apply(events.SchemaLearned(snapshot.schema))
        self._store.apply(events.Recalled(snapshot.tasks, snapshot.at))
        self._recalled_feed = snapshot.feed

    def _show_workflow(self, workflow: WorkflowRef) -> None:
        self._store.apply(events.WorkflowOpened(workflow))
        self._show_waiting(workflow.id)
