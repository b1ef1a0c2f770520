"""The application without a screen: what a user, or a script, can ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from random import Random

from fdtui.core import events as happened
from fdtui.core.commands import why_not_intent
from fdtui.core.intents import Intent, Pending
from fdtui.core.state import State
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.outbox import Letter, Outbox
from fdtui.sync.pace import Pace
from fdtui.sync.poller import Poller, Sleep
from fdtui.sync.store import Cache, Journal, MemoryCache, MemoryJournal

__all__ = ["Notice", "Session", "Wishes"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user's settings ask of the session."""

    workflow: str | None = None
    """Id or name of the workflow to open; ``None`` for the first."""
    unique_id: str | None = None
    """The name of the unique-id field where the install does not tell it."""
    me: str | None = None
    """The user's e-mail."""
    read_only: bool = False
    every: float = 5.0
    """Seconds between two askings while all is well and somebody looks."""


class Session:
    """Keeps the board true: loads, polls, sends in order, and loses no intent on the way."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Gateway]],
        wishes: Wishes,
        *,
        clock: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
        random: Random | None = None,
        cache: Cache | None = None,
        journal: Journal | None = None,
    ) -> None:
        self._holder = Holder(State(me=wishes.me, read_only=wishes.read_only), clock)
        self._journal = journal if journal is not None else MemoryJournal()
        self._pace = Pace(wishes.every, random or Random())  # noqa: S311 (jitter, no secret)
        self._tickets = count(1)
        self._poller = Poller(
            self._holder,
            connect,
            wanted=wishes.workflow,
            unique_id=wishes.unique_id,
            pace=self._pace,
            sleep=sleep,
            cache=cache if cache is not None else MemoryCache(),
            journal=self._journal,
        )
        self._outbox = Outbox(
            self._holder,
            self._journal,
            gateway=lambda: self._poller.gateway,
            nudge=self._poller.nudge,
            pace=self._pace,
            sleep=sleep,
        )

    @property
    def state(self) -> State:
        """What is to be shown now."""
        return self._holder.state

    @property
    def on_change(self) -> Callable[[State], None]:
        """Called with each new state, on the event loop."""
        return self._holder.on_change

    @on_change.setter
    def on_change(self, tell: Callable[[State], None]) -> None:
        self._holder.on_change = tell

    @property
    def on_notice(self) -> Callable[[Notice], None]:
        """Called with each sentence that the user should see."""
        return self._holder.on_notice

    @on_notice.setter
    def on_notice(self, tell: Callable[[Notice], None]) -> None:
        self._holder.on_notice = tell

    @property
    def unsent(self) -> int:
        """Intents that the server has not confirmed, in all workflows."""
        return len(self._journal)

    def recall(self) -> None:
        """Show what the cache knows, before anything is asked."""
        self._poller.recall()

    def perform(self, intent: Intent) -> None:
        """Do it on the screen now and on the server soon; a reason against it becomes a notice."""
        state = self.state
        workflow, reason = state.workflow, why_not_intent(state, intent)
        if reason or workflow is None:
            self._holder.on_notice(Notice(reason or "No workflow is open.", "warning"))
            return
        task, wanted = state.shown[intent.key], intent.changes()
        was = tuple((name, task.row.get(name)) for name in wanted)
        if any(value != wanted[name] for name, value in was):
            pending = Pending(next(self._tickets), intent, was)
            self._outbox.post(Letter(workflow, state.schema, state.base[intent.key], pending))

    def refresh(self) -> None:
        """Ask the server now, whatever the schedule says."""
        self._poller.refresh()

    def open_workflow(self, workflow_id: str) -> None:
        """Show another workflow; what is still to be sent for this one is sent all the same."""
        if not self._holder.shows(workflow_id):
            self._poller.turn_to(workflow_id)

    def acknowledge(self, key: str) -> None:
        """The user has seen why a change of this task was refused."""
        self._holder.apply(happened.Acknowledged(key))

    def attend(self, focused: bool) -> None:
        """Whether somebody looks: a board that nobody sees is asked for less often."""
        self._pace.attend(focused)
        if focused:
            self._poller.nudge()

    async def idle(self) -> None:
        """Wait until nothing that the user caused is under way."""
        await self._holder.idle()

    async def run(self) -> None:
        """Connect, poll and send until cancelled."""
        self._poller.refresh()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._poller.run())
                group.create_task(self._outbox.run())
        finally:
            if self._poller.gateway is not None:
                await self._poller.gateway.aclose()
