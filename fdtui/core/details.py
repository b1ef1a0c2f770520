"""What belongs to a task but does not stand in its row: actions, comments, checklist, activity."""

from __future__ import annotations

from enum import StrEnum

from fdtui.core.frozen import frozen
from fdtui.core.values import Value


@frozen
class Action:
    """Something the workflow lets one do with a task now."""

    id: str
    name: str
    confirm: str | None = None
    """What to ask before it is run, in the words of whoever made the workflow; ``None`` for nothing."""


@frozen
class Comment:
    """What somebody said about a task; ``at`` is ISO 8601."""

    author: str
    body: str
    at: str


class Tick(StrEnum):
    """The states of a checklist item, as the API spells them."""

    BLANK = "Blank"
    SKIPPED = "Skipped"
    COMPLETED = "Completed"


@frozen
class ChecklistItem:
    """One thing to do; ``status`` is a `Tick`, or a word that only the server knows."""

    id: str
    title: str
    status: str
    editable: bool = True
    """False for an item of the stage's template: it can be ticked, not deleted or renamed."""
    assignee: str | None = None
    stage: str = ""


@frozen
class Activity:
    """One change of the past; only our own server has it.

    ``what`` is a noun and a participle, ``task.updated``; the values hold what differs, by name.
    """

    at: str
    who: str
    what: str
    before: Value = None
    after: Value = None


class Part(StrEnum):
    """The parts that are fetched on their own."""

    ACTIONS = "actions"
    COMMENTS = "comments"
    CHECKLIST = "checklist"
    ACTIVITY = "activity"


@frozen
class Details:
    """What has been fetched of one task; ``None`` for a part that nobody has asked for yet."""

    actions: tuple[Action, ...] | None = None
    comments: tuple[Comment, ...] | None = None
    checklist: tuple[ChecklistItem, ...] | None = None
    activity: tuple[Activity, ...] | None = None
    problems: tuple[tuple[Part, str], ...] = ()
    """The parts that could not be fetched, with the reason."""
    cached: tuple[tuple[Part, float], ...] = ()
    """The parts that come from the cache, with when they were read (wall clock, seconds)."""

    def problem(self, part: Part) -> str:
        """Why ``part`` could not be fetched, or empty."""
        return dict(self.problems).get(part, "")

    def as_of(self, part: Part) -> float | None:
        """When ``part`` was read, where it comes from the cache."""
        return dict(self.cached).get(part)
