"""The application without a screen: what a user, or a script, can ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from fdtui.core import events
from fdtui.core.commands import why_not_write
from fdtui.core.details import Action, Part
from fdtui.core.errors import StorageError
from fdtui.core.intents import CreateTask, Intent
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task, title_of
from fdtui.core.values import Value
from fdtui.sync.gateway import Gateway
from fdtui.sync.options import SessionOptions
from fdtui.sync.reading import available_actions
from fdtui.sync.reading.available_actions import AvailableActions
from fdtui.sync.reading.cache_keeper import CacheKeeper
from fdtui.sync.reading.details import DetailsFetcher
from fdtui.sync.reading.opening import Hints
from fdtui.sync.reading.other_workflows import OtherWorkflows
from fdtui.sync.reading.poller import Poller, Sleep
from fdtui.sync.reading.remembered import RememberedTasks
from fdtui.sync.reading.schedule import PollSchedule
from fdtui.sync.reading.stage_order import StageTeacher
from fdtui.sync.requestlog import RequestLog
from fdtui.sync.runs.executions import Executions
from fdtui.sync.storage.journal import EntryState, Journal, MemoryJournal, Trashed
from fdtui.sync.storage.moves import MemoryMoves, Moves
from fdtui.sync.storage.protocols import (
    Cache,
    Drafts,
    MemoryCache,
    MemoryDrafts,
    MemoryRunBook,
    RunBook,
    Snapshot,
)
from fdtui.sync.storage.recent_folders import MemoryRecentFolders, RecentFolders
from fdtui.sync.storage.seen import MemorySeen, Seen
from fdtui.sync.storage.snoozes import MemorySnoozes, Snoozes
from fdtui.sync.storage.views import MemoryViews, SavedView, Views
from fdtui.sync.store import Notice, StateStore
from fdtui.sync.writing.editor import Editor
from fdtui.sync.writing.history import History, new_key
from fdtui.sync.writing.outbox import Outbox
from fdtui.sync.writing.queued_intent import QueuedIntent
from fdtui.sync.writing.waiting import WaitingChanges
from fdtui.waits import WakeableSleep, first_of

if TYPE_CHECKING:
    from fdtui.sync.files.transfers import Transfers
    from fdtui.sync.storage.transfer_book import TransferBook

__all__ = ["Notice", "Session", "SessionOptions"]


class Session:
    """Keeps the board true: loads, polls, sends in order, and loses no intent on the way."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Gateway]],
        options: SessionOptions,
        *,
        clock: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
        random: Random | None = None,
        cache: Cache | None = None,
        journal: Journal | None = None,
        runs: RunBook | None = None,
        drafts: Drafts | None = None,
        snoozes: Snoozes | None = None,
        recent_folders: RecentFolders | None = None,
        views: Views | None = None,
        moves: Moves | None = None,
        seen: Seen | None = None,
        transfers: Callable[[], TransferBook] | None = None,
        log: RequestLog | None = None,
    ) -> None:
        self.log = log if log is not None else RequestLog()
        self.snoozes: Snoozes = snoozes or MemorySnoozes()
        self.recent_folders: RecentFolders = recent_folders or MemoryRecentFolders()
        self.drafts: Drafts = drafts or MemoryDrafts()
        self._views: Views = views or MemoryViews()
        random, cache = random or Random(), cache or MemoryCache()  # noqa: S311 (jitter, no secret)
        self._store = StateStore(State(me=options.me, read_only=options.read_only), clock)
        self._schedule = PollSchedule(options.every, random)
        self._sleep, self._wakeable = sleep, WakeableSleep(sleep)
        self._open_transfers, self._has_transfers = transfers, asyncio.Event()

        self.cached = CacheKeeper(self._store, cache)
        self.remembered = RememberedTasks(self._store, seen or MemorySeen())
        self._poller = self._make_poller(connect, options, StageTeacher(moves or MemoryMoves()))
        self._details = DetailsFetcher(self._store, self._gateway, cache)
        self.other_workflows = OtherWorkflows(self._store, cache, self._gateway)
        self._start_writing(journal or MemoryJournal())
        self._executions = Executions(
            self._store,
            runs or MemoryRunBook(),
            gateway=self._gateway,
            look_again=self._details.fetch,
            nudge=self._poller.nudge,
            sleep=sleep,
            random=random,
        )

    def _make_poller(
        self,
        connect: Callable[[], Awaitable[Gateway]],
        options: SessionOptions,
        teacher: StageTeacher,
    ) -> Poller:
        """What asks the server; whoever learns from each state follows the store from here on."""
        self._store.followers = (teacher.see, self.cached.see, self.remembered.see)
        return Poller(
            self._store,
            connect,
            wanted=options.workflow,
            hints=Hints(options.unique_id, options.stages, teacher.order),
            schedule=self._schedule,
            sleep=self._sleep,
            cached=self.cached,
            show_waiting=lambda workflow: self._outbox.show(workflow),  # noqa: PLW0108 (made later)
        )

    def _start_writing(self, journal: Journal) -> None:
        """Make what does, delivers and undoes; its parts tell each other what became of a change."""
        self._tickets = journal.tickets()
        history = History(lambda: self._outbox.note_changes())  # noqa: PLW0108 (made below)
        self._outbox = Outbox(
            self._store,
            journal,
            gateway=self._gateway,
            nudge=self._poller.nudge,
            look_again=self._details.fetch,
            on_refused=lambda queued: self._editor.keep(queued),  # noqa: PLW0108 (made below)
            on_confirmed=self._confirmed,
            changes=history.changes,
            schedule=self._schedule,
            sleep=self._wakeable.sleep,
        )
        self._editor = Editor(self._store, self._outbox, self._tickets, self.drafts, history)
        self.waiting = WaitingChanges(self._outbox, self._editor, is_kept=journal.is_shared)

    def _gateway(self) -> Gateway | None:
        """The API, once there is a connection."""
        return self._poller.gateway

    @cached_property
    def transfers(self) -> Transfers:
        """The files on their way; imported with the first, or once there is a connection."""
        from fdtui.sync.files.transfers import Transfers  # noqa: PLC0415

        self._has_transfers.set()
        return Transfers(
            self._store,
            gateway=self._gateway,
            nudge=self._poller.nudge,
            sleep=self._sleep,
            open_book=self._open_transfers,
        )

    @property
    def state(self) -> State:
        """What is to be shown now."""
        return self._store.state

    @property
    def on_change(self) -> Callable[[State], None]:
        """Called with each new state, on the event loop."""
        return self._store.on_change

    @on_change.setter
    def on_change(self, call: Callable[[State], None]) -> None:
        self._store.on_change = call

    @property
    def on_notice(self) -> Callable[[Notice], None]:
        """Called with each sentence that the user should see."""
        return self._store.on_notice

    @on_notice.setter
    def on_notice(self, call: Callable[[Notice], None]) -> None:
        self._store.on_notice = call
        early, self._store.early = self._store.early, []
        for notice in early:
            call(notice)

    @property
    def unsent(self) -> int:
        """What ends with the program: unkept changes, runs that have not left, files on the way."""
        moving = sum(not each.is_over for each in self.state.transfers)
        return self._outbox.unkept + self._executions.unsent + moving

    def when_fetched(self, call: Callable[[str, Part], object]) -> None:
        """Call ``call`` once a part that `fetch_details` asked for was fetched, even if unchanged."""
        self._details.on_fetched = call

    def recall(self) -> None:
        """Show what the cache, the journal and the run book know, before anything is asked."""
        self._outbox.recall()
        self._editor.recall()
        self._poller.recall()
        self._executions.resume()

    @property
    def goes_on_from(self) -> tuple[str, str] | None:
        """Workflow and token that a recalled board goes on from, where it can."""
        return self._poller.goes_on_from

    def perform(self, intent: Intent, *, seen: State | None = None) -> bool:
        """Do it on the screen now and on the server soon; ``seen`` is the state it was decided on.

        False where there is nothing to do, or a reason against it, which then becomes a notice.
        """
        return self._editor.perform(intent, seen)

    def perform_all(
        self, intents: Iterable[Intent], *, group: int = 0, seen: State | None = None
    ) -> int:
        """Do several as one: `State.batch` says how far they are, and one undo reverts all.

        What cannot be done stands in the batch with its reason. ``group`` is that of the batch that
        this one carries on. Answers how many are on their way.
        """
        return self._editor.perform_all(intents, group=group, seen=seen)

    def withdraw(self, tickets: Iterable[int]) -> int:
        """Take back what has not been sent yet; answers how many that were."""
        return self._editor.withdraw(tickets)

    def create(self, values: Mapping[str, Value], *, resolves: str = "") -> bool:
        """Make a task of these fields at once; it ends the conflict on the deleted task ``resolves``."""
        key = new_key(next(self._tickets))
        return self.perform(CreateTask(key, tuple(values.items()), resolves))

    def undo(self) -> str:
        """Take back what the user did last, as a new change with its own check; answers what.

        A bulk change is undone as a whole. Empty where there was nothing, or a notice says why not.
        """
        return self._editor.undo()

    def restore_with(self, restore: Callable[[Intent], bool]) -> None:
        """Let `undo` ask ``restore`` where no intent takes another back; it answers whether it did."""
        self._editor.restore = restore

    def redo(self) -> str:
        """Do again what was undone last; answers what."""
        return self._editor.redo()

    @property
    def can_undo(self) -> str:
        """What `undo` would take back, in words; empty if there is nothing."""
        return self._editor.can_undo

    @property
    def can_redo(self) -> str:
        """What `redo` would do again, in words; empty if there is nothing."""
        return self._editor.can_redo

    @property
    def trash(self) -> tuple[Trashed, ...]:
        """What was deleted here and is not back, the latest last; for `restore`."""
        return self._editor.trash

    def restore(self, trashed: Trashed) -> str:
        """Bring a deleted task back: the undo of its deletion. The key it has meanwhile, or empty."""
        return self._editor.restore_task(trashed)

    def resolve_conflict(self, key: str, mine: Mapping[str, Value]) -> None:
        """End the conflict on a task: send ``mine``, as the user wants it; nothing lets theirs stand."""
        self._editor.resolve_conflict(key, mine)

    def last_view(self) -> SavedView | None:
        """How the user left the board of this workflow, where that is known."""
        workflow = self.state.workflow
        try:
            return self._views.get(workflow.id) if workflow is not None else None
        except StorageError as error:
            self._store.on_notice(Notice(str(error), "warning"))
            return None

    def save_view(self, view: SavedView) -> None:
        """Remember how the board of this workflow is left; a disk error becomes a notice."""
        workflow = self.state.workflow
        try:
            if workflow is not None and self._views.get(workflow.id) != view:
                self._views.put(workflow.id, view)
        except StorageError as error:
            self._store.on_notice(Notice(str(error), "warning"))

    def fetch_details(self, key: str, *parts: Part) -> None:
        """Fetch parts of a task that do not stand in its row; they arrive in `State.details`."""
        self._details.fetch(key, *parts)

    async def peek(self, workflow: WorkflowRef) -> Snapshot:
        """The shape and the tasks of another workflow, perhaps of a while ago; raises `ApiError`."""
        return await self.other_workflows.peek(workflow)

    def run_action(self, key: str, action: Action) -> str:
        """Run an action on a task; answers why not, or nothing. It is in `State.runs` at once."""
        task = self.state.shown.get(key)
        reason = why_not_write(self.state, task)
        if task is None or reason:
            return reason or "The task is no longer on the board."
        return self._executions.start(task, title_of(task, self.state.schema), action)

    async def available_actions(self, keys: Iterable[str]) -> tuple[AvailableActions, ...]:
        """What each of these tasks offers now; for an action on many of them."""
        state = self.state
        tasks = [state.shown[key] for key in keys if key in state.shown]
        if state.workflow is None:
            return ()
        return await available_actions.ask(self._gateway, state.workflow.id, tasks)

    def run_action_on(self, keys: Iterable[str], action: Action) -> None:
        """Run an action on each of these tasks, as one batch with one summary."""
        shown = self.state.shown
        tasks = [
            shown[key] for key in keys if key in shown and not why_not_write(self.state, shown[key])
        ]
        self._executions.start_many(
            [(task, title_of(task, self.state.schema), action) for task in tasks]
        )

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

    def refresh(self) -> None:
        """Ask the server now, whatever the schedule says, and send what waits for it."""
        self._wakeable.wake()
        self._poller.refresh()

    def open_workflow(self, workflow_id: str) -> None:
        """Show another workflow; what is still to be sent for this one is sent regardless."""
        if not self._store.shows(workflow_id):
            self._poller.open_workflow(workflow_id)

    def acknowledge(self, key: str) -> None:
        """The user has seen why a change of this task was refused."""
        self._store.apply(events.Acknowledged(key))
        self._outbox.unseen.seen(key, EntryState.REFUSED)

    def act(self) -> None:
        """The user does something: ask sooner what others do, where no feed tells."""
        self._poller.act()

    def _confirmed(self, queued: QueuedIntent, task: Task | None) -> None:
        self._poller.act()
        self._editor.confirmed(queued, task)

    def set_focused(self, focused: bool) -> None:
        """Whether somebody looks: a board that nobody sees is asked for less often."""
        self._schedule.set_focused(focused)
        if focused:
            self._poller.nudge()

    async def idle(self) -> None:
        """Wait until nothing that the user caused is under way."""
        await self._store.idle()

    async def _run_transfers(self) -> None:
        await first_of(self._store.online.wait(), self._has_transfers.wait())
        await asyncio.sleep(0)  # what else waits for the connection, as the screen does, goes first
        await self.transfers.run()

    async def run(self) -> None:
        """Connect, poll and send until cancelled."""
        self._poller.refresh()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._poller.recall_large())
                group.create_task(self._run_transfers())
                parts = (self._poller, self._outbox, self._details, self._executions)
                for each in (*parts, self.cached, self.remembered):
                    group.create_task(each.run())
        finally:
            if self._poller.gateway is not None:
                await self._poller.gateway.aclose()
