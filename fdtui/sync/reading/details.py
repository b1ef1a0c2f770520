"""Fetches what belongs to a task but not to its row, for the tasks that somebody looks at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fdtui.core import events
from fdtui.core.details import Comment, Details, Part
from fdtui.core.errors import FdtuiError, NotAllowedError, NotAuthenticatedError, NotFoundError
from fdtui.core.frozen import replace
from fdtui.sync.gateway import Gateway
from fdtui.sync.storage.protocols import Cache
from fdtui.sync.store import StateStore

API_AUTHOR = "API"
"""Whom Flowdash names as the author of a comment that came through the API."""
NOT_SUPPORTED = "This install does not have it."


class DetailsFetcher:
    """Fetches parts of tasks on demand, each once at a time, the newest request first."""

    def __init__(self, store: StateStore, gateway: Callable[[], Gateway | None], cache: Cache) -> None:
        self._store, self._gateway, self._cache = store, gateway, cache
        self.on_fetched: Callable[[str, Part], object] = lambda _key, _part: None
        """Called once a part of a task was fetched, or could not be: also where nothing is new."""
        self._wanted: dict[tuple[str, str, Part], None] = {}
        self._wake = asyncio.Event()
        self._unread: dict[tuple[str, str], None] = {}
        """Workflows and tasks whose details may be in the cache."""
        self._read = asyncio.Event()

    def fetch(self, key: str, *parts: Part) -> None:
        """Fetch these parts of the task soon; counts as the user's work until they are there."""
        workflow, task = self._store.state.workflow, self._store.state.base.get(key)
        if workflow is None or task is None or task.uid is None or task.problem:
            return
        for part in parts:
            request = (workflow.id, key, part)
            if request not in self._wanted:
                self._store.begin_work()
                self._wanted[request] = None
        self._wake.set()
        known = self._store.state.details.get(key, Details())
        if any(part is not Part.ACTIONS and getattr(known, part) is None for part in parts):
            self._unread[workflow.id, key] = None
            self._read.set()

    async def run(self) -> None:
        """Fetch until cancelled; what the cache has is shown meanwhile."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._run_fetching())
            group.create_task(self._run_recalling())

    async def _run_recalling(self) -> None:
        while True:
            await self._read.wait()
            self._read.clear()
            while self._unread:
                workflow, key = self._unread.popitem()[0]
                found = await asyncio.to_thread(self._cache.details, workflow, key)
                if found is not None and self._store.shows(workflow):
                    self._show_cached(key, found)

    def _show_cached(self, key: str, found: Details) -> None:
        """Show what no answer has told meanwhile."""
        known = self._store.state.details.get(key, Details())
        denied = dict(known.problems)
        wanted = [
            (part, at)
            for part, at in found.cached
            if getattr(known, part) is None and part not in denied
        ]
        if wanted and key in self._store.state.base:
            parts = {part.value: getattr(found, part) for part, _ in wanted}
            shown = replace(Details(), **parts, cached=tuple(wanted))
            self._store.apply(events.DetailsLearned(key, shown))

    async def _run_fetching(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._store.online.wait()
            while self._wanted:
                batch = [self._wanted.popitem()[0] for _ in range(min(4, len(self._wanted)))]
                await asyncio.gather(*(self._fetch(*request) for request in batch))

    async def _fetch(self, workflow: str, key: str, part: Part) -> None:
        try:
            learned = await self._learned(workflow, key, part)
            if self._store.shows(workflow):
                self._store.apply(learned)
                self.on_fetched(key, part)
        finally:
            self._store.end_work()

    async def _learned(self, workflow: str, key: str, part: Part) -> events.Event:
        """What an answer teaches of one part; the cache learns it, too."""
        try:
            details = await self._details(workflow, key, part)
        except NotFoundError:
            why = NOT_SUPPORTED
        except (NotAllowedError, NotAuthenticatedError) as error:
            why = str(error)
        except FdtuiError as error:
            return events.DetailsLearned(key, Details(problems=((part, str(error)),)))
        else:
            self._cache.remember_details(workflow, key, details, self._store.clock())
            return events.DetailsLearned(key, details)
        self._cache.forget_details(workflow, key, part)
        return events.DetailDenied(key, part, why)

    async def _details(self, workflow: str, key: str, part: Part) -> Details:
        gateway, task = self._gateway(), self._store.state.base.get(key)
        if gateway is None or task is None or task.uid is None:
            return Details()
        match part:
            case Part.ACTIONS:
                return Details(actions=await gateway.actions(workflow, task.uid))
            case Part.COMMENTS:
                comments = await gateway.comments(workflow, task.uid)
                return Details(comments=self._signed(workflow, key, comments))
            case Part.CHECKLIST:
                return Details(checklist=await gateway.checklist(workflow, task.uid))
            case Part.ACTIVITY:
                return Details(activity=await gateway.activity(workflow, task.uid))

    def _signed(self, workflow: str, key: str, comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
        """``comments`` with the user's name under those that were made here."""
        me, said = self._store.state.me, self._store.said
        if not me:
            return comments
        return tuple(
            replace(each, author=me)
            if each.author == API_AUTHOR and (workflow, key, each.body) in said
            else each
            for each in comments
        )
