"""What outlives a request: the cache (what the server said) and the journal (what the user did).

The cache may be lost at any time; the journal must not. Both are in memory here, behind the
interfaces that durable ones keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from fdtui.core.frozen import frozen
from fdtui.core.intents import Pending
from fdtui.core.job import Run
from fdtui.core.schema import Schema, WorkflowRef, Workspace
from fdtui.core.task import Task


@frozen
class Snapshot:
    """A workflow as it was last seen; ``at`` is the wall clock in seconds, ``None`` for *is now*."""

    workflow: WorkflowRef
    schema: Schema
    tasks: Mapping[str, Task]
    at: float | None
    workflows: tuple[WorkflowRef, ...] = ()
    workspace: Workspace | None = None


class Cache(Protocol):
    """Workflows as they were last seen."""

    def recall(self, wanted: str | None) -> Snapshot | None:
        """The workflow of that id or name, or the one last seen; ``None`` if there is none."""
        ...

    def remember(self, snapshot: Snapshot) -> None:
        """Keep ``snapshot`` instead of what was known of its workflow."""
        ...


class Journal(Protocol):
    """The intents that no server has confirmed or refused, per workflow id, in order."""

    def append(self, workflow: str, pending: Pending) -> None:
        """Save an intent; once this returns, it is safe."""
        ...

    def mark_sent(self, ticket: int) -> None:
        """Save that a request for it may have left."""
        ...

    def drop(self, ticket: int) -> None:
        """Forget an intent that has been confirmed or refused."""
        ...

    def load(self, workflow: str) -> tuple[Pending, ...]:
        """The saved intents of a workflow."""
        ...

    def __len__(self) -> int:
        """How many intents are saved, in all workflows."""
        ...


class RunBook(Protocol):
    """The executions that we started, so that they are followed again after a restart."""

    is_shared: bool
    """Whether it outlives the program, and other windows may write it; `save` then may block."""

    def save(self, *runs: Run) -> None:
        """Keep ``runs`` instead of what was known of them, all or none."""
        ...

    def drop(self, *tickets: int) -> None:
        """Forget runs."""
        ...

    def claim(self, *tickets: int) -> frozenset[int]:
        """Those of ``tickets`` that are ours to follow: no other living window does."""
        ...

    def has_changed(self) -> bool:
        """Whether another window has written since this was asked last."""
        ...

    def load(self) -> tuple[Run, ...]:
        """All runs, the oldest first."""
        ...


@frozen
class Draft:
    """A half-written form. ``about`` names the form: a task's key, or a word for a new task."""

    workflow: str
    about: str
    texts: tuple[tuple[str, str], ...]
    """Field name (or another name that the form knows) to the text as typed."""
    at: float


class Drafts(Protocol):
    """What was typed and not sent yet; it outlives the program."""

    def save(self, draft: Draft) -> None:
        """Keep ``draft`` instead of an older one of the same form."""
        ...

    def drop(self, workflow: str, about: str) -> None:
        """Forget it: it was sent, or thrown away."""
        ...

    def load(self, workflow: str, about: str) -> Draft | None:
        """The draft of that form, if there is one."""
        ...

    def all(self) -> tuple[Draft, ...]:
        """Every draft, the latest last."""
        ...


class MemoryDrafts:
    """Drafts that end with the program."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[str, str], Draft] = {}

    def save(self, draft: Draft) -> None:
        """See `Drafts.save`."""
        self._drafts.pop((draft.workflow, draft.about), None)
        self._drafts[draft.workflow, draft.about] = draft

    def drop(self, workflow: str, about: str) -> None:
        """See `Drafts.drop`."""
        self._drafts.pop((workflow, about), None)

    def load(self, workflow: str, about: str) -> Draft | None:
        """See `Drafts.load`."""
        return self._drafts.get((workflow, about))

    def all(self) -> tuple[Draft, ...]:
        """See `Drafts.all`."""
        return tuple(self._drafts.values())


class MemoryRunBook:
    """A run book that ends with the program."""

    is_shared = False

    def __init__(self) -> None:
        self._runs: dict[int, Run] = {}

    def save(self, *runs: Run) -> None:
        """See `RunBook.save`."""
        self._runs |= {run.ticket: run for run in runs}

    def drop(self, *tickets: int) -> None:
        """See `RunBook.drop`."""
        for ticket in tickets:
            self._runs.pop(ticket, None)

    def claim(self, *tickets: int) -> frozenset[int]:
        """See `RunBook.claim`."""
        return frozenset(tickets)

    def has_changed(self) -> bool:
        """See `RunBook.has_changed`."""
        return False

    def load(self) -> tuple[Run, ...]:
        """See `RunBook.load`."""
        return tuple(self._runs.values())


class MemoryCache:
    """A cache that ends with the program."""

    def __init__(self, *snapshots: Snapshot) -> None:
        self._snapshots = {each.workflow.id: each for each in snapshots}

    def recall(self, wanted: str | None) -> Snapshot | None:
        """See `Cache.recall`."""
        for each in self._snapshots.values():
            if wanted in {None, each.workflow.id, each.workflow.name}:
                return each
        return None

    def remember(self, snapshot: Snapshot) -> None:
        """See `Cache.remember`."""
        self._snapshots[snapshot.workflow.id] = snapshot


class MemoryJournal:
    """A journal that ends with the program."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[str, Pending]] = {}

    def append(self, workflow: str, pending: Pending) -> None:
        """See `Journal.append`."""
        self._entries[pending.ticket] = (workflow, pending)

    def mark_sent(self, ticket: int) -> None:
        """See `Journal.mark_sent`."""
        workflow, pending = self._entries[ticket]
        self._entries[ticket] = (workflow, pending.as_sent())

    def drop(self, ticket: int) -> None:
        """See `Journal.drop`."""
        self._entries.pop(ticket, None)

    def load(self, workflow: str) -> tuple[Pending, ...]:
        """See `Journal.load`."""
        return tuple(pending for whose, pending in self._entries.values() if whose == workflow)

    def __len__(self) -> int:
        """See `Journal.__len__`."""
        return len(self._entries)
