"""Everything the screen shows: one immutable value, replaced and never mutated.

The shown tasks are *base + pending*: what the server said last, with the user's unconfirmed intents
on top. A refusal only drops the intent, and the card is back because it never left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from fdtui.core.intents import Pending, applied
from fdtui.core.schema import Schema, WorkflowRef, Workspace
from fdtui.core.task import Task


class Link(StrEnum):
    """How we stand with the server."""

    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"
    DENIED = "denied"
    """The key was refused: nothing is sent until there is another."""


class Mark(StrEnum):
    """What a card says of itself at its right edge; at most one, the gravest."""

    NONE = ""
    WAITING = "waiting"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, eq=False)
class State:
    """One moment of the program. Compare by identity: an unchanged state is the same object."""

    workspace: Workspace | None = None
    workflows: tuple[WorkflowRef, ...] = ()
    workflow: WorkflowRef | None = None
    schema: Schema = field(default_factory=Schema)
    base: Mapping[str, Task] = field(default_factory=dict)
    pending: tuple[Pending, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    """Task key to the reason of its last refusal, until the user touches the task again."""
    written: Mapping[str, int] = field(default_factory=dict)
    """Task key to the number of its last confirmed write (the stale-answer guard)."""
    link: Link = Link.CONNECTING
    link_reason: str = ""
    link_since: float = 0.0
    """When `link` became what it is, in seconds of the wall clock."""
    as_of: float | None = None
    """Set while the tasks come from a cache: when they were read, in seconds of the wall clock."""
    complaints: tuple[str, ...] = ()
    """What was wrong with the last listing, a sentence each."""
    loaded: bool = False
    """Whether there is a listing to show, fresh or cached."""
    me: str | None = None
    read_only: bool = False

    @cached_property
    def shown(self) -> Mapping[str, Task]:
        """The tasks by key as the user should see them."""
        if not self.pending:
            return self.base
        shown = dict(self.base)
        for pending in self.pending:
            if pending.key in shown:
                shown[pending.key] = applied(shown[pending.key], pending)
        return shown

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The keys of tasks with an unconfirmed intent."""
        return frozenset(pending.key for pending in self.pending)

    def mark(self, task: Task) -> Mark:
        """What the card of ``task`` has to say."""
        if task.key in self.refused:
            return Mark.REFUSED
        if task.key in self.waiting:
            return Mark.WAITING
        doubtful = task.problem and self.schema.unique_id is not None
        return Mark.DOUBTFUL if doubtful else Mark.NONE

    @property
    def writable(self) -> bool:
        """Whether tasks of this workflow can be changed at all."""
        return not self.read_only and self.schema.unique_id is not None
