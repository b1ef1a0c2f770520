"""Tasks that the user does not want to see in a triage until a time; local to this machine."""

from __future__ import annotations

from typing import Protocol


class Snoozes(Protocol):
    """Until when which task sleeps. Times are wall clock seconds."""

    def put(self, workflow: str, key: str, until: float) -> None:
        """Let a task sleep; with a time that has passed, wake it."""
        ...

    def asleep(self, workflow: str, now: float) -> frozenset[str]:
        """The keys of the workflow's tasks that sleep."""
        ...


class MemorySnoozes:
    """Snoozes that end with the program."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}

    def put(self, workflow: str, key: str, until: float) -> None:
        """See `Snoozes.put`."""
        self._until[workflow, key] = until

    def asleep(self, workflow: str, now: float) -> frozenset[str]:
        """See `Snoozes.asleep`."""
        return frozenset(
            key for (whose, key), until in self._until.items() if whose == workflow and until > now
        )
