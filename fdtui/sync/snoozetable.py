"""The sleeping tasks in a ledger."""

from __future__ import annotations

from typing import Any


class SnoozeTable:
    """See `fdtui.sync.snoozes.Snoozes`."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def put(self, workflow: str, key: str, until: float) -> None:
        """See `fdtui.sync.snoozes.Snoozes.put`."""
        self._ask("insert or replace into snooze values (?, ?, ?)", workflow, key, until)

    def asleep(self, workflow: str, now: float) -> frozenset[str]:
        """See `fdtui.sync.snoozes.Snoozes.asleep`; those that are awake again are forgotten."""
        self._ask("delete from snooze where until <= ?", now)
        rows = self._ask("select key from snooze where workflow = ?", workflow)
        return frozenset(key for (key,) in rows)
