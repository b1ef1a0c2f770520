"""Sends what the user did: the changes of one task in order, those of several side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from itertools import count

from fdtui.core import events as happened
from fdtui.core.batch import Outcome
from fdtui.core.conflict import Conflict
from fdtui.core.details import Part
from fdtui.core.errors import (
    FdtuiError,
    InvalidError,
    NotAuthenticatedError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.intents import CreateTask, Pending
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.state import Link
from fdtui.core.task import Task
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.pace import Pace
from fdtui.sync.poller import Sleep
from fdtui.sync.sending import OvertakenError, Sender, is_repeatable
from fdtui.sync.store import Journal

MAX_TRIES = 5
"""Times that a server may fail on one intent before the intent is given back to the user."""
AT_ONCE = 4
"""Tasks that are being written at the same time."""


class WithdrawnError(Exception):
    """The user took the intent back before anything of it was sent."""


@dataclass(slots=True)
class Letter:
    """An intent with all that its sending needs, whatever the board shows by then."""

    workflow: WorkflowRef
    schema: Schema
    task: Task
    """The task as the user saw it; for one that is being created, what it is to be."""
    pending: Pending
    withdrawn: bool = False

    @property
    def lane(self) -> tuple[str, str]:
        """The queue that it stands in: all that is about one unique id goes in order.

        So a task that is made anew waits until the one before it is deleted.
        """
        intent = self.pending.intent
        uid = intent.uid(self.schema) if isinstance(intent, CreateTask) else None
        return (self.workflow.id, uid or intent.key)

    @property
    def sent(self) -> bool:
        """Whether bytes may have left."""
        return self.pending.sent

    @property
    def name(self) -> str:
        """What to call the task in a message."""
        title = self.schema.title
        value = self.task.row.get(title.name) if title is not None else None
        return str(value or self.task.uid or "The new task")


class Outbox:
    """Takes letters, and keeps each until the server has said yes or no."""

    def __init__(
        self,
        holder: Holder,
        journal: Journal,
        *,
        gateway: Callable[[], Gateway | None],
        nudge: Callable[[], None],
        look_again: Callable[[str, Part], None],
        on_refused: Callable[[Letter], None],
        pace: Pace,
        sleep: Sleep,
    ) -> None:
        self._holder, self._journal, self._gateway = holder, journal, gateway
        self._nudge, self._pace, self._sleep = nudge, pace, sleep
        self._look_again, self._on_refused = look_again, on_refused
        self._queues: dict[tuple[str, str], deque[Letter]] = {}
        self._ready: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def post(self, letter: Letter) -> None:
        """Save the intent, show it, and hand it over for sending."""
        workflow, pending = letter.workflow.id, letter.pending
        self._holder.enter()
        self._journal.append(workflow, pending)
        self._holder.apply(happened.Queued(pending))
        queue = self._queues.setdefault(letter.lane, deque())
        queue.append(letter)
        if len(queue) == 1:
            self._ready.put_nowait(letter.lane)

    def withdraw(self, tickets: Set[int]) -> frozenset[int]:
        """Take back what of ``tickets`` has not been sent; answers which that were.

        Their letters stay where they are and are passed over in their turn.
        """
        taken = set()
        for queue in self._queues.values():
            for letter in queue:
                ticket = letter.pending.ticket
                if ticket in tickets and not letter.sent and not letter.withdrawn:
                    letter.withdrawn = True
                    self._journal.drop(ticket)
                    taken.add(ticket)
        withdrawn = frozenset(taken)
        self._holder.apply(happened.Withdrawn(withdrawn))
        return withdrawn

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                key = await self._ready.get()
                group.create_task(self._drain(key))

    async def _drain(self, key: tuple[str, str]) -> None:
        queue = self._queues[key]
        async with self._slots:
            while queue:
                await self._deliver(queue[0])
                letter = queue.popleft()
                self._journal.drop(letter.pending.ticket)
                self._holder.leave()
        del self._queues[key]

    async def _deliver(self, letter: Letter) -> None:
        """Send until there is an answer that settles it."""
        for attempt in count(1):
            if letter.withdrawn:
                return
            await self._holder.online.wait()
            try:
                await self._send(letter)
            except WithdrawnError:
                return
            except UnreachableError as error:
                if letter.sent and not is_repeatable(letter.pending.intent, letter.schema):
                    self._refuse(letter, f"{error} Whether the server took it is not known: look first.")
                    return
                if isinstance(error, UnavailableError) and attempt >= MAX_TRIES:
                    self._refuse(letter, f"The server failed {attempt} times: {error}")
                    return
                await self._wait_after(error, attempt)
            except NotAuthenticatedError as error:
                self._holder.lost(Link.DENIED, error)
            except OvertakenError as error:
                self._refuse(letter, str(error), error.conflict, fields=error.fields)
                return
            except FdtuiError as error:
                fields = error.fields if isinstance(error, InvalidError) else {}
                self._refuse(letter, str(error), fields=fields)
                return
            else:
                return

    async def _wait_after(self, error: UnreachableError, attempt: int) -> None:
        if isinstance(error, UnavailableError):
            await self._sleep(self._pace.pause(attempt, error.retry_after))
            return
        self._holder.lost(Link.OFFLINE, error)
        self._nudge()  # whoever reaches the server first sets us going again
        await self._sleep(self._pace.pause(min(attempt, MAX_TRIES), None))

    async def _send(self, letter: Letter) -> None:
        gateway, pending = self._gateway(), letter.pending
        if gateway is None:
            raise UnreachableError("There is no connection yet.")

        def leaving() -> None:
            if letter.withdrawn:
                raise WithdrawnError
            self._journal.mark_sent(pending.ticket)
            letter.pending = pending.as_sent()
            self._tell(letter, happened.Sent(pending.ticket))

        sender = Sender(gateway, letter.workflow, letter.schema)
        taken = await sender.send(pending, letter.task, leaving)
        self._holder.writes += 1
        self._tell(letter, happened.Confirmed(pending.ticket, taken.task, self._holder.writes))
        self._holder.apply(happened.Answered(pending.ticket, Outcome.DONE))
        if taken.stale is not None and self._holder.shows(letter.workflow.id):
            self._look_again(pending.key, taken.stale)
        if taken.kept:
            self._holder.on_notice(Notice(f"{letter.name}: {taken.kept}", "warning"))

    def _refuse(
        self,
        letter: Letter,
        why: str,
        conflict: Conflict | None = None,
        *,
        fields: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._tell(letter, happened.Refused(letter.pending.ticket, why, conflict, fields or {}))
        self._holder.apply(happened.Answered(letter.pending.ticket, Outcome.FAILED, why))
        self._on_refused(letter)
        wanted = letter.pending.intent.sentence()
        self._holder.on_notice(Notice(f"{letter.name}: could not {wanted}. {why}", "error"))
        self._nudge()

    def _tell(self, letter: Letter, event: happened.Event) -> None:
        if self._holder.shows(letter.workflow.id):
            self._holder.apply(event)
