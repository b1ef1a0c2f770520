"""Sends what is queued: the changes of one task in order, those of several side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from typing import TypeAlias

from fdtui.core import events
from fdtui.core.conflict import Conflict
from fdtui.core.errors import (
    ConflictError,
    FdtuiError,
    InvalidError,
    NotAuthenticatedError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.frozen import frozen, replace
from fdtui.core.intents import AddComment, CreateTask, DeleteTask
from fdtui.core.state import ConnectionState
from fdtui.core.task import Task
from fdtui.sync.gateway import Gateway, connected, is_known_again
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.reading.schedule import PollSchedule
from fdtui.sync.storage.journal import EntryState, JournalEntry
from fdtui.sync.store import Notice, StateStore
from fdtui.sync.writing.queued_intent import QueuedIntent, merged, next_batch
from fdtui.sync.writing.repeating import MAY_HAVE_BEEN_APPLIED
from fdtui.sync.writing.sender import OvertakenError, Sender, SendResult

Lane: TypeAlias = tuple[str, str]
"""A workflow, and what a queue is about in it: the key of a task, or the unique id it is to have."""
MAX_TRIES = 5
"""Times that a server may fail on one intent before the intent is given back to the user."""
MAX_PARALLEL_WRITES = 4
"""Tasks that are being written at the same time."""


class WithdrawnError(Exception):
    """The user took the intent back before anything of it was sent."""


@frozen
class Rejection:
    """Why an intent will not happen; see `fdtui.core.events.Refused`."""

    why: str
    conflict: Conflict | None
    fields: Mapping[str, tuple[str, ...]]
    error: FdtuiError | None = None
    """What the server answered, or that somebody overtook it; ``None`` where another window knows."""

    def entry_of(self, queued: QueuedIntent) -> JournalEntry:
        """What the journal keeps of ``queued`` then."""
        return replace(
            queued.entry,
            state=EntryState.CONFLICT if self.conflict else EntryState.REFUSED,
            why=self.why,
            fields=self.fields,
            conflict=self.conflict,
            error=self.error,
        )


class Deliverer:
    """Keeps each queued intent until the server has said yes or no.

    ``begin`` saves that requests for intents may leave, and answers false where one was withdrawn;
    ``taken`` and ``rejected`` are told how each set of intents came out.
    """

    def __init__(
        self,
        store: StateStore,
        *,
        gateway: Callable[[], Gateway | None],
        nudge: Callable[[], None],
        schedule: PollSchedule,
        sleep: Sleep,
        begin: Callable[[Sequence[QueuedIntent]], Awaitable[bool]],
        taken: Callable[[Sequence[QueuedIntent], SendResult], Awaitable[None]],
        rejected: Callable[[Sequence[QueuedIntent], Rejection], Awaitable[None]],
        reseen: Callable[[QueuedIntent], Awaitable[None]],
        gone: Callable[[QueuedIntent], None],
    ) -> None:
        self._store, self._gateway, self._nudge = store, gateway, nudge
        self._schedule, self._sleep = schedule, sleep
        self._begin, self._taken, self._rejected = begin, taken, rejected
        self._reseen, self._gone = reseen, gone
        self._queues: dict[Lane, deque[QueuedIntent]] = {}
        self._lanes: dict[Lane, Lane] = {}
        """Where a task stands that has, or had, another key than the one that its queue began with."""
        self._ready: asyncio.Queue[Lane] = asyncio.Queue()
        self._drains = set[asyncio.Task[None]]()
        self._slots = asyncio.Semaphore(MAX_PARALLEL_WRITES)

    def add(self, queued: QueuedIntent) -> None:
        """Send it in its turn."""
        about, own = (queued.workflow.id, queued.pending.key), queued.lane
        lane = self._lanes.get(own, own)
        if about != own:  # a task that asks for its unique id: what follows knows it by its key
            self._lanes[about] = lane
        queue = self._queues.setdefault(lane, deque())
        queue.append(queued)
        if len(queue) == 1:
            self._ready.put_nowait(lane)

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                lane = await self._ready.get()
                drain = group.create_task(self._drain(lane))
                self._drains.add(drain)
                drain.add_done_callback(self._drains.discard)

    def drop_all(self) -> None:
        """Send nothing of all this; a request that is under way is left to its fate."""
        self._queues.clear()
        self._lanes.clear()
        while not self._ready.empty():
            self._ready.get_nowait()
        for each in self._drains:
            each.cancel()

    async def _drain(self, lane: Lane) -> None:
        queue = self._queues[lane]
        async with self._slots:
            while queue:
                batch = await self._deliver(queue)
                for each in batch:
                    queue.remove(each)
                    self._gone(each)
        del self._queues[lane]
        self._lanes = {name: other for name, other in self._lanes.items() if other != lane}

    async def _deliver(self, queue: deque[QueuedIntent]) -> Sequence[QueuedIntent]:
        """Send the next of ``queue`` until there is an answer that settles it; what that was."""
        batch, attempt = list[QueuedIntent](), 0
        while True:
            attempt += 1
            await self._store.online.wait()
            batch = batch if batch and batch[0].pending.sent else next_batch(queue)
            if batch[0].withdrawn:
                return batch
            try:
                await self._send(batch)
            except WithdrawnError:
                attempt -= 1
            except UnreachableError as error:
                has_failed = isinstance(error, UnavailableError) and attempt >= MAX_TRIES
                if has_failed and self._may_repeat(batch[0]):
                    self._say_once(batch[0], attempt, error)
                elif has_failed:
                    maybe = f" {MAY_HAVE_BEEN_APPLIED}" if batch[0].pending.sent else ""
                    why = f"The server failed {attempt} times: {error}{maybe}"
                    await self._rejected(batch, Rejection(why, None, {}, error))
                    return batch
                await self._wait_after(error, attempt)
            except NotAuthenticatedError as error:
                self._store.lost(ConnectionState.DENIED, error)
            except OvertakenError as error:
                overtaken = ConflictError(str(error))
                await self._rejected(
                    batch, Rejection(str(error), error.conflict, error.fields, overtaken)
                )
                return batch
            except FdtuiError as error:
                fields = error.fields if isinstance(error, InvalidError) else {}
                await self._rejected(batch, Rejection(str(error), None, fields, error))
                return batch
            else:
                return batch

    def _may_repeat(self, queued: QueuedIntent) -> bool:
        """Whether it does no harm to send it however often: nothing has left, or the server knows it."""
        pending, gateway = queued.pending, self._gateway()
        if gateway is None or not gateway.keeps_keys_for:
            return False
        now = self._store.clock()
        return not pending.sent or is_known_again(gateway, pending.once, pending.earliest, now)

    def _say_once(self, queued: QueuedIntent, attempt: int, error: FdtuiError) -> None:
        if attempt == MAX_TRIES:
            waits = (
                f"{queued.name}: the server failed {attempt} times, and is tried again later. {error}"
            )
            self._store.on_notice(Notice(waits, "warning"))

    async def _wait_after(self, error: UnreachableError, attempt: int) -> None:
        if isinstance(error, UnavailableError):
            pause = self._schedule.pause(attempt, error.retry_after)
            if attempt < MAX_TRIES:
                await self._sleep(pause)
            else:
                await self._sleep_aside(pause)
            return
        self._store.lost(ConnectionState.OFFLINE, error)
        self._nudge()  # whoever reaches the server first sets us going again
        await self._sleep(self._schedule.pause(min(attempt, MAX_TRIES), None))

    async def _sleep_aside(self, seconds: float) -> None:
        """Let other tasks be written meanwhile: what fails for long is in nobody's way."""
        self._slots.release()
        try:
            await self._sleep(seconds)
        finally:
            await self._slots.acquire()

    async def _send(self, batch: Sequence[QueuedIntent]) -> None:
        gateway, first, pending = connected(self._gateway()), batch[0], merged(batch)

        async def leaving() -> None:
            if any(each.withdrawn for each in batch):
                raise WithdrawnError
            for each in batch:
                each.leaving = True
            if not await self._begin(batch):
                for each in batch:
                    each.leaving = False
                raise WithdrawnError
            for each in batch:
                each.pending = each.pending.as_sent(self._store.clock())
                if self._store.shows(each.workflow.id):
                    self._store.apply(events.Sent(each.ticket))

        known, clock = self._known(first), self._store.clock
        sender = Sender(gateway, first.workflow, first.schema, self._sleep, known, clock)
        result = await sender.send(pending, first.task, leaving)
        self._store.writes += 1
        if isinstance(pending.intent, AddComment):
            self._store.said.add((first.workflow.id, pending.key, pending.intent.body))
        await self._pass_on(first, result.task)
        await self._taken(batch, result)

    def _known(self, queued: QueuedIntent) -> Callable[[], Set[str]]:
        """The unique ids on the board, while it shows its workflow."""
        shows, state = self._store.shows(queued.workflow.id), self._store.state
        known = state.base.keys() if shows else frozenset[str]()
        return lambda: known

    async def _pass_on(self, queued: QueuedIntent, task: Task | None) -> None:
        """Let a delete that waits behind a change of ours know what the task is like after it.

        A new task is known by its unique id from now on, and stays in its queue.
        """
        about = (queued.workflow.id, queued.pending.key)
        lane = self._lanes.get(about, about)
        if task is not None and isinstance(queued.pending.intent, CreateTask):
            name = (queued.workflow.id, task.key)
            if name != lane:
                self._lanes[name] = lane
        for other in self._queues.get(lane, ()):
            if task is not None and isinstance(other.pending.intent, DeleteTask):
                other.task = task
                await self._reseen(other)
