"""What happened on a board between the last time it was shown and now. Pure."""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.core.names import same_email
from fdtui.core.state import State
from fdtui.core.task_map import differing


@frozen
class Away:
    """The tasks that others changed while the user was away, by key."""

    changed: frozenset[str] = frozenset()
    """All of them; those that are gone are not among them."""
    moved: int = 0
    """Of these, how many are in another stage."""
    new_for_me: int = 0
    """How many were assigned to the user."""

    @property
    def words(self) -> str:
        """``14 moved, 3 new for you``; empty where nothing happened."""
        parts = []
        if self.moved:
            parts.append(f"{self.moved:,} moved")
        if self.new_for_me:
            parts.append(f"{self.new_for_me:,} new for you")
        if others := len(self.changed) if not parts else 0:
            parts.append(f"{others:,} changed")
        return ", ".join(parts)


NOTHING_HAPPENED = Away()


def has_returned(before: State, after: State) -> bool:
    """Whether the tasks of the last time have just been replaced by those of now."""
    is_same = before.workflow is not None and before.workflow == after.workflow
    return is_same and before.loaded and before.as_of is not None and after.as_of is None


def away_between(before: State, after: State) -> Away:
    """What others changed between two states; what the user's own changes made of a task is no news."""
    own = before.waiting | {key for key, at in after.written.items() if before.written.get(key) != at}
    changed, moved, mine = [], 0, 0
    for key in differing(before.base, after.base):
        old, new = before.base.get(key), after.base.get(key)
        if new is None or key in own:
            continue
        changed.append(key)
        moved += old is not None and old.stage != new.stage
        is_mine = after.me is not None and same_email(new.assignee, after.me)
        mine += is_mine and (old is None or not same_email(old.assignee, after.me))
    return Away(frozenset(changed), moved, mine)
