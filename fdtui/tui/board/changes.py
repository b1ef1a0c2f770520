"""Which cards others changed between two states. Pure."""

from __future__ import annotations

from fdtui.core.state import State
from fdtui.core.task_map import differing

MAX_HIGHLIGHTS = 40
"""More changes than this are no news but another listing; nothing is tinted."""

MAX_OWN_RUNS = 20
"""Executions of ours whose tasks change because of them."""


def made_of(key: str, old: State, new: State) -> str | None:
    """The key that a task of ours has now that it is made, where ``key`` was its first one."""
    if not key.startswith("\0") or key in new.shown:
        return None
    made = [
        each
        for each, write in new.written.items()
        if each not in old.base and each in new.base and old.written.get(each) != write
    ]
    return made[0] if len(made) == 1 else None


def changed_by_others(old: State, new: State) -> frozenset[str]:
    """The keys of tasks that changed or came, but not through this user."""
    if new.base is old.base or not old.loaded or old.as_of is not None or old.workflow != new.workflow:
        return frozenset()
    own = (
        {run.key for run in new.runs[-MAX_OWN_RUNS:]}
        | old.waiting
        | {key for key, write in new.written.items() if old.written.get(key) != write}
    )
    changed = [key for key in differing(old.base, new.base) if key in new.base and key not in own]
    return frozenset(changed) if len(changed) <= MAX_HIGHLIGHTS else frozenset()
