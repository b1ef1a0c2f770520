"""Remembers what the user saw of a task, so that what others changed meanwhile is told.

A task counts as seen once it has been under the cursor, or in the detail pane, for a moment. What
changed since is told for as long as the user stays with it, and is no news once they have left.
What the user changed is no news either. A disk that refuses is no harm: it ends with the program then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from fdtui.core import events
from fdtui.core.errors import StorageError
from fdtui.core.frozen import frozen, replace
from fdtui.core.remembered import (
    News,
    Stay,
    changes_between,
    remembered_row,
    stay_told,
    stays_seen,
)
from fdtui.core.schema import Schema
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.sync.storage.seen import Seen, SeenTask
from fdtui.sync.store import StateStore

UNSEEN_FROM = 60.0
"""Seconds without an answer after which it is not known when, since the last one, a task was moved."""


@frozen
class _Noticed:
    """What a comparison has found."""

    news: Mapping[str, News]
    stays: Mapping[str, Stay]
    moved: Mapping[str, Stay]


class RememberedTasks:
    """Keeps `State.news` and `State.stays`; all comparing and storing happens in a thread."""

    def __init__(self, store: StateStore, book: Seen) -> None:
        self._store, self._book = store, book
        self._workflow = ""
        """The workflow that was loaded."""
        self._seen: dict[str, SeenTask] = {}
        self._stays: dict[str, Stay] = {}
        self._looked = ""
        """The task that the user is looking at."""
        self._since: State | None = None
        """The state that has been compared last."""
        self._true_at: float | None = None
        """When that state was true last, where that is longer ago than `UNSEEN_FROM`."""
        self._looked_early = ""
        """The task that the user was looking at before the workflow was loaded."""
        self._unsaved: dict[str, SeenTask] = {}
        self._wake = asyncio.Event()

    # What the screen tells

    def look(self, key: str) -> None:
        """The user has been looking at that task for a moment, or is at none."""
        self._looked_early = "" if self._is_loaded else key
        if key == self._looked or not self._is_loaded:
            return
        if self._looked:
            self._leave(self._looked)
        self._looked = key
        task = self._store.state.base.get(key)
        if task is None:
            return
        seen = SeenTask(self._store.clock(), remembered_row(task.row))
        self._unsaved[key] = seen
        if key not in self._store.state.news:
            self._seen[key] = seen
        self._tell(self._store.state.news)
        self._wake.set()

    def _tell(self, news: Mapping[str, News]) -> None:
        """Put news on the board; what the user looks at is read."""
        read = {key: replace(each, is_read=key == self._looked) for key, each in news.items()}
        self._store.apply(events.Remembered(read, self._stays))

    def _leave(self, key: str) -> None:
        task = self._store.state.base.get(key)
        if task is not None:
            self._seen[key] = SeenTask(self._store.clock(), remembered_row(task.row))
            self._unsaved[key] = self._seen[key]
        self._looked = ""
        self._wake.set()

    @property
    def _is_loaded(self) -> bool:
        return bool(self._workflow) and self._store.shows(self._workflow)

    async def changed_in(
        self, workflow: str, schema: Schema, tasks: Mapping[str, Task]
    ) -> frozenset[str]:
        """The keys of those ``tasks`` of a workflow that changed since the user saw them."""
        try:
            seen, _ = await asyncio.to_thread(self._book.load, workflow)
        except StorageError:
            return frozenset()
        return frozenset(
            key
            for key, known in seen.items()
            if (task := tasks.get(key)) is not None and _news(known, task, schema) is not None
        )

    # What the session tells

    def see(self, before: State, after: State) -> None:
        """Follow the state; comparing comes later, in a thread."""
        if before.workflow != after.workflow:
            self._since, self._looked, self._looked_early, self._true_at = None, "", "", None
        elif before.written is not after.written and self._is_loaded:
            self._adopt(before, after)
        if self._since is None and before.loaded and before.workflow == after.workflow:
            self._since = before
        if before.base is not after.base and self._true_at is None:
            self._true_at = self._unseen_since()
        if before.base is not after.base or before.details is not after.details:
            self._wake.set()

    def _unseen_since(self) -> float | None:
        """When the server answered last, where that is long ago: after a sleep, or without a network."""
        last = self._store.reached_at
        return last if last is not None and self._store.clock() - last > UNSEEN_FROM else None

    def _adopt(self, before: State, after: State) -> None:
        """What the user changed, they have seen."""
        for key, write in after.written.items():
            seen, old, new = self._seen.get(key), before.base.get(key), after.base.get(key)
            if before.written.get(key) == write or seen is None or old is None or new is None:
                continue
            own = {name: value for name, value in new.row.items() if old.row.get(name) != value}
            row = {**seen.row, **remembered_row(own)}
            self._seen[key] = self._unsaved[key] = SeenTask(seen.at, row)

    async def run(self) -> None:
        """Load, compare and store until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._step()
        finally:
            if self._is_loaded and self._looked:
                self._leave(self._looked)
            await self._save({})

    async def _step(self) -> None:
        state = self._store.state
        if state.workflow is None or not state.loaded:
            return
        if state.workflow.id != self._workflow:
            await self._save({})
            await self._load(state.workflow.id)
        before, self._since = self._since, state
        true_at, self._true_at = self._true_at, None
        seen, stays, now = dict(self._seen), dict(self._stays), self._store.clock()
        as_of = before.as_of if before is not None and before.as_of is not None else true_at
        moved = partial(stays_seen, now=now, as_of=as_of)
        found = await asyncio.to_thread(_compared, before, state, seen, stays, moved)
        if not self._is_loaded:
            return
        self._stays = dict(found.stays)
        news = {key: each for key, each in found.news.items() if self._seen.get(key) is seen.get(key)}
        self._tell(news)
        if self._looked_early:
            self.look(self._looked_early)
        await self._save(found.moved)

    async def _load(self, workflow: str) -> None:
        try:
            self._seen, self._stays = await asyncio.to_thread(self._book.load, workflow)
        except StorageError:
            self._seen, self._stays = {}, {}
        self._workflow, self._unsaved = workflow, {}

    async def _save(self, moved: Mapping[str, Stay]) -> None:
        unsaved, self._unsaved = self._unsaved, {}
        if self._workflow and (unsaved or moved):
            store = partial(self._book.store, self._workflow, unsaved, moved)
            storing = asyncio.ensure_future(asyncio.to_thread(store))
            try:
                await asyncio.shield(storing)
            except StorageError:
                return  # it is known until the program ends
            except asyncio.CancelledError:  # a thread that has not begun would never begin
                await asyncio.wait([storing])
                raise


def _compared(
    before: State | None,
    state: State,
    seen: Mapping[str, SeenTask],
    stays: dict[str, Stay],
    moves: Callable[[Mapping[str, Task], Mapping[str, Task]], dict[str, Stay]],
) -> _Noticed:
    """What is new in ``state``, compared with what was ``seen`` and with the state ``before``."""
    moved: dict[str, Stay] = {}
    if before is not None and before.base is not state.base:
        moved = moves(before.base, state.base)
    for key, details in state.details.items():
        task = state.base.get(key)
        if details.activity and task is not None:
            told = stay_told(task, details.activity)
            if told is not None and told != stays.get(key):
                moved[key] = told
    stays |= moved
    news = {
        key: each
        for key, known in seen.items()
        if (task := state.base.get(key)) is not None
        and (each := _news(known, task, state.schema)) is not None
    }
    return _Noticed(news, {key: each for key, each in stays.items() if key in state.base}, moved)


def _news(seen: SeenTask, task: Task, schema: Schema) -> News | None:
    if task.row == seen.row:
        return None
    changes = changes_between(seen.row, task.row, schema)
    return News(seen.at, changes) if changes else None
