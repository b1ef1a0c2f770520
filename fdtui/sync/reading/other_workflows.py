"""Workflows beside the one on the board: their shape and tasks, fetched once when somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fdtui.core.adoption import adopted_rows
from fdtui.core.errors import UnreachableError
from fdtui.core.schema import WorkflowRef
from fdtui.core.task_map import TaskMap
from fdtui.sync.gateway import Gateway, connected
from fdtui.sync.reading.opening import open_workflow
from fdtui.sync.storage.protocols import Cache, Snapshot
from fdtui.sync.store import StateStore

FRESH = 600.0
"""Seconds for which the cache is as good as an answer."""


class OtherWorkflows:
    """Answers from the cache where it is fresh, or where there is nobody to ask.

    What it fetched it keeps for as long as the program runs, or until the board has shown the workflow.
    """

    def __init__(self, store: StateStore, cache: Cache, gateway: Callable[[], Gateway | None]) -> None:
        self._store, self._cache, self._gateway = store, cache, gateway
        self._fetched: dict[str, Snapshot] = {}

    async def last_seen(self, workflow: WorkflowRef) -> Snapshot | None:
        """The same of however long ago, without asking the server; ``None`` where it was never seen."""
        known = self._fetched.get(workflow.id)
        return known or await asyncio.to_thread(self._cache.recall, workflow.id)

    async def peek(self, workflow: WorkflowRef) -> Snapshot:
        """The shape and the tasks of ``workflow``, perhaps of a while ago.

        Raises `fdtui.core.errors.ApiError`.
        """
        cached = await asyncio.to_thread(self._cache.recall, workflow.id)
        known = _newest(cached, self._fetched.get(workflow.id))
        if known is not None and (known.at is None or abs(self._store.clock() - known.at) < FRESH):
            return known
        try:
            opened = await open_workflow(connected(self._gateway()), workflow.id)
        except UnreachableError:
            if known is None:
                raise
            return known
        unique_id = opened.schema.unique_id
        name = unique_id.name if unique_id else None
        tasks = await asyncio.to_thread(adopted_rows, opened.listing.rows, name, TaskMap())
        fetched = Snapshot(workflow, opened.schema, tasks, self._store.clock())
        self._fetched[workflow.id] = fetched
        return fetched


def _newest(cached: Snapshot | None, fetched: Snapshot | None) -> Snapshot | None:
    """The one that was read last; the cache follows what is done on the board, too."""
    if cached is None or fetched is None:
        return cached or fetched
    return fetched if (fetched.at or 0.0) > (cached.at or 0.0) else cached
