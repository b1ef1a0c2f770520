"""Workflows beside the one on the board: their shape and tasks, fetched once when somebody asks."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.errors import UnreachableError
from fdtui.core.schema import WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder
from fdtui.sync.opening import open_workflow
from fdtui.sync.store import Cache, Snapshot


class Neighbours:
    """Answers from the cache where it can; what it fetched it keeps for as long as the program runs."""

    def __init__(self, holder: Holder, cache: Cache, gateway: Callable[[], Gateway | None]) -> None:
        self._holder, self._cache, self._gateway = holder, cache, gateway
        self._fetched: dict[str, Snapshot] = {}

    async def peek(self, workflow: WorkflowRef) -> Snapshot:
        """The shape and the tasks of ``workflow``, perhaps of a while ago.

        Raises `fdtui.core.errors.ApiError`.
        """
        known = self._fetched.get(workflow.id) or self._cache.recall(workflow.id)
        if known is not None:
            return known
        gateway = self._gateway()
        if gateway is None:
            raise UnreachableError("There is no connection yet.")
        opened = await open_workflow(gateway, workflow.id, None)
        unique_id = opened.schema.unique_id
        tasks = tasks_from_rows(opened.listing.rows, unique_id.name if unique_id else None)
        fetched = Snapshot(workflow, opened.schema, tasks, self._holder.clock())
        self._fetched[workflow.id] = fetched
        return fetched
