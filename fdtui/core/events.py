"""What can happen. Each is told to `fdtui.core.update.update`, which makes the next state of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from fdtui.core.intents import Pending
from fdtui.core.schema import Schema, WorkflowRef, Workspace
from fdtui.core.state import Link
from fdtui.core.task import Task


@dataclass(frozen=True, slots=True)
class WorkflowsListed:
    """The server told which workflows there are."""

    workflows: tuple[WorkflowRef, ...]
    workspace: Workspace | None = None


@dataclass(frozen=True, slots=True)
class WorkflowOpened:
    """Another workflow is on the board; nothing of it is known yet."""

    workflow: WorkflowRef


@dataclass(frozen=True, slots=True)
class SchemaLearned:
    """The server, or its tasks, told the workflow's shape."""

    schema: Schema


@dataclass(frozen=True, slots=True)
class Fetched:
    """A listing arrived. ``asked`` is the number of the last write when it was asked for."""

    tasks: Mapping[str, Task]
    asked: int
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recalled:
    """A listing was found in the cache, read from the server at ``at`` (wall clock, seconds)."""

    tasks: Mapping[str, Task]
    at: float | None


@dataclass(frozen=True, slots=True)
class Reread:
    """One task was read again; ``None`` where it is gone."""

    key: str
    task: Task | None
    asked: int


@dataclass(frozen=True, slots=True)
class Queued:
    """An intent is saved and on its way."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Sent:
    """A request for an intent may have left."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The server took an intent and answered the task; ``write`` is the number of this write."""

    ticket: int
    task: Task
    write: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An intent will not happen."""

    ticket: int
    why: str


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """We reached the server, lost it, or were turned away; ``at`` is the wall clock in seconds."""

    link: Link
    at: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The user has seen why a task's change was refused."""

    key: str


Event: TypeAlias = (
    WorkflowsListed
    | WorkflowOpened
    | SchemaLearned
    | Fetched
    | Recalled
    | Reread
    | Queued
    | Sent
    | Confirmed
    | Refused
    | LinkChanged
    | Acknowledged
)
