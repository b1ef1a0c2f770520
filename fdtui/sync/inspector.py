"""Fetches what belongs to a task but not to its row, for the tasks that somebody looks at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fdtui.core import events as happened
from fdtui.core.details import Details, Part
from fdtui.core.errors import FdtuiError, NotFoundError
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder

NOT_HERE = "This install does not have it."


class Inspector:
    """Fetches parts of tasks on demand, each once at a time, the newest wish first."""

    def __init__(self, holder: Holder, gateway: Callable[[], Gateway | None]) -> None:
        self._holder, self._gateway = holder, gateway
        self._wanted: dict[tuple[str, str, Part], None] = {}
        self._wake = asyncio.Event()

    def look(self, key: str, *parts: Part) -> None:
        """Fetch these parts of the task soon; counts as the user's work until they are there."""
        workflow, task = self._holder.state.workflow, self._holder.state.base.get(key)
        if workflow is None or task is None or task.uid is None or task.problem:
            return
        for part in parts:
            wish = (workflow.id, key, part)
            if wish not in self._wanted:
                self._holder.enter()
                self._wanted[wish] = None
        self._wake.set()

    async def run(self) -> None:
        """Fetch until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._holder.online.wait()
            while self._wanted:
                batch = [self._wanted.popitem()[0] for _ in range(min(4, len(self._wanted)))]
                await asyncio.gather(*(self._fetch(*wish) for wish in batch))

    async def _fetch(self, workflow: str, key: str, part: Part) -> None:
        try:
            details = await self._details(workflow, key, part)
            if self._holder.shows(workflow):
                self._holder.apply(happened.DetailsLearned(key, details))
        finally:
            self._holder.leave()

    async def _details(self, workflow: str, key: str, part: Part) -> Details:
        gateway, task = self._gateway(), self._holder.state.base.get(key)
        if gateway is None or task is None or task.uid is None:
            return Details()
        try:
            match part:
                case Part.ACTIONS:
                    return Details(actions=await gateway.actions(workflow, task.uid))
                case Part.COMMENTS:
                    return Details(comments=await gateway.comments(workflow, task.uid))
                case Part.CHECKLIST:
                    return Details(checklist=await gateway.checklist(workflow, task.uid))
                case Part.ACTIVITY:
                    return Details(activity=await gateway.activity(workflow, task.uid))
        except NotFoundError:
            return Details(problems=((part, NOT_HERE),))
        except FdtuiError as error:
            return Details(problems=((part, str(error)),))
