"""The journal: what the user did and no server has answered yet, and how it came out.

An entry is safe once `Journal.append` has returned; what has not been answered when the program ends,
however it ends, is there at the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from itertools import count
from typing import Protocol, TypeAlias

from fdtui.core.conflict import Conflict
from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen, replace
from fdtui.core.intents import Intent, Pending
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.task import Task, title_of
from fdtui.core.values import Row


class EntryState(StrEnum):
    """How far an entry is."""

    PENDING = "pending"
    """Saved; nothing of it has left."""
    SENDING = "sending"
    """A request may have left."""
    UNKNOWN = "unknown"
    """A request may have left, and whoever sent it is gone: look before it is sent again."""
    DONE = "done"
    CONFLICT = "conflict"
    """Somebody overtook it; the user has to choose."""
    REFUSED = "refused"
    CLOSED = "closed"
    """Withdrawn, or refused and seen: nothing more will come of it."""


OPEN = frozenset({EntryState.PENDING, EntryState.SENDING, EntryState.UNKNOWN})
"""What is still to be delivered."""
UNSETTLED = OPEN | {EntryState.CONFLICT, EntryState.REFUSED}
"""What a board shows: to be delivered, or to be seen by the user."""


@frozen
class JournalEntry:
    """An intent with all that its sending needs, whatever a board shows by then, and its outcome."""

    pending: Pending
    workflow: WorkflowRef
    schema: Schema
    task: Task
    """The task as the user saw it; for one that is being created, what it is to be."""
    at: float = 0.0
    """When the user did it, in seconds of the wall clock."""
    state: EntryState = EntryState.PENDING
    why: str = ""
    """Why it was refused."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the server found wrong with each field."""
    conflict: Conflict | None = None
    answer: Task | None = None
    """The task as the server had it afterwards."""
    error: FdtuiError | None = None
    """Why it was refused, where this process sent it; it is not kept."""

    @property
    def ticket(self) -> int:
        """What it is called."""
        return self.pending.ticket

    @property
    def title(self) -> str:
        """What to call the task in a message."""
        return title_of(self.task, self.schema, "The new task")


@frozen
class HistoryEntry:
    """One intent with the row as it was before it, and the ticket that it went out with."""

    workflow: str
    intent: Intent
    before: Row
    ticket: int
    group: int = 0
    """What was done as one is undone as one; 0 for an entry that stands alone."""


@frozen
class Trashed:
    """The last contents of a deleted task; ``at`` is the wall clock in seconds."""

    workflow: str
    row: Row
    title: str
    at: float
    ticket: int = 0
    """The ticket of the deletion."""
    key: str = ""
    """The task's key before it."""


@frozen
class JournalOwner:
    """Whose a journal is: what is in it is sent to no other server, and in nobody else's name."""

    origin: str
    """The address of the server, or the file of a local workspace."""
    user: str = ""
    """The user's e-mail, where it is known."""

    @property
    def named(self) -> str:
        """Whose it is, for a sentence about what is in it."""
        return f"for {self.origin} {f'as {self.user}' if self.user else 'without a user'}"


class Stack(StrEnum):
    """What can be undone, and what was undone and can be done again."""

    DONE = "done"
    UNDONE = "undone"


@frozen
class StackChange:
    """The entry of ``ticket`` is on top of ``stack`` now, or in its place there; without one, gone."""

    ticket: int
    stack: Stack | None = None
    entry: HistoryEntry | None = None


@frozen
class TrashChange:
    """The task that was deleted by ``ticket`` is in the trash; without one, it is not.

    ``restoring`` is the ticket of the creation that brings it back, 0 while there is none.
    """

    ticket: int
    trashed: Trashed | None = None
    restoring: int = 0


Change: TypeAlias = StackChange | TrashChange


@frozen
class SavedHistory:
    """What can be undone and what was deleted, each in order."""

    stacks: tuple[StackChange, ...] = ()
    trash: tuple[TrashChange, ...] = ()


def unreadable_words(count: int) -> str:
    """What to say of ``count`` damaged entries."""
    what = "1 saved change is" if count == 1 else f"{count} saved changes are"
    again = "it" if count == 1 else "them"
    return (
        f"{what} damaged and cannot be sent. Look at what is missing on the board and do {again} again."
    )


class Journal(Protocol):
    """The entries of all workflows of one server and user, in order. All methods raise `StorageError`.

    Several windows and commands may share one; then each call may block.
    """

    is_shared: bool
    """Whether it outlives the program, and other processes may write it."""
    why_closed: str
    """Why nothing can be added to it; empty where it can."""
    why_not_offline: str
    """Why nothing is to be done that cannot be sent at once; empty where it can."""

    unreadable: int
    """How many entries the last `load` left out, because they are damaged; they stay in the file."""

    def tickets(self) -> Iterator[int]:
        """Names for new entries, unlike those of any other window."""
        ...

    def append(self, entries: Sequence[JournalEntry], changes: Sequence[Change] = ()) -> None:
        """Save entries, and changes to what can be undone: all or none. They are safe once it returns.

        What was refused of the same tasks before is closed by it.
        """
        ...

    def begin(self, tickets: Collection[int], at: float) -> frozenset[int]:
        """Save that requests for them may leave at ``at``, in seconds of the wall clock.

        Answers those that are over; then nothing is saved.
        """
        ...

    def settle(self, entries: Sequence[JournalEntry]) -> None:
        """Save what became of entries: `JournalEntry.state` and what goes with it."""
        ...

    def reseen(self, ticket: int, task: Task) -> None:
        """Save that the user's own change made this of the task that a waiting entry was for."""
        ...

    def close_entries(self, tickets: Collection[int], *, unsent: bool = False) -> frozenset[int]:
        """Let nothing more come of them, or of those that are ``unsent``; answers which these were."""
        ...

    def load(self) -> tuple[JournalEntry, ...]:
        """All that is `UNSETTLED`, in order; `news` begins here."""
        ...

    def news(self) -> tuple[JournalEntry, ...]:
        """Entries that other windows have added or settled since `load` or the last `news`."""
        ...

    def listen(self, rung: Callable[[], object]) -> bool:
        """Call ``rung`` on this event loop when there may be `news`; false where nothing is heard."""
        ...

    def done(self, limit: int) -> tuple[JournalEntry, ...]:
        """The last entries that are settled, the latest first."""
        ...

    def lease(self) -> bool:
        """Become the one that sends, if nobody is; what another had begun is *unknown* from then on."""
        ...

    def resign(self) -> None:
        """Let another send; what was begun counts as it does when a process has ended."""
        ...

    def stalled(self) -> int:
        """The process that has the lease and has not moved for long; 0 if there is none."""
        ...

    def history(self) -> SavedHistory:
        """What this window, and windows that are gone, did; it is this window's from then on."""
        ...

    def close(self) -> None:
        """Let go of the file and of the lease."""
        ...


class MemoryJournal:
    """A journal that ends with the program: for the demo, and where no disk can be written."""

    is_shared = False
    why_closed = ""
    unreadable = 0

    def __init__(self, *, why_not_offline: str = "") -> None:
        self.why_not_offline = why_not_offline
        self._entries: dict[int, JournalEntry] = {}

    def tickets(self) -> Iterator[int]:
        """See `Journal.tickets`."""
        return count(1)

    def append(self, entries: Sequence[JournalEntry], changes: Sequence[Change] = ()) -> None:
        """See `Journal.append`."""
        self._entries |= {each.ticket: each for each in entries}

    def begin(self, tickets: Collection[int], at: float) -> frozenset[int]:
        """See `Journal.begin`."""
        gone = frozenset(tickets) - self._entries.keys()
        for ticket in () if gone else tickets:
            self._entries[ticket] = replace(self._entries[ticket], state=EntryState.SENDING)
        return gone

    def settle(self, entries: Sequence[JournalEntry]) -> None:
        """See `Journal.settle`."""
        for each in entries:
            self._entries.pop(each.ticket, None)

    def reseen(self, ticket: int, task: Task) -> None:
        """See `Journal.reseen`."""
        if ticket in self._entries:
            self._entries[ticket] = replace(self._entries[ticket], task=task)

    def close_entries(self, tickets: Collection[int], *, unsent: bool = False) -> frozenset[int]:
        """See `Journal.close_entries`."""
        gone = {
            ticket
            for ticket in tickets
            if ticket in self._entries
            and not (unsent and self._entries[ticket].state is not EntryState.PENDING)
        }
        for ticket in gone:
            del self._entries[ticket]
        return frozenset(gone)

    def load(self) -> tuple[JournalEntry, ...]:
        """See `Journal.load`."""
        return tuple(self._entries.values())

    def news(self) -> tuple[JournalEntry, ...]:
        """See `Journal.news`: there is nobody else."""
        return ()

    def listen(self, rung: Callable[[], object]) -> bool:
        """See `Journal.listen`: there is nobody to be heard."""
        return True

    def done(self, limit: int) -> tuple[JournalEntry, ...]:
        """See `Journal.done`: what is settled is forgotten here."""
        return ()

    def lease(self) -> bool:
        """See `Journal.lease`."""
        return True

    def resign(self) -> None:
        """See `Journal.resign`: there is nobody else."""

    def stalled(self) -> int:
        """See `Journal.stalled`."""
        return 0

    def history(self) -> SavedHistory:
        """See `Journal.history`."""
        return SavedHistory()

    def close(self) -> None:
        """See `Journal.close`."""
