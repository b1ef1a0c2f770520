"""What a user does, from the intent to the outbox, and back again: alone, as a bulk, undone, redone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from fdtui.core import events
from fdtui.core.batch import Batch, BatchItem, Outcome
from fdtui.core.commands import unsent_creation, why_not_intent
from fdtui.core.frozen import replace
from fdtui.core.intents import (
    BEING_CREATED,
    EDITS,
    NOT_CREATED,
    AddChecklistItem,
    AddComment,
    CreateTask,
    DeleteTask,
    Intent,
    LinkTask,
    Pairs,
    Pending,
    RemoveFile,
    SetFields,
    inverse,
)
from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.core.task import Task, title_of
from fdtui.core.values import Value
from fdtui.sync.storage.journal import EntryState, HistoryEntry, JournalEntry, Stack, Trashed
from fdtui.sync.storage.protocols import Draft, Drafts
from fdtui.sync.store import Notice, StateStore
from fdtui.sync.writing.history import (
    BODY,
    History,
    comment_draft,
    contents,
    describe_entries,
    describe_intents,
    item_draft,
    new_key,
    refused_draft,
    undoing,
    was_before_undo,
)
from fdtui.sync.writing.outbox import Outbox
from fdtui.sync.writing.queued_intent import QueuedIntent


class Editor:
    """Posts intents, remembers them, and takes them back."""

    def __init__(
        self,
        store: StateStore,
        outbox: Outbox,
        tickets: Iterator[int],
        drafts: Drafts,
        history: History,
    ) -> None:
        self.history = history
        self.restore: Callable[[Intent], bool] = lambda _: False
        """Takes back what no intent can, such as a removed file; true where it did."""
        self._made: dict[str, str] = {}
        """Key of a task while it was being created, to the one that it has since."""
        self._store, self._outbox, self._tickets, self._drafts = store, outbox, tickets, drafts

    @property
    def state(self) -> State:
        """What is known now."""
        return self._store.state

    @property
    def trash(self) -> tuple[Trashed, ...]:
        """What was deleted here and is not back, the latest last."""
        return tuple(self.history.trash)

    def recall(self) -> None:
        """Go on with what an earlier run of the program could undo."""
        self.history.recall(self._outbox.history(), self._outbox.tickets)

    def perform(self, intent: Intent, seen: State | None = None) -> bool:
        """Do it on the screen now and on the server soon.

        ``seen`` is the state that the user decided on, where that is an earlier one: what others have
        changed since is no base of this change. False where there is nothing to do, or a reason
        against it, which then becomes a notice.
        """
        intent = self._as_known(intent)
        state, reason = self.state, self._why_not(self.state, intent)
        if reason:
            self._notify(reason)
        return not reason and self._do(state, intent, 0, seen) is not None

    def _as_known(self, intent: Intent) -> Intent:
        """``intent``, decided while its task was being created: about the task that was made."""
        if intent.key in self.state.shown or intent.key not in self._made:
            return intent
        return replace(intent, key=self._made[intent.key])

    def _why_not(self, state: State, intent: Intent) -> str:
        return why_not_intent(state, intent) or self._outbox.why_not()

    def perform_all(
        self, intents: Iterable[Intent], *, group: int = 0, seen: State | None = None
    ) -> int:
        """Do several as one: `State.batch` says how far they are, and one undo reverts all.

        What cannot be done stands in the batch with its reason. ``group`` is that of the batch that
        this one carries on; ``seen`` as in `perform`. Answers how many are on their way.
        """
        state, group, items = self.state, group or next(self._tickets), list[BatchItem]()
        for intent in map(self._as_known, intents):
            task = state.shown.get(intent.key)
            title = intent.key if task is None else title_of(task, self.state.schema)
            reason = self._why_not(state, intent)
            ticket = None if reason else self._do(state, intent, group, seen)
            items.append(_batch_item(intent, title, ticket, reason))
        return self._begin_batch(group, items)

    def withdraw(self, tickets: Iterable[int]) -> int:
        """Take back what has not been sent yet; answers how many that were."""
        withdrawn = self._outbox.withdraw(frozenset(tickets))
        self.history.forget(*withdrawn)
        return len(withdrawn)

    def discard(self, entry: JournalEntry) -> bool:
        """Let nothing come of a change; false where it has been sent."""
        if entry.state in {EntryState.REFUSED, EntryState.CONFLICT}:
            self._outbox.unseen.discard({entry.ticket})
            if self._store.shows(entry.workflow.id):
                self._store.apply(events.Acknowledged(entry.pending.key))
                self._store.apply(events.ConflictResolved(entry.pending.key))
            return True
        return bool(self.withdraw([entry.ticket]))

    def retry(self, entry: JournalEntry) -> bool:
        """Do again what was refused, as a new change; false where a reason speaks against it.

        A task that was not created is created with all that was to be done to it.
        """
        if reason := self._outbox.why_not():
            self._notify(reason)
            return False
        for each in self._outbox.unseen.with_creation(entry):
            self._retry(each)
        return True

    def _retry(self, entry: JournalEntry) -> None:
        self.discard(entry)
        pending = Pending(
            next(self._tickets),
            entry.pending.intent,
            entry.pending.was,
            once=secrets.token_hex(16),
            at=self._store.clock(),
        )
        self._outbox.post(QueuedIntent(entry.workflow, entry.schema, entry.task, pending))

    def _begin_batch(self, group: int, items: Sequence[BatchItem], *, undoes: bool = False) -> int:
        if items:
            words = describe_intents([each.intent for each in items])
            self._store.apply(events.BatchBegun(Batch(group, words, tuple(items), undoes)))
        return sum(each.ticket > 0 for each in items)

    def _do(self, state: State, intent: Intent, group: int, seen: State | None) -> int | None:
        """Post what nothing speaks against, and remember it; its ticket."""
        task = state.shown.get(intent.key)
        if isinstance(intent, DeleteTask) and (making := unsent_creation(state, intent.key)):
            return self._unmake(making)
        before = {} if task is None else task.row
        ticket = self._post(state, intent, None, seen=seen)
        if ticket is None or state.workflow is None:
            return None
        self._remember_deleted(intent, task, ticket)
        is_undone = isinstance(intent, (*EDITS, CreateTask, DeleteTask))
        if is_undone or inverse(intent, before) is not None:
            self.history.record(HistoryEntry(state.workflow.id, intent, before, ticket, group))
        return ticket

    def _unmake(self, making: Pending) -> int:
        """Take back a task that no server knows of: nothing is sent, and `undo` makes it again."""
        task, workflow = self.state.shown[making.key], self.state.workflow
        row = {name: value for name, value in task.row.items() if value is not None}
        self.history.forget(*self._outbox.withdraw(frozenset({making.ticket})))
        if workflow is not None:
            deletion = HistoryEntry(workflow.id, DeleteTask(making.key), row, making.ticket)
            self.history.record(deletion)
        return making.ticket

    def _withdraw_creation(self, making: Pending) -> int:
        self._outbox.withdraw(frozenset({making.ticket}))
        return making.ticket

    def _remember_deleted(self, intent: Intent, task: Task | None, ticket: int) -> None:
        """Keep what a task holds that is being deleted."""
        workflow = self.state.workflow
        if isinstance(intent, DeleteTask) and task is not None and workflow is not None:
            title, at = title_of(task, self.state.schema), self._store.clock()
            self.history.delete(Trashed(workflow.id, task.row, title, at, ticket, task.key))

    def restore_task(self, trashed: Trashed) -> str:
        """Bring a deleted task back; the key that it has meanwhile, empty where it cannot be done.

        It is the undo of its deletion, wherever that stands in what was done.
        """
        state = self.state
        intent = CreateTask(new_key(next(self._tickets)), contents(trashed.row, state.schema))
        if reason := self._why_not(state, intent):
            self._notify(reason)
            return ""
        ticket = self._post(state, intent, None, undoes=True)
        if ticket is None:
            return ""
        self.history.restoring(trashed.ticket, ticket)
        entry = self.history.take_deletion(trashed.ticket)
        if entry is not None:
            self.history.push(Stack.UNDONE, replace(entry, ticket=ticket, group=0))
        return intent.key

    def confirmed(self, queued: QueuedIntent, task: Task | None) -> None:
        """The server took it: a task that is made, or back, has the id that it is to be known by."""
        if task is not None and isinstance(queued.pending.intent, CreateTask):
            self._made[queued.pending.key] = task.key
            self.history.rekey(queued.pending.key, task.key)
        if task is None or not self.history.restored(queued.pending.ticket, task.key):
            return
        named = quoted((task.uid or task.key)[:80])
        self._store.on_notice(Notice(f"Restored as {named}, without its comments and files."))

    def undo(self) -> str:
        """Take back what the user did last, as a new change with its own check; answers what.

        A bulk change is undone as a whole. Empty where there was nothing, or a notice says why not.
        """
        return self._back_and_forth(Stack.DONE, Stack.UNDONE, undoes=True)

    def redo(self) -> str:
        """Do again what was undone last; answers what."""
        return self._back_and_forth(Stack.UNDONE, Stack.DONE, undoes=False)

    def _back_and_forth(self, one: Stack, other: Stack, *, undoes: bool) -> str:
        entries, state, items = self.history.last(one), self.state, list[BatchItem]()
        if not entries or self._is_elsewhere(entries[-1]):
            return ""
        if any(self.history.is_restoring(entry.ticket) for entry in entries):
            self._notify("The task is still being restored; try again in a moment.")
            return ""
        self.history.take(entries)
        for entry in reversed(entries) if undoes else entries:
            intent = undoing(entry, next(self._tickets), state.schema) if undoes else entry.intent
            task = state.shown.get(entry.intent.key)
            before = entry.before if undoes or task is None else task.row
            title = title_of(task, self.state.schema) if task is not None else entry.intent.key
            if intent is None and self.restore(entry.intent):
                return describe_entries(entries)
            if intent is None:
                self._notify(f"What was done last ({entry.intent.sentence()}) cannot be undone.")
                continue
            reason = self._why_not(state, intent)
            was = was_before_undo(entry) if undoes else None
            making = unsent_creation(state, intent.key) if isinstance(intent, DeleteTask) else None
            ticket = None
            if not reason and making is not None:
                ticket = self._withdraw_creation(making)
            elif not reason:
                ticket = self._post(state, intent, was, undoes=undoes)
            if reason and not entry.group:
                self._notify(reason)
            if ticket is not None and isinstance(intent, CreateTask):
                self.history.restoring(entry.ticket, ticket)
            elif ticket is not None and making is None:
                self._remember_deleted(intent, task, ticket)
            if ticket is not None:
                self.history.push(other, replace(entry, before=before, ticket=ticket))
            items.append(_batch_item(intent, title, ticket, reason))
        if len(entries) > 1:
            self._begin_batch(entries[-1].group, items, undoes=undoes)
        if not any(each.ticket for each in items):
            return ""
        return (
            describe_entries(entries)
            if len(entries) > 1
            else f"{describe_entries(entries)} ({items[0].title[:60]})"
        )

    @property
    def can_undo(self) -> str:
        """What `undo` would take back, in words; empty if there is nothing."""
        return describe_entries(self.history.last(Stack.DONE))

    @property
    def can_redo(self) -> str:
        """What `redo` would do again, in words; empty if there is nothing."""
        return describe_entries(self.history.last(Stack.UNDONE))

    def resolve_conflict(self, key: str, mine: Mapping[str, Value]) -> None:
        """End the conflict on a task: send ``mine``, the fields as the user wants them.

        An empty ``mine`` lets theirs stand.
        """
        conflict = self.state.conflicts.get(key)
        self._store.apply(events.ConflictResolved(key))
        self._outbox.unseen.seen(key, EntryState.CONFLICT)
        if conflict is not None and mine:
            theirs = {each.name: each.theirs for each in conflict.fields}
            was = tuple((name, theirs.get(name)) for name in mine)
            state, intent = self.state, SetFields(key, tuple(mine.items()))
            reason = self._why_not(state, intent)
            ticket = None if reason else self._post(state, intent, was)
            if reason:
                self._notify(reason)
            if ticket is not None and state.workflow is not None:
                before = {**state.shown[key].row, **theirs}
                self.history.record(HistoryEntry(state.workflow.id, intent, before, ticket))

    def _post(
        self,
        state: State,
        intent: Intent,
        was: Pairs | None,
        *,
        undoes: bool = False,
        seen: State | None = None,
    ) -> int | None:
        """Hand an intent over for sending; its ticket, or ``None`` where there is nothing to do."""
        workflow = state.workflow
        if workflow is None:
            self._notify("No workflow is open.")
            return None
        if isinstance(intent, CreateTask):
            task = Task(intent.key, None, dict(intent.values))
        else:
            task = state.shown[intent.key]
        decided_on = seen.shown.get(intent.key, task) if seen is not None else task
        if isinstance(intent, EDITS):
            wanted = intent.changes(task)
            if all(task.row.get(name) == value for name, value in wanted.items()):
                return None
            now = tuple((name, decided_on.row.get(name)) for name in wanted)
            if isinstance(intent, SetFields):
                known = dict(intent.seen)
                now = tuple((name, known.get(name, value)) for name, value in now)
            lists = isinstance(intent, RemoveFile) or (isinstance(intent, LinkTask) and intent.to_many)
            was = () if lists else now if was is None else was
        pending = Pending(
            next(self._tickets),
            intent,
            was or (),
            undoes=undoes,
            once=secrets.token_hex(16),
            at=self._store.clock(),
        )
        target = state.base.get(intent.key, task) if decided_on.row == task.row else decided_on
        if target.problem == BEING_CREATED:  # not any more by the time that it is sent
            target = Task(target.key, None, target.row, NOT_CREATED)
        self._outbox.post(QueuedIntent(workflow, state.schema, target, pending))
        return pending.ticket

    def keep(self, queued: QueuedIntent) -> None:
        """It was refused: nothing to undo, but what was typed is kept for another try."""
        self.history.forget(queued.pending.ticket)
        intent = queued.pending.intent
        typed: tuple[str, str] | None = None
        if isinstance(intent, AddComment):
            typed = comment_draft(intent.key), intent.body
        elif isinstance(intent, AddChecklistItem):
            typed = item_draft(intent.key), intent.title
        if typed is not None:
            (about, text), at = typed, self._store.clock()
            about = refused_draft(about, at)
            self._drafts.save(Draft(queued.workflow.id, about, ((BODY, text),), at))

    def _is_elsewhere(self, entry: HistoryEntry) -> bool:
        if self._store.shows(entry.workflow):
            return False
        self._notify("The last change was in another workflow. Switch to it first.")
        return True

    def _notify(self, sentence: str) -> None:
        self._store.on_notice(Notice(sentence, "warning"))


def _batch_item(intent: Intent, title: str, ticket: int | None, reason: str) -> BatchItem:
    """How one of several begins: on its way, done for there was nothing to do, or not to be done."""
    outcome = Outcome.FAILED if reason else Outcome.DONE if ticket is None else Outcome.WAITING
    return BatchItem(ticket or 0, intent, title, outcome, reason)
