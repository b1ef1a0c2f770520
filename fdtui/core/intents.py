"""What a user can want. An intent names the task by key and says the outcome, never the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from fdtui.core.schema import ASSIGNEE, STAGE
from fdtui.core.task import Task
from fdtui.core.values import Value


@dataclass(frozen=True, slots=True)
class MoveTask:
    """Put a task into a stage."""

    key: str
    stage: str

    def changes(self) -> dict[str, Value]:
        """The fields that change, with their new values."""
        return {STAGE: self.stage}

    def sentence(self) -> str:
        """What is wanted, for a message: ``move to Done``."""
        return f"move to {self.stage}"


@dataclass(frozen=True, slots=True)
class AssignTask:
    """Give a task to somebody, or with ``None`` to nobody."""

    key: str
    email: str | None

    def changes(self) -> dict[str, Value]:
        """The fields that change, with their new values."""
        return {ASSIGNEE: self.email}

    def sentence(self) -> str:
        """What is wanted, for a message: ``assign to ada@example.com``."""
        return "unassign" if self.email is None else f"assign to {self.email}"


Intent: TypeAlias = MoveTask | AssignTask


@dataclass(frozen=True, slots=True)
class Pending:
    """An intent that the server has not confirmed yet.

    ``was`` holds what the changed fields were when the user decided, so that a change by somebody
    else in between can be told from none. ``sent`` is true once a request may have left.
    """

    ticket: int
    intent: Intent
    was: tuple[tuple[str, Value], ...] = ()
    sent: bool = False

    @property
    def key(self) -> str:
        """The task it is about."""
        return self.intent.key


def applied(task: Task, pending: Pending) -> Task:
    """The task as it will be if the server agrees."""
    return task.with_changes(pending.intent.changes())
