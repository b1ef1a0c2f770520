"""An execution in glyphs and words. Pure; whatever comes from outside is `safe`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fdtui.core import job
from fdtui.core.job import Run
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Piece

DOUBT = "?"
STILL_RUNNING_AFTER = 600.0
"""Seconds after which an execution is said to be *still* running."""


def sign_of(run: Run, glyphs: Glyphs) -> tuple[str, str, str]:
    """Glyph, word and role of a run's state; an unknown status is shown as it is."""
    match run.status:
        case job.STARTING if not run.sent:
            return glyphs.waiting, "Waiting", "warn"
        case job.SUCCESS:
            return glyphs.done, "Success", "good"
        case job.FAIL | job.REFUSED:
            return glyphs.refused, run.status, "bad"
        case job.UNKNOWN | job.LOST:
            return DOUBT, run.status, "warn"
        case _:
            return glyphs.running, safe(run.status[:40]), "running"


def count_of(state: State, glyphs: Glyphs) -> list[Piece]:
    """What runs and what went wrong unread, for the status line; nothing where there is neither."""
    running = failed = doubtful = 0
    for run in state.runs:
        if not run.is_over:
            running += 1
        elif run.needs_reading:
            bad = run.status in {job.FAIL, job.REFUSED}
            failed, doubtful = failed + bad, doubtful + (not bad)
    pieces: list[Piece] = []
    if running:
        pieces.append((f"{glyphs.running} {running:,} running", "running"))
    if failed:
        pieces.append((f"{glyphs.refused} {failed:,} failed", "bold bad"))
    if doubtful:
        pieces.append((f"{DOUBT} {doubtful:,} unknown", "bold warn"))
    return pieces


def since(before: Sequence[Run], after: Sequence[Run]) -> list[Run]:
    """The executions that were under way before and are over now."""
    open_before = {run.ticket for run in before if not run.is_over}
    return [run for run in after if run.is_over and run.ticket in open_before]


def ended_words(runs: Sequence[Run]) -> str:
    """What a notification of the desktop says of executions that have ended."""
    run = runs[-1]
    text = f"{run.action}: {run.status}, {run.title}" if len(runs) == 1 else f"{len(runs)} ended"
    return safe(text[:200])


def how_long(run: Run, now: float) -> str:
    """How long it took, or takes so far."""
    return span((run.ended if run.ended is not None else now) - run.began)


def span(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``3 min``, ``2 h``, ``5 d``."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s" if seconds < 1 else f"{int(seconds)} s"
    for limit, unit, name in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // unit)} {name}"
    return f"{int(seconds // 86_400):,} d"


def began_at(run: Run, now: float) -> str:
    """When it was started: ``14:03``, or ``12 Nov`` where that was another day."""
    try:
        began, today = datetime.fromtimestamp(run.began), datetime.fromtimestamp(now)
    except (OverflowError, OSError, ValueError):
        return ""
    return f"{began:%H:%M}" if began.date() == today.date() else f"{began.day} {began:%b}"


def problem_of(run: Run) -> str:
    """The errors on one line."""
    return safe("; ".join(run.errors)[:2000])
