"""What a state knows of a task besides its row, for its card. Pure."""

from __future__ import annotations

from datetime import datetime

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.presentation.card_lines import NOTHING_BESIDE, Beside


def beside(task: Task, state: State, now: datetime) -> Beside:
    """How many comments it has, and for how many days it is in its stage, as far as that is known."""
    details, stay = state.details.get(task.key), state.stays.get(task.key)
    if details is None and stay is None:
        return NOTHING_BESIDE
    comments = len(details.comments or ()) if details is not None else 0
    days = None
    if stay is not None and stay.stage == task.stage:
        days = max(0, int((now.timestamp() - stay.since) // 86_400))
    return Beside(comments, days)
