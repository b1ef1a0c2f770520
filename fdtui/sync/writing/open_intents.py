"""The intents that have no answer yet, of all workflows and windows, in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator

from fdtui.core import events
from fdtui.core.intents import CreateTask
from fdtui.sync.store import StateStore
from fdtui.sync.writing.queued_intent import QueuedIntent


class OpenIntents:
    """By ticket. While one is here it is counted as work, and the board knows of it."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._open: dict[int, QueuedIntent] = {}
        self._is_drained = asyncio.Event()
        self._is_drained.set()

    def __len__(self) -> int:
        """How many there are, those not counted that were withdrawn."""
        return sum(not each.withdrawn for each in self._open.values())

    def __contains__(self, ticket: int) -> bool:
        return ticket in self._open

    def __iter__(self) -> Iterator[QueuedIntent]:
        return iter(self._open.values())

    def __getitem__(self, ticket: int) -> QueuedIntent:
        return self._open[ticket]

    def get(self, ticket: int) -> QueuedIntent | None:
        """The one of that ticket."""
        return self._open.get(ticket)

    @property
    def tickets(self) -> frozenset[int]:
        """What they are called."""
        return frozenset(self._open)

    def about(self, making: QueuedIntent) -> list[QueuedIntent]:
        """Those that are about the task that ``making`` creates, without it, in order."""
        where, key = making.workflow.id, making.pending.key
        return [
            each
            for each in self
            if each is not making and each.workflow.id == where and each.pending.key == key
        ]

    def followers(self, tickets: Collection[int]) -> frozenset[int]:
        """Those that can do nothing without a creation of ``tickets``."""
        makings = [
            each
            for each in self
            if each.ticket in tickets
            and each.can_be_withdrawn
            and isinstance(each.pending.intent, CreateTask)
        ]
        return frozenset(each.ticket for making in makings for each in self.about(making))

    def add(self, queued: QueuedIntent) -> None:
        """It waits from now on."""
        self._store.begin_work()
        self._open[queued.ticket] = queued
        self._is_drained.clear()

    def remove(self, queued: QueuedIntent) -> None:
        """It has its answer."""
        if self._open.pop(queued.ticket, None) is not None:
            self._store.end_work()
            self.recount(queued)
        if not self._open:
            self._is_drained.set()

    async def drained(self) -> None:
        """Wait until each has its answer."""
        await self._is_drained.wait()

    def recount(self, queued: QueuedIntent) -> None:
        """It waits now, or no more."""
        if not self._store.shows(queued.workflow.id):
            self.count_elsewhere()

    def count_elsewhere(self) -> None:
        """Tell the board what waits for workflows that it does not show."""
        waits = Counter(each.workflow.id for each in self if not each.withdrawn)
        counts = {name: count for name, count in waits.items() if not self._store.shows(name)}
        self._store.apply(events.WaitingElsewhere(counts))
