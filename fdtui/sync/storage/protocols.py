"""What outlives a request: the cache (what the server said), executions, drafts.

The cache may be lost at any time; what the user did is in `fdtui.sync.storage.journal`, which must
not. Each interface has a variant that ends with
the program, for the demo and for a disk that refuses, and one on the disk, which `fdtui.wiring` uses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from fdtui.core.details import Details, Part
from fdtui.core.frozen import frozen
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
    feed: str = ""
    """The token from which a change feed goes on after these tasks; empty where that is not known."""


@frozen
class CursorPlace:
    """Where the cursor stands on a board: the column's stage, and the card or nothing."""

    stage: str
    key: str = ""


class Cache(Protocol):
    """What the server said last. Never raises: what cannot be kept is known for this run only."""

    def recall(self, wanted: str | None, most: int | None = None) -> Snapshot | None:
        """The workflow of that id or name, or the one last seen; ``None`` if there is none.

        One that takes more than ``most`` bytes is not read, for that takes a while: ``None``, too.
        """
        ...

    def remember(self, snapshot: Snapshot) -> None:
        """Keep ``snapshot`` instead of what was known of its workflow.

        What is the same object as the last time is not written again, so this may be called with
        each new state. Must not block.
        """
        ...

    def details(self, workflow: str, key: str) -> Details | None:
        """What is known of that task beside its row, with its age. May block."""
        ...

    def remember_details(self, workflow: str, key: str, details: Details, at: float) -> None:
        """Keep those parts that are not ``None`` and can be kept; read at ``at``. Must not block."""
        ...

    def forget_details(self, workflow: str, key: str, part: Part) -> None:
        """Let that part not be shown again: the server denies it."""
        ...

    def place(self, workflow: str) -> CursorPlace | None:
        """Where the cursor was on that board."""
        ...

    def remember_place(self, workflow: str, place: CursorPlace) -> None:
        """Keep where the cursor is. Must not block."""
        ...

    def forget(self, workflow: str) -> None:
        """Let nothing of that workflow stay: this key may not see it."""
        ...

    def keep_only(self, workflows: Collection[str]) -> None:
        """Forget all workflows but these."""
        ...

    def listen(self, listener: Callable[[str], object]) -> None:
        """Call ``listener`` with each sentence about the cache itself, from whatever thread."""
        ...

    def close(self) -> None:
        """Write what is left to write, for a moment at the most."""
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
    """An unfinished form. ``about`` names the form: a task's key, or a word for a new task."""

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
        self._places: dict[str, CursorPlace] = {}

    def recall(self, wanted: str | None, most: int | None = None) -> Snapshot | None:
        """See `Cache.recall`."""
        for each in self._snapshots.values():
            if wanted in {None, each.workflow.id, each.workflow.name}:
                return each
        return None

    def remember(self, snapshot: Snapshot) -> None:
        """See `Cache.remember`."""
        self._snapshots[snapshot.workflow.id] = snapshot

    def details(self, workflow: str, key: str) -> Details | None:
        """See `Cache.details`: those of this run are in the state, or have to be asked for again."""
        return None

    def remember_details(self, workflow: str, key: str, details: Details, at: float) -> None:
        """See `Cache.remember_details`."""

    def forget_details(self, workflow: str, key: str, part: Part) -> None:
        """See `Cache.forget_details`."""

    def place(self, workflow: str) -> CursorPlace | None:
        """See `Cache.place`."""
        return self._places.get(workflow)

    def remember_place(self, workflow: str, place: CursorPlace) -> None:
        """See `Cache.remember_place`."""
        self._places[workflow] = place

    def forget(self, workflow: str) -> None:
        """See `Cache.forget`."""
        self._snapshots.pop(workflow, None)
        self._places.pop(workflow, None)

    def keep_only(self, workflows: Collection[str]) -> None:
        """See `Cache.keep_only`."""
        for each in [each for each in self._snapshots if each not in workflows]:
            self.forget(each)

    def listen(self, listener: Callable[[str], object]) -> None:
        """See `Cache.listen`: memory has nothing to say."""

    def close(self) -> None:
        """See `Cache.close`."""
