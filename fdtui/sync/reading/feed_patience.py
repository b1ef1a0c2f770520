"""How long the server may keep us waiting for news: as long as everything in between lets it. Pure."""

from __future__ import annotations

WAITS = (30.0, 10.0, 4.0, 1.5, 0.0)
"""Seconds that an asking may wait, from the longest down; 0 is an asking that is answered at once."""
WATCHED_WAIT = 10.0
"""Seconds at the most while somebody looks: then it is soon noticed that nothing comes through."""
TRIES_UP = 3
"""Waits that went well before a longer one is tried again; twice as many after each cut."""
MAX_TRIES_UP = 200


class FeedPatience:
    """Shortens the wait where a proxy cuts it, and tries longer ones again later, ever more seldom."""

    def __init__(self) -> None:
        self._level = 0
        self._needed, self._went_well = TRIES_UP, 0

    def wait(self, *, watched: bool) -> float:
        """The seconds to wait now; ``watched`` says that somebody looks at the board."""
        return min(WAITS[self._level], WATCHED_WAIT if watched else WAITS[0])

    def cut(self, after: float, wait: float) -> None:
        """A ``wait`` was cut ``after`` some seconds of it, though the server is there."""
        bound = min(after, wait)
        shorter = [level for level, seconds in enumerate(WAITS) if seconds < bound]
        self._level = max(self._level + 1, shorter[0] if shorter else 0)
        self._level = min(self._level, len(WAITS) - 1)
        self._needed, self._went_well = min(MAX_TRIES_UP, self._needed * 2), 0

    def held(self) -> None:
        """A wait went well to its end."""
        self._went_well += 1
        if self._level and self._went_well >= self._needed:
            self._level, self._went_well = self._level - 1, 0
