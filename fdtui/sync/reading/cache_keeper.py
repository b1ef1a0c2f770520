"""Keeps the cache as the state is, and shows the state that the cache knows before anything is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.sync.storage.protocols import Cache, CursorPlace, Snapshot
from fdtui.sync.store import Notice, StateStore

MAX_BYTES_AT_START = 8 << 20
"""Bytes of the largest packed board that is read before the first frame: some milliseconds."""


class CacheKeeper:
    """Between the one state and the cache; the only one who decides what is kept and when."""

    def __init__(self, store: StateStore, cache: Cache) -> None:
        self._store, self._cache = store, cache
        self.feed: Callable[[], str] = lambda: ""
        """The token from which the server's feed goes on after the tasks of the state."""
        self._true_at: float | None = None
        """When the server said last that the board is as it is shown."""

    def see(self, before: State, after: State) -> None:
        """Keep what has changed, whatever event changed it; what came from the cache is there."""
        is_other = (
            before.base is not after.base
            or before.schema is not after.schema
            or before.workflows is not after.workflows
            or before.workspace is not after.workspace
        )
        if is_other and before.workflow == after.workflow:
            self._remember(after)

    def confirm(self) -> None:
        """The server answered: what is shown is true now."""
        self._true_at = self._store.clock()
        self._remember(self._store.state)

    def _remember(self, state: State) -> None:
        if state.workflow is None or not state.loaded or state.as_of is not None:
            return
        at = self._store.clock() if self._true_at is None else self._true_at
        seen = (state.workflow, state.schema, state.base, at)
        self._cache.remember(Snapshot(*seen, state.workflows, state.workspace, self.feed()))

    def recall_small(self, wanted: str | None) -> Snapshot | None:
        """The workflow of that id or name, or the one last seen, where it is read in no time."""
        return self._cache.recall(wanted, MAX_BYTES_AT_START)

    async def recall_large(self, wanted: str | None) -> Snapshot | None:
        """The same where that takes a while."""
        return await asyncio.to_thread(self._cache.recall, wanted)

    def listed(self, workflows: Iterable[WorkflowRef]) -> None:
        """The server told which workflows there are: no other is kept."""
        self._cache.keep_only([each.id for each in workflows])

    def denied(self, workflow: WorkflowRef | None) -> bool:
        """The server does not give that workflow, or without one nothing at all: forget it.

        True where the board shows it, and only from the cache, so that it has to be cleared.
        """
        state = self._store.state
        if workflow is None:
            self._cache.keep_only(())
        else:
            self._cache.forget(workflow.id)
        shows = workflow is None or state.workflow == workflow
        return shows and state.workflow is not None and state.as_of is not None

    # The cursor

    def place(self) -> CursorPlace | None:
        """Where the cursor was on this board."""
        workflow = self._store.state.workflow
        return None if workflow is None else self._cache.place(workflow.id)

    def remember_place(self, workflow: str, place: CursorPlace) -> None:
        """Keep where the cursor is."""
        self._cache.remember_place(workflow, place)

    # While the session runs

    async def run(self) -> None:
        """Say what the cache has to say of itself; write what is left at the end."""
        loop = asyncio.get_running_loop()
        self._cache.listen(lambda text: loop.call_soon_threadsafe(self._say, text))
        try:
            await asyncio.Event().wait()
        finally:
            self._cache.listen(lambda _: None)
            await asyncio.to_thread(self._cache.close)

    def _say(self, text: str) -> None:
        self._store.on_notice(Notice(text, "warning"))
