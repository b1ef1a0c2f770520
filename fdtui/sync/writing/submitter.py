"""Changes without a board: saved in the journal, sent by whichever window sends, and answered."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from itertools import count
from random import Random

from fdtui.core.errors import (
    FdtuiError,
    NotAuthenticatedError,
    StorageError,
    UnreachableError,
    WithheldError,
)
from fdtui.core.frozen import frozen
from fdtui.core.intents import Intent, Pairs, Pending
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.state import ConnectionState, State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.sync.gateway import Gateway
from fdtui.sync.reading.schedule import PollSchedule
from fdtui.sync.storage.journal import Journal, JournalEntry
from fdtui.sync.store import StateStore
from fdtui.sync.writing.outbox import Outbox
from fdtui.sync.writing.queued_intent import QueuedIntent
from fdtui.sync.writing.sender import Sender

RETRY_INTERVAL = 1.0
"""Seconds until a server is asked again that may have had a request before it could not be reached."""
CLOSING_INTERVAL, MOST_CLOSING = 0.02, 5.0
"""Seconds between two looks whether what was taken back is out of the journal, and altogether."""


@frozen
class PlannedIntent:
    """What is to be done to a task, as it was read; ``was`` is what its fields have to be then."""

    task: Task
    intent: Intent
    was: Pairs = ()


@frozen
class Submitted:
    """What became of changes: the answers in order, ``None`` for each that has none."""

    answers: tuple[JournalEntry | None, ...]
    withdrawn: int = 0
    """How many were taken back, for nothing of them had left."""
    problem: FdtuiError | None = None
    """Why the server could not be asked."""


class Submitter:
    """What a script does to the tasks of one workflow; the session's journal, and no board.

    ``known`` are the tasks that are there, where the server may have to be searched for a new one.
    """

    def __init__(
        self,
        workflow: WorkflowRef,
        schema: Schema,
        *,
        clock: Callable[[], float],
        me: str | None = None,
        known: dict[str, Task] | None = None,
    ) -> None:
        self._workflow, self._schema, self._clock, self._me = workflow, schema, clock, me
        self._known = TaskMap(known)

    def queue(self, planned: Sequence[PlannedIntent], journal: Journal) -> list[JournalEntry]:
        """Save them to be sent later; they are safe once this returns. Raises `StorageError`."""
        self._check(journal)
        if not journal.is_shared:
            raise StorageError("Nothing can be queued, for the journal cannot be written.")
        entries = [each.entry for each in self._queued(planned, journal)]
        journal.append(entries)
        return entries

    async def send(
        self,
        planned: Sequence[PlannedIntent],
        journal: Journal,
        gateway: Gateway,
        *,
        seconds: float,
        settled: Callable[[JournalEntry], object] = lambda _: None,
    ) -> Submitted:
        """Save and send them, and wait for their answers, until none comes for ``seconds``.

        What has not left by then, or at an interruption, is taken back; what may have left stays in the
        journal.
        ``settled`` is called with each answer. Raises `StorageError`.
        """
        self._check(journal)
        return await _Sending(self, journal, gateway, settled).run(
            self._queued(planned, journal), seconds
        )

    async def rehearse(
        self, planned: Sequence[PlannedIntent], gateway: Gateway
    ) -> list[WithheldError | None]:
        """The request of each that changes something, ``None`` where there is nothing to change.

        ``gateway`` has to be read-only. Raises `OvertakenError` and `FdtuiError`, as a sender does.
        """
        found: list[WithheldError | None] = []

        async def leave() -> None:
            """Nothing leaves."""

        for queued in self._queued(planned, None):
            sender = self.sender(gateway)
            try:
                await sender.send(queued.pending, queued.task, leave)
            except WithheldError as request:
                found.append(request)
            else:
                found.append(None)
        return found

    def sender(self, gateway: Gateway) -> Sender:
        """What makes requests of intents."""
        keys = self._known.keys()
        return Sender(gateway, self._workflow, self._schema, asyncio.sleep, lambda: keys, self._clock)

    def state(self) -> State:
        """What an outbox has to know; it shows no board, unless the known tasks matter."""
        workflow = self._workflow if self._known else None
        return State(workflow=workflow, schema=self._schema, base=self._known, me=self._me)

    @property
    def clock(self) -> Callable[[], float]:
        """The wall clock in seconds."""
        return self._clock

    def _check(self, journal: Journal) -> None:
        if journal.why_closed:
            raise StorageError(journal.why_closed)

    def _queued(self, planned: Sequence[PlannedIntent], journal: Journal | None) -> list[QueuedIntent]:
        tickets, now = count(1) if journal is None else journal.tickets(), self._clock()
        return [
            QueuedIntent(
                self._workflow,
                self._schema,
                each.task,
                Pending(next(tickets), each.intent, each.was, once=secrets.token_hex(16), at=now),
                now,
            )
            for each in planned
        ]


class _Sending:
    """One run of an outbox, until all that is ours has its answer or cannot get one."""

    def __init__(
        self,
        submitter: Submitter,
        journal: Journal,
        gateway: Gateway,
        settled: Callable[[JournalEntry], object],
    ) -> None:
        self._store = StateStore(submitter.state(), submitter.clock)
        self._store.on_notice = lambda _: None  # the answers say it
        self._gateway, self._settled = gateway, settled
        self._ours: dict[int, QueuedIntent] = {}
        self._answers: dict[int, JournalEntry] = {}
        self._over = asyncio.Event()
        self._problem: FdtuiError | None = None
        self._outbox = Outbox(
            self._store,
            journal,
            gateway=lambda: gateway,
            nudge=lambda: None,
            look_again=lambda _, __: None,
            on_refused=lambda _: None,
            on_confirmed=lambda _, __: None,
            changes=lambda: (),
            schedule=PollSchedule(RETRY_INTERVAL, Random()),  # noqa: S311 (jitter, no secret)
            sleep=asyncio.sleep,
        )

    async def run(self, queued: Sequence[QueuedIntent], seconds: float) -> Submitted:
        """Post all and wait."""
        self._ours = {each.ticket: each for each in queued}
        self._outbox.on_settled = self._settle
        self._store.on_change = self._see
        self._outbox.recall()  # what waits already goes first
        self._store.reached()
        for each in queued:
            self._outbox.post(each)
        running = asyncio.create_task(self._outbox.run())
        over = asyncio.create_task(self._over.wait())
        withdrawn = 0
        try:
            await self._wait([running, over], seconds)
            if len(self._answers) < len(queued) and not running.done():
                withdrawn = await self._withdraw()
        finally:
            self._outbox.withdraw(self._ours.keys() - self._answers.keys())  # also where one interrupts
            self._outbox.unseen.discard(self._answers.keys())  # whoever asked is answered
            for task in (over, running):
                task.cancel()
            results = await asyncio.gather(running, over, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
        answers = tuple(self._answers.get(each.ticket) for each in queued)
        return Submitted(answers, withdrawn, self._problem)

    async def _wait(self, tasks: Sequence[asyncio.Task[object]], seconds: float) -> None:
        """Wait for one of ``tasks``, until no answer has come for ``seconds``."""
        while True:
            before = len(self._answers)
            done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if done or len(self._answers) == before:
                return

    def _settle(self, entry: JournalEntry) -> None:
        if entry.ticket in self._ours and entry.ticket not in self._answers:
            self._answers[entry.ticket] = entry
            self._settled(entry)
            if len(self._answers) == len(self._ours):
                self._over.set()

    def _see(self, state: State) -> None:
        """Give up where nothing can have left; what may have is looked at once there is a way."""
        if state.connection is ConnectionState.DENIED:
            self._problem = NotAuthenticatedError(state.connection_reason)
            self._over.set()
        elif state.connection is ConnectionState.OFFLINE:
            self._problem = UnreachableError(state.connection_reason)
            if any(each.pending.sent or each.leaving for each in self._ours.values()):
                asyncio.get_running_loop().call_later(RETRY_INTERVAL, self._store.reached)
            else:
                self._over.set()
        elif state.connection is ConnectionState.LIVE:
            self._problem = None

    async def _withdraw(self) -> int:
        """Take back what has not left, and see that the journal knows it; how many those were."""
        self._outbox.withdraw(self._ours.keys() - self._answers.keys())
        for _ in range(round(MOST_CLOSING / CLOSING_INTERVAL)):
            if not self._outbox.is_closing:
                break
            await asyncio.sleep(CLOSING_INTERVAL)
        return sum(each.withdrawn for each in self._ours.values())
