"""The bell of a process: whoever waits for a change waits here, and costs nothing until it rings.

A commit rings it, from the writer's own thread; what other processes commit, `store.watch` hears.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any


class Waiter:
    """Somebody on an event loop who waits for changes of some workflows; `rung` is set by the bell."""

    def __init__(self, workflows: frozenset[str]) -> None:
        self.workflows = workflows
        self.loop = asyncio.get_running_loop()
        self.rung = asyncio.Event()


class Bell:
    """Rings for workflows; may be rung from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._rang: dict[str, int] = {}
        self._rang_for_all = 0
        self._waiters: set[Waiter] = set()
        self.closed = False
        self.on_waiting: Callable[[int], None] = _nobody_counts
        """Told how many wait, each time that this changes."""

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiters)

    def mark(self) -> int:
        """The number of the last ring; taken before a look, so that no ring is missed after it."""
        with self._lock:
            return self._count

    def ring(self, workflows: Collection[str] | None) -> None:
        """Wake who waits for one of ``workflows``, or everybody; returns at once."""
        with self._lock:
            self._count += 1
            if workflows is None:
                self._rang_for_all = self._count
                woken = list(self._waiters)
            else:
                self._rang.update(dict.fromkeys(workflows, self._count))
                woken = [each for each in self._waiters if not each.workflows.isdisjoint(workflows)]
        _wake(woken)

    def close(self) -> None:
        """Wake everybody, and let nobody wait from now on."""
        self.closed = True
        self.ring(None)

    @contextmanager
    def waiting(self, workflows: frozenset[str], mark: int) -> Iterator[Waiter]:
        """Somebody who waits, rung already if it has rung since ``mark``."""
        waiter = Waiter(workflows)
        with self._lock:
            self._waiters.add(waiter)
            self.on_waiting(len(self._waiters))
            last = max((self._rang.get(each, 0) for each in workflows), default=0)
            if self.closed or max(last, self._rang_for_all) > mark:
                waiter.rung.set()
        try:
            yield waiter
        finally:
            with self._lock:
                self._waiters.discard(waiter)
                self.on_waiting(len(self._waiters))


def _nobody_counts(_: int) -> None: ...


def _wake(waiters: list[Waiter]) -> None:
    by_loop: dict[Any, list[Waiter]] = {}
    for each in waiters:
        by_loop.setdefault(each.loop, []).append(each)
    for loop, mine in by_loop.items():
        try:
            loop.call_soon_threadsafe(_set, mine)
        except RuntimeError:
            continue  # that loop is over, and nobody waits on it


def _set(waiters: list[Waiter]) -> None:
    for each in waiters:
        each.rung.set()
