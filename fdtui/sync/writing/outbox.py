"""What the user did, from the key to the answer: shown at once, saved, sent by one of the windows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from functools import partial

from fdtui.core import events
from fdtui.core.batch import Outcome
from fdtui.core.details import Part
from fdtui.core.errors import FdtuiError, StorageError
from fdtui.core.frozen import replace
from fdtui.core.intents import CreateTask
from fdtui.core.state import ConnectionState
from fdtui.core.task import Task
from fdtui.sync.gateway import Gateway
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.reading.schedule import PollSchedule
from fdtui.sync.storage.journal import (
    OPEN,
    Change,
    EntryState,
    Journal,
    JournalEntry,
    SavedHistory,
    unreadable_words,
)
from fdtui.sync.store import Notice, StateStore
from fdtui.sync.writing.deliverer import Deliverer, Rejection
from fdtui.sync.writing.journal_writer import JournalWriter
from fdtui.sync.writing.open_intents import OpenIntents
from fdtui.sync.writing.queued_intent import QueuedIntent, queued_of
from fdtui.sync.writing.sender import SendResult
from fdtui.sync.writing.settling import Settling, refusals
from fdtui.sync.writing.unseen import Unseen
from fdtui.waits import first_of

WATCH_INTERVAL, IDLE_WATCH_INTERVAL = 0.1, 0.5
"""Seconds between two looks at what other windows wrote: while something waits, and otherwise."""
BELL_INTERVAL = 2.0
"""The same where each write rings a bell, and only a window that was killed is silent."""


class Outbox:
    """Takes what the user did, and keeps each until the server has said yes or no.

    Where the journal is shared, one of the windows sends for all; the others follow what it writes.
    """

    def __init__(
        self,
        store: StateStore,
        journal: Journal,
        *,
        gateway: Callable[[], Gateway | None],
        nudge: Callable[[], None],
        look_again: Callable[[str, Part], None],
        on_refused: Callable[[QueuedIntent], None],
        on_confirmed: Callable[[QueuedIntent, Task | None], None],
        changes: Callable[[], Sequence[Change]],
        schedule: PollSchedule,
        sleep: Sleep,
    ) -> None:
        self._store, self._journal, self._nudge = store, journal, nudge
        self._look_again, self._on_refused = look_again, on_refused
        self._on_confirmed = on_confirmed
        self._open = OpenIntents(store)
        self._is_leading = not journal.is_shared
        self.on_settled: Callable[[JournalEntry], object] = lambda _: None
        self._has_warned = False
        self._writer = JournalWriter(
            journal,
            changes=changes,
            saved=self._saved,
            failed=self._not_saved,
            closed=self._closed,
        )
        self.unseen = Unseen(store, self._writer.close)
        self._settling = Settling(self._writer, self._open, self._warn)
        self._deliverer = Deliverer(
            store,
            gateway=gateway,
            nudge=nudge,
            schedule=schedule,
            sleep=sleep,
            begin=self._begin,
            taken=self._take,
            rejected=self._reject,
            reseen=self._save_reseen,
            gone=self._open.remove,
        )

    def __len__(self) -> int:
        """How many intents wait for an answer, in all workflows."""
        return len(self._open)

    @property
    def unkept(self) -> int:
        """How many of them end with the program."""
        if not self._journal.is_shared:
            return len(self)
        return sum(not (each.pending.saved or each.withdrawn) for each in self._open)

    @property
    def is_closing(self) -> bool:
        """Whether something was withdrawn, and that is not saved yet."""
        return self._writer.is_closing

    @property
    def tickets(self) -> frozenset[int]:
        """What they are called."""
        return self._open.tickets

    def why_not(self) -> str:
        """Why nothing can be added now; empty where it can."""
        is_offline = self._store.state.connection is ConnectionState.OFFLINE
        return self._journal.why_closed or (self._journal.why_not_offline if is_offline else "")

    def history(self) -> SavedHistory:
        """What earlier runs of the program could undo."""
        try:
            return self._journal.history()
        except StorageError as error:
            self._warn(error)
            return SavedHistory()

    def recall(self) -> None:
        """Take up what earlier runs and other windows have left."""
        try:
            entries = self._journal.load()
        except StorageError as error:
            self._warn(error)
            return
        if self._journal.unreadable:
            self._store.on_notice(Notice(unreadable_words(self._journal.unreadable), "warning"))
        for entry in entries:
            if entry.state in OPEN:
                self._adopt(entry)
            else:
                self.unseen.add(entry)
        self._open.count_elsewhere()

    def show(self, workflow: str) -> None:
        """Put on the board what waits for this workflow, and what its user has not seen yet."""
        self.unseen.show(workflow)
        found = [each for each in self._open if each.workflow.id == workflow and not each.withdrawn]
        if found:
            self._store.apply(events.Recollected(tuple(each.pending for each in found)))
        self._open.count_elsewhere()

    def post(self, queued: QueuedIntent) -> None:
        """Show the intent, save it, and hand it over for sending."""
        queued.at = self._store.clock()
        queued.pending = replace(queued.pending, saved=not self._journal.is_shared)
        self._open.add(queued)
        self._apply_if_shown(queued, events.Queued(queued.pending))
        self._open.recount(queued)
        self._writer.add(queued)

    def withdraw(self, tickets: Set[int]) -> frozenset[int]:
        """Take back what of ``tickets`` has not been sent; answers which that were."""
        tickets |= self._open.followers(tickets)
        found = [queued for queued in self._open if queued.ticket in tickets and queued.can_be_withdrawn]
        withdrawn = frozenset(queued.ticket for queued in found)
        for queued in found:
            queued.withdrawn = True
        self._writer.withdraw(found)
        self._store.apply(events.Withdrawn(withdrawn))
        self._open.count_elsewhere()
        return withdrawn

    def entries(self) -> tuple[JournalEntry, ...]:
        """Everything that is not settled, or that the user has not seen, in order."""
        waiting = [replace(each.entry, state=each.state) for each in self._open if not each.withdrawn]
        return tuple(sorted([*self.unseen.all, *waiting], key=lambda each: each.at))

    async def drained(self) -> None:
        """Wait until everything has its answer."""
        await self._open.drained()

    def note_changes(self) -> None:
        """What can be undone has changed, and is to be saved."""
        self._writer.wake()

    async def run(self) -> None:
        """Save, send, and follow the other windows until cancelled; what waits to be saved is saved."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._writer.run())
            group.create_task(self._deliverer.run())
            if self._journal.is_shared:
                group.create_task(self._watch())

    # Saving

    def _saved(self, kept: Sequence[QueuedIntent]) -> None:
        """They outlive the program now, and can be sent."""
        if self._journal.is_shared and kept:
            self._store.apply(events.Saved(frozenset(each.ticket for each in kept)))
        for each in kept:
            if self._is_leading:
                self._deliverer.add(each)

    def _not_saved(self, fresh: Sequence[QueuedIntent], error: StorageError) -> None:
        """What cannot be saved is not done: the card is where it was, and what was typed is kept."""
        rejection = Rejection(f"NOT SAVED: {error}", None, {}, error)
        for each in fresh:
            self._refuse([each], rejection)
            self._open.remove(each)
            self.on_settled(rejection.entry_of(each))
        if not fresh:
            self._warn(error)

    def _closed(self, queued: QueuedIntent, in_time: bool) -> None:
        """What was withdrawn is over, or had left before."""
        if in_time:
            if not self._is_leading or not queued.pending.saved:
                self._open.remove(queued)
            return
        queued.withdrawn = False
        self._apply_if_shown(queued, events.Queued(queued.pending))
        self._store.on_notice(Notice(f"{queued.name} had been sent already.", "warning"))

    async def _save_reseen(self, queued: QueuedIntent) -> None:
        with suppress(StorageError):
            await self._writer.call(partial(self._journal.reseen, queued.ticket, queued.task))

    async def _begin(self, batch: Sequence[QueuedIntent]) -> bool:
        """Save that it is being sent; false where another window has withdrawn some of it."""
        tickets, now = [each.ticket for each in batch], self._store.clock()
        gone = await self._writer.call(partial(self._journal.begin, tickets, now))
        for each in batch:
            each.withdrawn = each.withdrawn or each.ticket in gone
        return not gone

    # Answers

    async def _take(self, batch: Sequence[QueuedIntent], result: SendResult) -> None:
        """The server took it."""
        entries = [
            replace(each.entry, state=EntryState.DONE, why=result.kept, answer=result.task)
            for each in batch
        ]
        self._confirm(batch, result.task)
        last = batch[-1]
        if result.stale is not None and self._store.shows(last.workflow.id):
            self._look_again(last.pending.key, result.stale)
        if result.kept:
            self._store.on_notice(Notice(f"{last.name}: {result.kept}", "warning"))
        await self._settle(batch, entries)

    def _confirm(self, batch: Sequence[QueuedIntent], task: Task | None) -> None:
        for each in batch:
            self._apply_if_shown(each, events.Confirmed(each.ticket, task, self._store.writes))
            self._store.apply(events.Answered(each.ticket, Outcome.DONE))
            if task is not None and isinstance(making := each.pending.intent, CreateTask):
                for other in self._open.about(each):
                    other.follow(making, task)
            self._on_confirmed(each, task)

    async def _reject(self, batch: Sequence[QueuedIntent], rejection: Rejection) -> None:
        """The server did not, or somebody overtook them."""
        entries = refusals(batch, rejection)
        self._refuse(batch, rejection)
        for each in entries:
            if each.state is not EntryState.CLOSED:
                self.unseen.add(each)
        await self._settle(batch, entries)

    def _refuse(self, batch: Sequence[QueuedIntent], rejection: Rejection) -> None:
        for each in batch:
            refused = events.Refused(each.ticket, rejection.why, rejection.conflict, rejection.fields)
            self._apply_if_shown(each, refused)
            self._store.apply(events.Answered(each.ticket, Outcome.FAILED, rejection.why))
            if each.is_ours:
                self._on_refused(each)
        last = batch[-1]
        wanted = last.pending.intent.sentence()
        self._store.on_notice(Notice(f"{last.name}: could not {wanted}. {rejection.why}", "error"))
        self._nudge()

    async def _settle(self, batch: Sequence[QueuedIntent], entries: Sequence[JournalEntry]) -> None:
        for each in entries:
            self.on_settled(each)
        await self._settling.settle(batch, entries)

    # Other windows

    async def _watch(self) -> None:
        """Become the one that sends as soon as nobody else does; follow what the others write."""
        rung = asyncio.Event()
        hears = self._journal.listen(rung.set)
        while True:
            rung.clear()
            try:
                is_denied = self._store.state.connection is ConnectionState.DENIED
                if is_denied and self._is_leading:
                    await self._resign()
                leads = not is_denied and await self._writer.call(self._journal.lease)
                if leads and not self._is_leading:
                    await self._lead()
                for entry in await self._writer.call(self._journal.news):
                    self._follow(entry)
                stalled = 0 if leads or is_denied or not self._open else self._journal.stalled()
            except StorageError as error:
                self._warn(error)
                stalled = 0
            self._store.apply(events.SenderStalled(stalled))
            interval = WATCH_INTERVAL if self._open else IDLE_WATCH_INTERVAL
            await first_of(asyncio.sleep(BELL_INTERVAL if hears else interval), rung.wait())

    async def _lead(self) -> None:
        """Send from now on, beginning with all that waits."""
        for entry in await self._writer.call(self._journal.news):
            self._follow(entry)
        entries = await self._writer.call(self._journal.load)
        for entry in entries:
            if entry.state in OPEN and entry.ticket not in self._open:
                self._adopt(entry)
            elif entry.state in OPEN:
                self._open[entry.ticket].learn(entry)
            elif entry.ticket not in self.unseen:
                self._follow(entry)
        known = {entry.ticket for entry in entries}
        for queued in [each for each in self._open if each.pending.saved]:
            if queued.ticket in known:
                self._deliverer.add(queued)
            else:
                self._open.remove(queued)
        self._is_leading = True

    async def _resign(self) -> None:
        """Let a window send whose key the server takes; what has no answer is looked at by that one."""
        self._is_leading = False
        self._deliverer.drop_all()
        for each in list(self._open):
            each.leaving = False
            if each.withdrawn and each.pending.saved and not self._writer.is_withdrawing(each):
                self._open.remove(each)
        await self._writer.call(self._journal.resign)

    def _adopt(self, entry: JournalEntry) -> None:
        queued = queued_of(entry)
        self._open.add(queued)
        if self._is_leading:
            self._deliverer.add(queued)

    def _follow(self, entry: JournalEntry) -> None:
        """Another window added this, or says what became of it."""
        queued = self._open.get(entry.ticket)
        if queued is None and entry.state in OPEN:
            self._adopt(entry)
            self._apply_if_shown(self._open[entry.ticket], events.Queued(entry.pending))
            self._open.recount(self._open[entry.ticket])
        elif queued is None:
            self._follow_new(entry)
        elif entry.state in OPEN:
            queued.learn(entry)
            if entry.pending.sent:
                self._apply_if_shown(queued, events.Sent(entry.ticket))
        elif not (self._is_leading and queued.leaving):
            self._follow_settled(queued, entry)

    def _follow_new(self, entry: JournalEntry) -> None:
        """It was done and settled before this window heard of it."""
        if entry.state is EntryState.CLOSED:
            self.unseen.seen_elsewhere(entry)
        elif entry.state is EntryState.DONE:
            queued = queued_of(entry)
            self._apply_if_shown(queued, events.Queued(entry.pending))
            self._follow_settled(queued, entry)
        else:
            self.unseen.add(entry)
            self.unseen.show_one(entry)

    def _follow_settled(self, queued: QueuedIntent, entry: JournalEntry) -> None:
        self.on_settled(entry)
        if entry.state is EntryState.DONE:
            self._store.writes += 1
            self._confirm([queued], entry.answer)
        elif entry.state is EntryState.CLOSED:
            queued.withdrawn = True
            self._store.apply(events.Withdrawn(frozenset({entry.ticket})))
        else:
            self.unseen.add(entry)
            self._refuse([queued], Rejection(entry.why, entry.conflict, entry.fields))
        if not self._is_leading:
            self._open.remove(queued)

    def _apply_if_shown(self, queued: QueuedIntent, event: events.Event) -> None:
        if self._store.shows(queued.workflow.id):
            self._store.apply(event)

    def _warn(self, error: FdtuiError) -> None:
        """Say once that the journal cannot be used."""
        if not self._has_warned:
            self._has_warned = True
            self._store.on_notice(Notice(f"What you do may not be kept: {error}", "warning"))
