"""Which cards somebody else changed between two states. Pure."""

from __future__ import annotations

from fdtui.core.state import State

MANY = 40
"""More changes than this are no news but another listing; nothing is tinted."""

RECENT = 20
"""Executions of ours whose tasks change because of them."""


def changed_by_others(old: State, new: State) -> frozenset[str]:
    """The keys of tasks that changed or came, but not through this user."""
    if new.base is old.base or not old.loaded or old.as_of is not None or old.workflow != new.workflow:
        return frozenset()
    own = (
        {run.key for run in new.runs[-RECENT:]}
        | old.waiting
        | {key for key, write in new.written.items() if old.written.get(key) != write}
    )
    before = old.base
    changed = [key for key, task in new.base.items() if before.get(key) is not task and key not in own]
    return frozenset(changed) if len(changed) <= MANY else frozenset()
