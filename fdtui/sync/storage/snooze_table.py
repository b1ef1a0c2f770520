"""The sleeping tasks in a ledger."""

from __future__ import annotations

from typing import Any

SNOOZE_KEPT_FOR = 30 * 86_400.0
"""Seconds after which a snooze that is over is of no use to anybody."""


class SnoozeTable:
    """See `fdtui.sync.storage.snoozes.Snoozes`."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def put(self, workflow: str, key: str, until: float) -> None:
        """See `fdtui.sync.storage.snoozes.Snoozes.put`; what is long over is forgotten."""
        self._ask("insert or replace into snooze values (?, ?, ?)", workflow, key, until)
        self._ask("delete from snooze where until < ?", until - SNOOZE_KEPT_FOR)

    def asleep(self, workflow: str, now: float) -> frozenset[str]:
        """See `fdtui.sync.storage.snoozes.Snoozes.asleep`; only reads, and so forgets nothing.

        A clock that was wrong for a while wakes nobody for good.
        """
        rows = self._ask("select key from snooze where workflow = ? and until > ?", workflow, now)
        return frozenset(key for (key,) in rows)
