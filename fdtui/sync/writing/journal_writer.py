"""Writes the journal beside the screen: what is done within one turn of the loop in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property, partial
from typing import TypeVar

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.sync.storage.journal import Change, Journal
from fdtui.sync.writing.queued_intent import QueuedIntent

T = TypeVar("T")


class JournalWriter:
    """Saves in the order in which it is asked, in a thread of its own where the disk may be slow.

    ``saved`` is called with what is safe now, ``failed`` with what is not and why (nothing, where only
    changes to what can be undone could not be saved), ``closed`` with what was to be withdrawn and
    whether that was in time. All on the loop.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        changes: Callable[[], Sequence[Change]],
        saved: Callable[[Sequence[QueuedIntent]], None],
        failed: Callable[[Sequence[QueuedIntent], StorageError], None],
        closed: Callable[[QueuedIntent, bool], None],
    ) -> None:
        self.journal = journal
        self._changes, self._saved, self._failed, self._closed = changes, saved, failed, closed
        self._fresh: list[QueuedIntent] = []
        self._kept_changes: tuple[Change, ...] = ()
        self._withdrawn: list[QueuedIntent] = []
        self._over: set[int] = set()
        self._bell = asyncio.Event()

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, "journal")

    @property
    def is_closing(self) -> bool:
        """Whether something was withdrawn that the journal still holds as waiting."""
        return any(each.pending.saved for each in self._withdrawn)

    def is_withdrawing(self, queued: QueuedIntent) -> bool:
        """Whether it was withdrawn, and the journal does not know yet."""
        return queued in self._withdrawn

    async def call(self, ask: Callable[[], T]) -> T:
        """What ``ask`` answers, in the journal's thread; raises `StorageError`."""
        if not self.journal.is_shared:
            return ask()
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    def add(self, queued: QueuedIntent) -> None:
        """Save an intent; where that takes no time, it is safe once this returns."""
        if self.journal.is_shared:
            self._fresh.append(queued)
            self._bell.set()
        else:
            self.journal.append([queued.entry])
            self._saved([queued])

    def withdraw(self, found: Sequence[QueuedIntent]) -> None:
        """Save that the user has taken them back."""
        if self.journal.is_shared:
            self._withdrawn += found
            self._bell.set()
        else:
            self.journal.close_entries({each.ticket for each in found})

    def close(self, tickets: Collection[int]) -> None:
        """Save that nothing more comes of them: the user has seen why they were refused."""
        if tickets and self.journal.is_shared:
            self._over |= set(tickets)
            self._bell.set()

    def wake(self) -> None:
        """What can be undone has changed."""
        self._bell.set()

    async def run(self) -> None:
        """Save until cancelled; what is to be saved by then is saved."""
        if not self.journal.is_shared:
            await asyncio.Event().wait()
        try:
            while True:
                await self._bell.wait()
                self._bell.clear()
                await self._save()
                await self._close()
        finally:
            self._thread.shutdown()
            with suppress(StorageError):
                self._append([each for each in self._fresh if not each.withdrawn], self._take_changes())
                self._close_entries()
            self.journal.close()

    def _take_changes(self) -> tuple[Change, ...]:
        changes, self._kept_changes = (*self._kept_changes, *self._changes()), ()
        return changes

    def _append(self, fresh: Sequence[QueuedIntent], changes: Sequence[Change]) -> None:
        if fresh or changes:
            self.journal.append([each.entry for each in fresh], changes)

    async def _save(self) -> None:
        fresh, count, changes = list(self._fresh), len(self._fresh), self._take_changes()
        kept = [each for each in fresh if not each.withdrawn]
        error: StorageError | None = None
        try:
            await self.call(partial(self._append, kept, changes))
        except StorageError as problem:
            error, self._kept_changes = problem, changes
        del self._fresh[:count]  # only now: the program may end meanwhile
        for each in fresh:
            if each.withdrawn and each not in kept:
                self._closed(each, True)
        if error is not None:
            self._failed(kept, error)
            return
        for each in kept:
            each.pending = replace(each.pending, saved=True)
        self._saved(kept)

    async def _close(self) -> None:
        withdrawn = [each for each in self._withdrawn if each.pending.saved]
        if not self._withdrawn and not self._over:
            return
        closed = frozenset[int]()
        with suppress(StorageError):
            closed = await self.call(self._close_entries)
        self._withdrawn = [
            each for each in self._withdrawn if each not in withdrawn and each.pending.saved
        ]
        for each in withdrawn:
            self._closed(each, each.ticket in closed)

    def _close_entries(self) -> frozenset[int]:
        """Save that nothing comes of them; answers which of the withdrawn had not left."""
        unsent = {each.ticket for each in self._withdrawn if each.pending.saved}
        over, self._over = self._over, set()
        self.journal.close_entries(over)
        return self.journal.close_entries(unsent, unsent=True)
