"""Executions as the user sees them: a run of an action on a task, from the key press to its end."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from fdtui.core.frozen import frozen

PENDING, SUCCESS, FAIL = "Pending", "Success", "Fail"
"""The statuses that Flowdash documents."""
STARTING = "Starting"
"""Our request is on its way."""
REFUSED = "Refused"
"""The server did not start it: a requirement is missing, or a permission."""
UNKNOWN = "Unknown"
"""The answer to our request was lost: it may run or not, and is never started again by itself."""
LOST = "Lost"
"""The server no longer knows the execution."""
ENDED = frozenset({SUCCESS, FAIL, REFUSED, UNKNOWN, LOST})

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between a start and the first look, and between two looks in the end."""
WAIT_GROWTH = 1.6
MAX_UNKNOWN_ANSWERS = 3
"""404s in a row after which we say that we lost track."""

MAX_ENDED_RUNS, LONGEST_KEPT = 100, 24 * 3600.0
"""Ended runs that are remembered, and for how many seconds; failures that nobody read stay."""


@frozen
class Execution:
    """What the API says of an execution."""

    id: str
    status: str
    errors: tuple[str, ...] = ()


@frozen
class Run:
    """One execution as we know it. Times are wall clock seconds."""

    ticket: int
    workflow: str
    key: str
    uid: str
    title: str
    action_id: str
    action: str
    who: str | None
    began: float
    id: str = ""
    status: str = STARTING
    errors: tuple[str, ...] = ()
    ended: float | None = None
    is_read: bool = False
    """The user has seen how it ended; until then a failure stays on the screen."""
    sent: bool = False
    """Whether our request to start it may have left."""
    batch: int = 0
    """The ticket of the first of several that were started as one; 0 for one by itself."""
    once: str = ""
    """A random name of the request that starts it, as `fdtui.core.intents.Pending.once`."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come of it."""
        return self.status in ENDED

    @property
    def went_well(self) -> bool:
        """Whether it did what it was to do."""
        return self.status == SUCCESS

    @property
    def needs_reading(self) -> bool:
        """Whether it ended otherwise than it should, and nobody has seen that yet."""
        return self.is_over and not self.went_well and not self.is_read


def worth_keeping(runs: Iterable[Run], now: float) -> tuple[Run, ...]:
    """Those of ``runs`` that the user may still want to see."""
    kept, room = [], MAX_ENDED_RUNS
    for run in sorted(runs, key=lambda each: each.ticket, reverse=True):
        is_recent = room > 0 and now - (run.ended or run.began) < LONGEST_KEPT
        if is_recent or not run.is_over or run.needs_reading:
            kept.append(run)
        room -= run.is_over
    return tuple(reversed(kept))


def wait_before(look: int, random: Random) -> float:
    """The seconds before look number ``look`` (from 0): soon at first, then ever later, jittered."""
    seconds = min(LONGEST_WAIT, FIRST_WAIT * WAIT_GROWTH ** min(look, 20))
    return random.uniform(0.8, 1.2) * seconds
