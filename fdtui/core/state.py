"""Everything the screen shows: one immutable value, replaced and never mutated.

The shown tasks are *base + pending*: what the server said last, with the user's unconfirmed intents
on top. A refusal only drops the intent, and the card is back because it never left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from fdtui.core.batch import Batch
from fdtui.core.conflict import Conflict
from fdtui.core.details import Details
from fdtui.core.frozen import frozen
from fdtui.core.intents import EDITS, Pending, applied
from fdtui.core.job import Run
from fdtui.core.remembered import News, Stay
from fdtui.core.schema import Schema, WorkflowRef, Workspace
from fdtui.core.task import Task
from fdtui.core.task_map import TaskChanges, TaskMap, differing
from fdtui.core.transfer import Transfer


class ConnectionState(StrEnum):
    """How we stand with the server."""

    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"
    DENIED = "denied"
    """The key was refused; whether it still is, is asked every few minutes."""
    REFUSED = "refused"
    """The server answers, but not with what the board asks for; it is asked again and again."""


def stalled_words(process: int) -> str:
    """That the process is stopped which sends for all windows."""
    return f"Nothing is sent: the fdtui that sends for all windows (process {process}) is stopped."


class Mark(StrEnum):
    """What a card says of itself at its right edge; at most one, the gravest."""

    NONE = ""
    SAVING = "saving"
    """Not in the journal yet: it would be lost if the program ended now."""
    WAITING = "waiting"
    REFUSED = "refused"
    CONFLICT = "conflict"
    RUNNING = "running"
    DOUBTFUL = "doubtful"
    CHANGED = "changed"
    """Others changed it since the user looked at it."""


@frozen
class Refusal:
    """Why an intent was refused; ``fields`` says what is wrong with each field, where that is known."""

    pending: Pending
    why: str
    fields: Mapping[str, tuple[str, ...]]
    conflict: Conflict | None = None


@dataclass(frozen=True, eq=False)
class State:
    """One moment of the program. Compare by identity: an unchanged state is the same object."""

    workspace: Workspace | None = None
    workflows: tuple[WorkflowRef, ...] = ()
    workflow: WorkflowRef | None = None
    schema: Schema = field(default_factory=Schema)
    base: TaskMap = field(default_factory=TaskMap)
    pending: tuple[Pending, ...] = ()
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Id of a workflow that is not on the board to how many changes wait for it."""
    stalled: int = 0
    """The process that sends for all windows, while it is stopped and changes wait."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Task key to the reason of its last refusal, until the user touches the task again."""
    refusals: tuple[Refusal, ...] = ()
    """The last refusals, whatever became of their tasks; a form that is still open asks for its own."""
    written: Mapping[str, int] = field(default_factory=dict)
    """Task key to the number of its last confirmed write (the stale-answer guard)."""
    connection: ConnectionState = ConnectionState.CONNECTING
    connection_reason: str = ""
    connection_since: float = 0.0
    """When `connection` became what it is, in seconds of the wall clock."""
    as_of: float | None = None
    """Set while the tasks come from a cache: when they were read, in seconds of the wall clock."""
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    """Task key to an intent that somebody overtook, until the user resolves it."""
    details: Mapping[str, Details] = field(default_factory=dict)
    """Task key to what was fetched of it beside its row; only of tasks that were looked at."""
    news: Mapping[str, News] = field(default_factory=dict)
    """Task key to what others changed in it since the user saw it."""
    stays: Mapping[str, Stay] = field(default_factory=dict)
    """Task key to since when it is in its stage, as far as that is known."""
    runs: tuple[Run, ...] = ()
    """The executions that we started, of all workflows, the oldest first."""
    batch: Batch | None = None
    """The last bulk change, running or over."""
    transfers: tuple[Transfer, ...] = ()
    """Files on their way and those that arrived lately, of all workflows, the oldest first."""
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
        before = self.__dict__.pop("_shown_before", None)
        if before is not None and (made := _followed(before, self)) is not None:
            return made
        shown = TaskChanges(self.base)
        for pending in self.pending:
            applied(shown, pending)
        return shown.result

    def follow_shown(self, before: State) -> None:
        """Show the same objects as ``before`` where nothing changed; this is the next state."""
        if "shown" not in before.__dict__:
            earlier = before.__dict__.get("_shown_before")
            if earlier is not None:
                self.__dict__["_shown_before"] = earlier
        elif self.base is before.base and self.pending is before.pending:
            self.__dict__["shown"] = before.shown
        else:
            self.__dict__["_shown_before"] = before

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The keys of tasks with an unconfirmed intent."""
        return frozenset(pending.key for pending in self.pending)

    @cached_property
    def unsaved(self) -> frozenset[str]:
        """The keys of tasks with an intent that is not in the journal yet."""
        return frozenset(pending.key for pending in self.pending if not pending.saved)

    @cached_property
    def running(self) -> frozenset[str]:
        """The keys of tasks on which an action runs."""
        return frozenset(run.key for run in self.runs if not run.is_over)

    def mark(self, task: Task) -> Mark:
        """What the card of ``task`` has to say."""
        if task.key in self.conflicts:
            return Mark.CONFLICT
        if task.key in self.refused:
            return Mark.REFUSED
        if task.key in self.unsaved:
            return Mark.SAVING
        if task.key in self.waiting:
            return Mark.WAITING
        if task.key in self.running:
            return Mark.RUNNING
        doubtful = task.problem and self.schema.unique_id is not None
        if doubtful:
            return Mark.DOUBTFUL
        news = self.news.get(task.key)
        return Mark.CHANGED if news is not None and not news.is_read else Mark.NONE

    def refusal(self, ticket: int) -> Refusal | None:
        """How that intent was refused, if it was."""
        return next((each for each in self.refusals if each.pending.ticket == ticket), None)

    @property
    def workflow_id(self) -> str:
        """The id of the workflow that is shown; empty for none."""
        return self.workflow.id if self.workflow is not None else ""

    @property
    def writable(self) -> bool:
        """Whether tasks of this workflow can be changed at all."""
        return not self.read_only and self.schema.unique_id is not None


def _followed(before: State, after: State) -> TaskMap | None:
    """What ``after`` shows, out of what an earlier state does; ``None`` where all has to be made again.

    What changes the order, because a task comes or goes, is made again.
    """
    if not before.base.shares_with(after.base) or not isinstance(before.shown, TaskMap):
        return None
    answered = _not_in_both(before.pending, after.pending)
    touched = differing(before.base, after.base)
    if any(key not in before.base or key not in after.base for key in touched):
        return None
    keys = {each.key for each in answered} | set(touched)
    waiting = [each for each in after.pending if each.key in keys]
    if not all(isinstance(each.intent, EDITS) for each in (*answered, *waiting)):
        return None
    edited = TaskChanges(TaskMap({key: task for key in keys if (task := after.base.get(key))}))
    for pending in waiting:
        applied(edited, pending)
    return before.shown.with_changes(dict(edited.result))


def _not_in_both(one: tuple[Pending, ...], other: tuple[Pending, ...]) -> tuple[Pending, ...]:
    """The intents that are not the same objects in both."""
    known, left = set(map(id, one)), set(map(id, other))
    return (*(each for each in one if id(each) not in left), *(p for p in other if id(p) not in known))
