"""What a user does, from the intent to the outbox, and back again: alone, as a bulk, undone, redone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from fdtui.core import events as happened
from fdtui.core.batch import Batch, Errand, Outcome
from fdtui.core.commands import why_not_intent
from fdtui.core.frozen import replace
from fdtui.core.intents import (
    EDITS,
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
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync.history import (
    Deed,
    History,
    Trashed,
    comment_draft,
    told,
    told_of,
    undoing,
    was_before_undo,
)
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.outbox import Letter, Outbox
from fdtui.sync.store import Draft, Drafts


class Doings:
    """Posts intents, remembers them, and takes them back."""

    def __init__(self, holder: Holder, outbox: Outbox, tickets: Iterator[int], drafts: Drafts) -> None:
        self.history = History()
        self.restore: Callable[[Intent], bool] = lambda _: False
        """Takes back what no intent can, such as a removed file; true where it did."""
        self._holder, self._outbox, self._tickets, self._drafts = holder, outbox, tickets, drafts

    @property
    def state(self) -> State:
        """What is known now."""
        return self._holder.state

    def perform(self, intent: Intent) -> bool:
        """Do it on the screen now and on the server soon.

        False where there is nothing to do, or a reason against it, which then becomes a notice.
        """
        state, reason = self.state, why_not_intent(self.state, intent)
        if reason:
            self._tell(reason)
        return not reason and self._do(state, intent, 0) is not None

    def perform_all(self, intents: Iterable[Intent], *, group: int = 0) -> int:
        """Do several as one: `State.batch` tells how far they are, and one undo takes all back.

        What cannot be done stands in the batch with its reason. ``group`` is that of the batch that
        this one carries on. Answers how many are on their way.
        """
        state, group, errands = self.state, group or next(self._tickets), list[Errand]()
        for intent in intents:
            task = state.shown.get(intent.key)
            title = intent.key if task is None else self.title_of(task)
            reason = why_not_intent(state, intent)
            ticket = None if reason else self._do(state, intent, group)
            outcome = Outcome.FAILED if reason else Outcome.DONE if ticket is None else Outcome.WAITING
            errands.append(Errand(ticket or 0, intent, title, outcome, reason))
        return self._begin(group, errands)

    def withdraw(self, tickets: Iterable[int]) -> int:
        """Take back what has not been sent yet; answers how many that were."""
        withdrawn = self._outbox.withdraw(frozenset(tickets))
        self.history.forget(*withdrawn)
        return len(withdrawn)

    def _begin(self, group: int, errands: Sequence[Errand], *, undoes: bool = False) -> int:
        if errands:
            words = told_of([each.intent for each in errands])
            self._holder.apply(happened.BatchBegun(Batch(group, words, tuple(errands), undoes)))
        return sum(each.ticket > 0 for each in errands)

    def _do(self, state: State, intent: Intent, group: int) -> int | None:
        """Post what nothing speaks against, and remember it; its ticket."""
        task = state.shown.get(intent.key)
        before = {} if task is None else task.row
        ticket = self._post(state, intent, None)
        if ticket is None or state.workflow is None:
            return None
        if isinstance(intent, DeleteTask) and task is not None:
            trashed = Trashed(state.workflow.id, before, self.title_of(task), self._holder.clock())
            self.history.trash.append(trashed)
        if isinstance(intent, (*EDITS, DeleteTask)) or inverse(intent, before) is not None:
            self.history.record(Deed(state.workflow.id, intent, before, ticket, group))
        return ticket

    def undo(self) -> str:
        """Take back what the user did last, as a new change with its own check; answers what.

        A bulk change is taken back whole. Empty where there was nothing, or a notice says why not.
        """
        return self._back_and_forth(self.history.done, self.history.undone, undoes=True)

    def redo(self) -> str:
        """Do again what was undone last; answers what."""
        return self._back_and_forth(self.history.undone, self.history.done, undoes=False)

    def _back_and_forth(self, one: list[Deed], other: list[Deed], *, undoes: bool) -> str:
        deeds, state, errands = History.last(one), self.state, list[Errand]()
        if not deeds or self._is_elsewhere(deeds[-1]):
            return ""
        gone = {id(deed) for deed in deeds}
        one[:] = [deed for deed in one if id(deed) not in gone]
        for deed in reversed(deeds) if undoes else deeds:
            intent = undoing(deed, next(self._tickets), state.schema) if undoes else deed.intent
            task = state.shown.get(deed.intent.key)
            before = deed.before if undoes or task is None else task.row
            title = self.title_of(task) if task is not None else deed.intent.key
            if intent is None and self.restore(deed.intent):
                return told(deeds)
            if intent is None:
                self._tell(f"What was done last ({deed.intent.sentence()}) cannot be undone.")
                continue
            reason = why_not_intent(state, intent)
            was = was_before_undo(deed) if undoes else None
            ticket = None if reason else self._post(state, intent, was, undoes=undoes)
            if reason and not deed.group:
                self._tell(reason)
            if ticket is not None:
                other.append(replace(deed, before=before, ticket=ticket))
            outcome = Outcome.FAILED if reason else Outcome.DONE if ticket is None else Outcome.WAITING
            errands.append(Errand(ticket or 0, intent, title, outcome, reason))
        if len(deeds) > 1:
            self._begin(deeds[-1].group, errands, undoes=undoes)
        if not any(each.ticket for each in errands):
            return ""
        return told(deeds) if len(deeds) > 1 else f"{told(deeds)} ({errands[0].title[:60]})"

    @property
    def can_undo(self) -> str:
        """What `undo` would take back, in words; empty if there is nothing."""
        return told(History.last(self.history.done))

    @property
    def can_redo(self) -> str:
        """What `redo` would do again, in words; empty if there is nothing."""
        return told(History.last(self.history.undone))

    def settle(self, key: str, mine: Mapping[str, Value]) -> None:
        """End the conflict on a task: send ``mine``, the fields that shall be as the user wants.

        An empty ``mine`` lets theirs stand.
        """
        conflict = self.state.conflicts.get(key)
        self._holder.apply(happened.Settled(key))
        if conflict is not None and mine:
            theirs = {each.name: each.theirs for each in conflict.fields}
            was = tuple((name, theirs.get(name)) for name in mine)
            state, intent = self.state, SetFields(key, tuple(mine.items()))
            reason = why_not_intent(state, intent)
            ticket = None if reason else self._post(state, intent, was)
            if reason:
                self._tell(reason)
            if ticket is not None and state.workflow is not None:
                before = {**state.shown[key].row, **theirs}
                self.history.record(Deed(state.workflow.id, intent, before, ticket))

    def title_of(self, task: Task) -> str:
        """What to call a task in a sentence."""
        title = self.state.schema.title
        value = task.row.get(title.name) if title is not None else None
        return str(value or task.uid or "the task")

    def _post(
        self, state: State, intent: Intent, was: Pairs | None, *, undoes: bool = False
    ) -> int | None:
        """Hand an intent over for sending; its ticket, or ``None`` where there is nothing to do."""
        workflow = state.workflow
        if workflow is None:
            self._tell("No workflow is open.")
            return None
        if isinstance(intent, CreateTask):
            task = Task(intent.key, None, dict(intent.values))
        else:
            task = state.shown[intent.key]
        if isinstance(intent, EDITS):
            wanted = intent.changes(task)
            now = tuple((name, task.row.get(name)) for name in wanted)
            if all(value == wanted[name] for name, value in now):
                return None
            if isinstance(intent, SetFields):
                seen = dict(intent.seen)
                now = tuple((name, seen.get(name, value)) for name, value in now)
            lists = isinstance(intent, RemoveFile | LinkTask)
            was = () if lists else now if was is None else was
        pending = Pending(next(self._tickets), intent, was or (), undoes=undoes)
        self._outbox.post(Letter(workflow, state.schema, state.base.get(intent.key, task), pending))
        return pending.ticket

    def keep(self, letter: Letter) -> None:
        """It was refused: nothing to undo, but what was typed is kept for another try."""
        self.history.forget(letter.pending.ticket)
        intent = letter.pending.intent
        if isinstance(intent, AddComment):
            about, texts = comment_draft(intent.key), (("body", intent.body),)
            self._drafts.save(Draft(letter.workflow.id, about, texts, self._holder.clock()))

    def _is_elsewhere(self, deed: Deed) -> bool:
        if self._holder.shows(deed.workflow):
            return False
        self._tell("What was done last was done in another workflow; switch to it first.")
        return True

    def _tell(self, sentence: str) -> None:
        self._holder.on_notice(Notice(sentence, "warning"))
