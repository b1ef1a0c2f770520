"""What can happen. `fdtui.core.update.update` makes the next state of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from fdtui.core.batch import Batch, Outcome
from fdtui.core.conflict import Conflict
from fdtui.core.details import Details, Part
from fdtui.core.frozen import frozen
from fdtui.core.intents import Pending
from fdtui.core.job import Run
from fdtui.core.remembered import News, Stay
from fdtui.core.schema import Schema, WorkflowRef, Workspace
from fdtui.core.state import ConnectionState
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.core.transfer import Transfer


@frozen
class WorkflowsListed:
    """The server told which workflows there are."""

    workflows: tuple[WorkflowRef, ...]
    workspace: Workspace | None = None


@frozen
class WorkflowOpened:
    """Another workflow is on the board; nothing of it is known yet."""

    workflow: WorkflowRef


@frozen
class SchemaLearned:
    """The server, or its tasks, told the workflow's shape."""

    schema: Schema


@frozen
class Fetched:
    """A listing arrived. ``asked`` is the number of the last write when it was asked for."""

    tasks: Mapping[str, Task]
    asked: int
    complaints: tuple[str, ...] = ()


@frozen
class Changed:
    """Some tasks are new or different, those of the keys ``gone`` are no more; all others are as before.

    ``asked`` is the number of the last write when it was asked for.
    """

    tasks: Mapping[str, Task]
    gone: tuple[str, ...]
    asked: int


@frozen
class Recalled:
    """A listing was found in the cache, read from the server at ``at`` (wall clock, seconds)."""

    tasks: Mapping[str, Task]
    at: float | None


@frozen
class Repacked:
    """What the base was, with nothing changed but that its versions share another listing."""

    before: TaskMap
    tasks: TaskMap


@frozen
class Reread:
    """One task was read again; ``None`` where it is gone."""

    key: str
    task: Task | None
    asked: int


@frozen
class Queued:
    """The user did something; it is shown, and saved and sent soon."""

    pending: Pending


@frozen
class Recollected:
    """Intents of earlier runs and other windows wait, in this order behind those that there are."""

    pending: tuple[Pending, ...]


@frozen
class Saved:
    """Intents are in the journal: from now on they outlive the program."""

    tickets: frozenset[int]


@frozen
class Sent:
    """A request for an intent may have left."""

    ticket: int


@frozen
class Confirmed:
    """The server took an intent; ``write`` is the number of this write.

    ``task`` is the task as the server answered it, ``None`` where it is gone or did not change.
    """

    ticket: int
    task: Task | None
    write: int


@frozen
class Refused:
    """An intent will not happen, at least not as it is.

    ``conflict`` is there where somebody overtook it and the user has to choose; ``fields`` says what
    the server found wrong with each field.
    """

    ticket: int
    why: str
    conflict: Conflict | None = None
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@frozen
class Withdrawn:
    """The user took intents back before anything of them was sent."""

    tickets: frozenset[int]


@frozen
class WaitingElsewhere:
    """How many changes wait for other workflows than the one on the board; see `State.elsewhere`."""

    counts: Mapping[str, int]


@frozen
class SenderStalled:
    """The process that sends for all windows is stopped, or with 0 none is."""

    process: int


@frozen
class BatchBegun:
    """Several intents were posted as one."""

    batch: Batch


@frozen
class Answered:
    """An intent came to its end, whatever workflow is on the board; only a batch asks."""

    ticket: int
    outcome: Outcome
    why: str = ""


@frozen
class ConflictResolved:
    """The user has chosen what becomes of a conflict."""

    key: str


@frozen
class DetailsLearned:
    """Parts of a task that do not stand in its row arrived; `None` parts of ``details`` stay."""

    key: str
    details: Details


@frozen
class DetailDenied:
    """The server does not give a part of a task, at least not to this key."""

    key: str
    part: Part
    why: str


@frozen
class Remembered:
    """Boards were compared with what the user saw; see `State.news` and `State.stays`."""

    news: Mapping[str, News]
    stays: Mapping[str, Stay]


@frozen
class ConnectionChanged:
    """We reached the server, lost it, or were turned away; ``at`` is the wall clock in seconds."""

    connection: ConnectionState
    at: float
    reason: str = ""


@frozen
class Acknowledged:
    """The user has seen why a task's change was refused."""

    key: str


@frozen
class RunChanged:
    """An execution of ours began, or more is known of it."""

    run: Run


@frozen
class RunDismissed:
    """The user wants an ended execution out of sight."""

    ticket: int


@frozen
class TransferChanged:
    """A file is on its way, or more is known of it."""

    transfer: Transfer


@frozen
class TransferDismissed:
    """The user wants an ended transfer out of sight."""

    ticket: int


Writing: TypeAlias = (
    Queued
    | Recollected
    | Saved
    | Sent
    | Confirmed
    | Refused
    | Withdrawn
    | WaitingElsewhere
    | SenderStalled
    | BatchBegun
    | Answered
    | Acknowledged
    | ConflictResolved
)
"""What becomes of the user's intents."""

Event: TypeAlias = (
    WorkflowsListed
    | WorkflowOpened
    | SchemaLearned
    | Fetched
    | Changed
    | Recalled
    | Repacked
    | Reread
    | ConnectionChanged
    | DetailsLearned
    | DetailDenied
    | Remembered
    | RunChanged
    | RunDismissed
    | TransferChanged
    | TransferDismissed
    | Writing
)
