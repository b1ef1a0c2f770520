"""The executions as this window knows them: shown at once, stored in the background.

What is recorded within one turn of the loop is stored in one transaction, in a thread where the disk
may be slow. Where other windows write the same book, their executions are shown here, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from fdtui.core import events
from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.job import Run, worth_keeping
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.storage.protocols import RunBook
from fdtui.sync.store import Notice, StateStore

MIRROR_INTERVAL_BUSY, MIRROR_INTERVAL_IDLE = 1.5, 6.0
"""Seconds between two looks at what other windows wrote, while something runs and otherwise."""


class RunRegistry:
    """Keeps `State.runs` and the book alike. ``adopted`` is called with runs that are ours to follow."""

    def __init__(
        self, store: StateStore, book: RunBook, *, sleep: Sleep, adopted: Callable[[Run], None]
    ) -> None:
        self._store, self._book, self._sleep, self._adopted = store, book, sleep, adopted
        self._known: dict[int, Run] = {}
        self._ours: set[int] = set()
        self._fresh: dict[int, Run] = {}
        self._wake = asyncio.Event()
        self._stored: list[asyncio.Future[None]] = []
        self._has_warned = False

    def get(self, ticket: int) -> Run | None:
        """What is known of a run now; ``None`` where it was dismissed."""
        return self._known.get(ticket)

    @property
    def all(self) -> Iterable[Run]:
        """Every run."""
        return tuple(self._known.values())

    def record(self, *runs: Run) -> None:
        """Show ``runs``, which are ours, and store them soon."""
        for run in runs:
            self._ours.add(run.ticket)
            self._fresh[run.ticket] = run
            self._show(run)
        if self._book.is_shared:
            self._wake.set()
        else:
            self._save_fresh()

    def drop(self, *tickets: int) -> None:
        """Forget runs, here and in the book."""
        for ticket in tickets:
            self._fresh.pop(ticket, None)
            self._hide(ticket)
        try:
            self._book.drop(*tickets)
        except StorageError as error:
            self._warn(error)

    async def stored(self) -> None:
        """Wait until all that was recorded is stored; raises `StorageError` if it cannot be."""
        if self._book.is_shared and self._fresh:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._stored.append(done)
            await done

    def recall(self) -> None:
        """Show what the book knows, and adopt what nobody follows."""
        try:
            self._book.has_changed()
            runs = self._book.load()
            kept = worth_keeping(runs, self._store.clock())
            tickets = {run.ticket for run in kept}
            if len(kept) < len(runs):
                self._book.drop(*(run.ticket for run in runs if run.ticket not in tickets))
            ours = self._book.claim(*(run.ticket for run in kept if not run.is_over))
        except StorageError as error:
            self._warn(error)
            return
        for run in kept:
            self._show(run)
            if run.ticket in ours:
                self._adopt(run)

    async def run(self) -> None:
        """Store and listen to other windows until cancelled; what is recorded by then is stored."""
        if not self._book.is_shared:
            await asyncio.Event().wait()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write())
                group.create_task(self._mirror())
        finally:
            self._save_fresh()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, waiters = list(self._fresh.values()), self._stored
            self._stored = []
            error: StorageError | None = None
            try:
                await asyncio.to_thread(self._book.save, *batch)
            except StorageError as problem:
                error = problem
                self._warn(problem)
            for run in batch:
                if self._fresh.get(run.ticket) is run:
                    del self._fresh[run.ticket]
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_exception(error) if error else waiter.set_result(None)

    def _save_fresh(self) -> None:
        batch, self._fresh = list(self._fresh.values()), {}
        try:
            if batch:
                self._book.save(*batch)
        except StorageError as error:
            self._warn(error)

    async def _mirror(self) -> None:
        while True:
            foreign = [r.ticket for r in self._known.values() if not self._is_mine(r) and not r.is_over]
            await self._sleep(MIRROR_INTERVAL_BUSY if foreign else MIRROR_INTERVAL_IDLE)
            try:
                if self._book.has_changed():
                    self._take(self._book.load())
                ours = self._book.claim(*foreign) if foreign else frozenset()
            except StorageError:
                continue  # what is written meanwhile is read with the next look
            for ticket in ours:
                run = self._known.get(ticket)
                if run is not None and not run.is_over:
                    self._adopt(run)

    def _take(self, runs: tuple[Run, ...]) -> None:
        """What the book says of runs that other windows follow, and what they dismissed."""
        there = {run.ticket for run in runs}
        for run in runs:
            mine = self._known.get(run.ticket)
            if run.ticket in self._fresh or mine == run:
                continue
            if mine is None or not self._is_mine(mine):
                self._show(run)
            elif run.is_read and not mine.is_read:
                self._show(replace(mine, is_read=True))
        for ticket in set(self._known) - there - set(self._fresh):
            self._hide(ticket)

    def _is_mine(self, run: Run) -> bool:
        return run.ticket in self._ours

    def _adopt(self, run: Run) -> None:
        self._ours.add(run.ticket)
        self._adopted(run)

    def _show(self, run: Run) -> None:
        if self._known.get(run.ticket) != run:
            self._known[run.ticket] = run
            self._store.apply(events.RunChanged(run))

    def _hide(self, ticket: int) -> None:
        if self._known.pop(ticket, None) is not None:
            self._ours.discard(ticket)
            self._store.apply(events.RunDismissed(ticket))

    def _warn(self, error: StorageError) -> None:
        if not self._has_warned:
            self._has_warned = True
            self._store.on_notice(Notice(f"Executions will not outlive the program: {error}", "warning"))
