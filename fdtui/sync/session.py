"""The application without a screen: what a user, or a script, can ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from functools import cached_property
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from fdtui.core import events as happened
from fdtui.core.commands import why_not_write
from fdtui.core.details import Action, Part
from fdtui.core.frozen import frozen
from fdtui.core.intents import CreateTask, Intent
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync import offers
from fdtui.sync.doing import Doings
from fdtui.sync.executions import Executions
from fdtui.sync.gateway import Gateway
from fdtui.sync.history import Trashed, new_key
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.inspector import Inspector
from fdtui.sync.neighbours import Neighbours
from fdtui.sync.offers import Offer
from fdtui.sync.outbox import Outbox
from fdtui.sync.pace import Pace
from fdtui.sync.places import MemoryPlaces, Places
from fdtui.sync.poller import Poller, Sleep
from fdtui.sync.requestlog import RequestLog
from fdtui.sync.snoozes import MemorySnoozes, Snoozes
from fdtui.sync.store import (
    Cache,
    Drafts,
    Journal,
    MemoryCache,
    MemoryDrafts,
    MemoryJournal,
    MemoryRunBook,
    RunBook,
    Snapshot,
)

if TYPE_CHECKING:
    from fdtui.sync.transferbook import TransferBook
    from fdtui.sync.transfers import Transfers

__all__ = ["Notice", "Session", "Wishes"]


@frozen
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
        runs: RunBook | None = None,
        drafts: Drafts | None = None,
        snoozes: Snoozes | None = None,
        places: Places | None = None,
        transfers: Callable[[], TransferBook] | None = None,
        log: RequestLog | None = None,
    ) -> None:
        self.log = log if log is not None else RequestLog()
        self.snoozes = snoozes if snoozes is not None else MemorySnoozes()
        self.places: Places = places if places is not None else MemoryPlaces()
        self.drafts = drafts if drafts is not None else MemoryDrafts()
        self._holder = Holder(State(me=wishes.me, read_only=wishes.read_only), clock)
        self._journal = journal if journal is not None else MemoryJournal()
        random = random or Random()  # noqa: S311 (jitter, no secret)
        cache = cache if cache is not None else MemoryCache()
        self._pace = Pace(wishes.every, random)
        self._tickets = count(1)
        self._poller = Poller(
            self._holder,
            connect,
            wanted=wishes.workflow,
            unique_id=wishes.unique_id,
            pace=self._pace,
            sleep=sleep,
            cache=cache,
            journal=self._journal,
        )

        def gateway() -> Gateway | None:
            return self._poller.gateway

        self._inspector = Inspector(self._holder, gateway)
        self._outbox = Outbox(
            self._holder,
            self._journal,
            gateway=gateway,
            nudge=self._poller.nudge,
            look_again=self._inspector.look,
            on_refused=lambda letter: self._doings.keep(letter),  # noqa: PLW0108 (made below)
            pace=self._pace,
            sleep=sleep,
        )
        self._neighbours = Neighbours(self._holder, cache, gateway)
        self._doings = Doings(self._holder, self._outbox, self._tickets, self.drafts)
        self._executions = Executions(
            self._holder,
            runs if runs is not None else MemoryRunBook(),
            gateway=gateway,
            look_again=self._inspector.look,
            nudge=self._poller.nudge,
            sleep=sleep,
            random=random,
        )

        self._sleep, self._open_transfers = sleep, transfers

    @cached_property
    def transfers(self) -> Transfers:
        """The files on their way."""
        # Not before the first frame: nothing moves before there is a connection.
        from fdtui.sync.transfers import Transfers  # noqa: PLC0415

        poller = self._poller
        return Transfers(
            self._holder,
            gateway=lambda: poller.gateway,
            nudge=poller.nudge,
            sleep=self._sleep,
            open_book=self._open_transfers,
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
        """What the server has not confirmed, in all workflows, and files on the way."""
        return len(self._journal) + self._executions.unsent + self._moving

    @property
    def _moving(self) -> int:
        return sum(not each.is_over for each in self.state.transfers)

    def recall(self) -> None:
        """Show what the cache and the run book know, before anything is asked."""
        self._poller.recall()
        self._executions.resume()

    def perform(self, intent: Intent) -> bool:
        """Do it on the screen now and on the server soon.

        False where there is nothing to do, or a reason against it, which then becomes a notice.
        """
        return self._doings.perform(intent)

    def perform_all(self, intents: Iterable[Intent], *, group: int = 0) -> int:
        """Do several as one: `State.batch` tells how far they are, and one undo takes all back.

        What cannot be done stands in the batch with its reason. ``group`` is that of the batch that
        this one carries on. Answers how many are on their way.
        """
        return self._doings.perform_all(intents, group=group)

    def withdraw(self, tickets: Iterable[int]) -> int:
        """Take back what has not been sent yet; answers how many that were."""
        return self._doings.withdraw(tickets)

    def create(self, values: Mapping[str, Value], *, settles: str = "") -> bool:
        """Make a task of these fields; it is on the board at once.

        ``settles`` is the key of a deleted task that it makes anew, to end their conflict.
        """
        key = new_key(next(self._tickets))
        return self.perform(CreateTask(key, tuple(values.items()), settles))

    def undo(self) -> str:
        """Take back what the user did last, as a new change with its own check; answers what.

        A bulk change is taken back whole. Empty where there was nothing, or a notice says why not.
        """
        return self._doings.undo()

    def restore_with(self, restore: Callable[[Intent], bool]) -> None:
        """Let `undo` ask ``restore`` where no intent takes another back; it answers whether it did."""
        self._doings.restore = restore

    def redo(self) -> str:
        """Do again what was undone last; answers what."""
        return self._doings.redo()

    @property
    def can_undo(self) -> str:
        """What `undo` would take back, in words; empty if there is nothing."""
        return self._doings.can_undo

    @property
    def can_redo(self) -> str:
        """What `redo` would do again, in words; empty if there is nothing."""
        return self._doings.can_redo

    @property
    def trash(self) -> tuple[Trashed, ...]:
        """What was deleted here, the latest last; `create` makes it anew."""
        return tuple(self._doings.history.trash)

    def settle(self, key: str, mine: Mapping[str, Value]) -> None:
        """End the conflict on a task: send ``mine``, the fields that shall be as the user wants.

        An empty ``mine`` lets theirs stand.
        """
        self._doings.settle(key, mine)

    def look(self, key: str, *parts: Part) -> None:
        """Fetch parts of a task that do not stand in its row; they arrive in `State.details`."""
        self._inspector.look(key, *parts)

    async def peek(self, workflow: WorkflowRef) -> Snapshot:
        """The shape and the tasks of another workflow, perhaps of a while ago.

        Raises `fdtui.core.errors.ApiError`.
        """
        return await self._neighbours.peek(workflow)

    def run_action(self, key: str, action: Action) -> str:
        """Run an action on a task; answers why not, or nothing. It is in `State.runs` at once."""
        task = self.state.shown.get(key)
        reason = why_not_write(self.state, task)
        if task is None or reason:
            return reason or "The task is not on the board any more."
        return self._executions.start(task, self.title_of(task), action)

    async def offers(self, keys: Iterable[str]) -> tuple[Offer, ...]:
        """What each of these tasks offers now; for an action on many of them."""
        state = self.state
        tasks = [state.shown[key] for key in keys if key in state.shown]
        if state.workflow is None:
            return ()
        return await offers.ask(lambda: self._poller.gateway, state.workflow.id, tasks)

    def run_action_on(self, keys: Iterable[str], action: Action) -> None:
        """Run an action on each of these tasks, as one batch with one summary."""
        shown = self.state.shown
        tasks = [
            shown[key] for key in keys if key in shown and not why_not_write(self.state, shown[key])
        ]
        self._executions.start_many([(task, self.title_of(task), action) for task in tasks])

    def stop_runs(self) -> int:
        """Take back those of a batch whose requests have not left; how many there were."""
        batches = {run.batch for run in self.state.runs if run.batch and not run.is_over}
        return sum(self._executions.stop(batch) for batch in batches)

    def mark_runs_read(self, tickets: Collection[int] | None = None) -> None:
        """The user has seen how these executions ended; without ``tickets``, how all did."""
        self._executions.mark_read(tickets)

    def dismiss_run(self, ticket: int) -> None:
        """Take an ended execution out of sight."""
        self._executions.dismiss(ticket)

    def title_of(self, task: Task) -> str:
        """What to call a task in a sentence."""
        return self._doings.title_of(task)

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
                group.create_task(self._inspector.run())
                group.create_task(self._executions.run())
                group.create_task(self.transfers.run())
        finally:
            if self._poller.gateway is not None:
                await self._poller.gateway.aclose()
