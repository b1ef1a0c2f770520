"""What others changed on a board while the user was away, and since they looked. Pure."""

from __future__ import annotations

from fdtui.core.away import NOTHING_HAPPENED, Away, away_between, has_returned
from fdtui.core.state import State


class SinceLast:
    """Collects the changes of one workflow; what has changed once stays among them."""

    def __init__(self) -> None:
        self.away: Away = NOTHING_HAPPENED
        """What happened while the user was away."""
        self.keys: frozenset[str] = frozenset()
        """The tasks that others changed."""
        self.is_seen = False
        """Whether the user has asked for them."""

    def on_state(self, before: State, state: State) -> None:
        """Take another state."""
        if state.workflow != before.workflow:
            self.away, self.keys, self.is_seen = NOTHING_HAPPENED, frozenset(), False
        if has_returned(before, state):
            self.away = away_between(before, state)
            self.keys |= self.away.changed
        if state.news is not before.news:
            self.keys |= state.news.keys()
