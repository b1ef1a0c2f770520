"""What the user last saw of which task, and since when tasks are in their stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from fdtui.core.frozen import frozen
from fdtui.core.remembered import Stay
from fdtui.core.values import Row

MAX_SEEN = 1000
"""Tasks that are remembered of a workflow: those seen last."""
MAX_STAYS = 5000
"""Tasks of a workflow of which it is remembered since when they are in their stage."""


@frozen
class SeenTask:
    """A task as the user saw it at ``at`` (wall clock, seconds); see `remembered_row`."""

    at: float
    row: Row


class Seen(Protocol):
    """What is remembered of tasks. All methods may block, and raise `StorageError`."""

    def load(self, workflow: str) -> tuple[dict[str, SeenTask], dict[str, Stay]]:
        """All that is remembered of a workflow's tasks, by their keys."""
        ...

    def store(self, workflow: str, seen: Mapping[str, SeenTask], stays: Mapping[str, Stay]) -> None:
        """Remember these, all or none of them; the oldest beyond the bounds go."""
        ...


class MemorySeen:
    """What is remembered until the program ends."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, SeenTask]] = {}
        self._stays: dict[str, dict[str, Stay]] = {}

    def load(self, workflow: str) -> tuple[dict[str, SeenTask], dict[str, Stay]]:
        """See `Seen.load`."""
        return dict(self._seen.get(workflow, {})), dict(self._stays.get(workflow, {}))

    def store(self, workflow: str, seen: Mapping[str, SeenTask], stays: Mapping[str, Stay]) -> None:
        """See `Seen.store`."""
        known, stayed = self._seen.get(workflow, {}), self._stays.get(workflow, {})
        kept = sorted({**known, **seen}.items(), key=lambda item: item[1].at)
        self._seen[workflow] = dict(kept[-MAX_SEEN:])
        left = sorted({**stayed, **stays}.items(), key=lambda item: item[1].since)
        self._stays[workflow] = dict(left[-MAX_STAYS:])
