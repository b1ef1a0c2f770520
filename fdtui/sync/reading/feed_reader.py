"""Follows the change feed of a server that has one, so that no list is read twice."""

from __future__ import annotations

import asyncio
from enum import Enum, auto

from fdtui.core import events
from fdtui.core.answers import ChangedRows, Listing
from fdtui.core.errors import (
    ApiError,
    NotAuthenticatedError,
    NotFlowdashError,
    RateLimitedError,
    UnreachableError,
)
from fdtui.core.schema import Schema
from fdtui.core.task import tasks_from_rows
from fdtui.core.update import is_overtaken
from fdtui.sync.gateway import Gateway
from fdtui.sync.reading.feed_patience import FeedPatience
from fdtui.sync.reading.schedule import PollSchedule
from fdtui.sync.store import StateStore

NEWS_PAUSE = 0.1
"""Seconds between two askings while there is news, so that many changes come together."""
MAX_RESETS = 3
"""Times in a row that a feed may say to read the list; after that it is not asked again."""


class Heard(Enum):
    """What an asking of the feed came to."""

    NEWS = auto()
    """It is on the board."""
    NOTHING = auto()
    LIST = auto()
    """The list has to be read."""
    SHAPE = auto()
    """The list has to be read, and what the workflow is made of."""


class FeedReader:
    """Asks one workflow's feed, which goes on from the token of its last list or answer."""

    def __init__(self, store: StateStore, schedule: PollSchedule) -> None:
        self._store, self._schedule = store, schedule
        self._token = ""
        """Empty where there is no feed, or nothing to go on from."""
        self._after_reset = ""
        """The token to go on from where the list turns out to be as it was."""
        self._patience = FeedPatience()
        self._resets = 0
        self._is_useless = False
        self._came_early = False
        """Whether the last answer told nothing, and did not wait for it either."""
        self._was_cut = False
        """Whether the last asking was cut while it waited, though the server is there."""
        self._has_news = False
        self.is_hurried = True
        """Whether the next answer is wanted at once."""
        self.is_waiting = False
        """Whether the server is keeping us waiting now."""

    def begin(self, listing: Listing) -> None:
        """Go on from ``listing``; a shape that is read off the tasks needs all of them each time."""
        is_whole = not self._store.state.schema.inferred and not listing.complaints
        self._token = listing.feed if is_whole and not self._is_useless else ""
        self._after_reset = ""
        self._came_early = self._has_news = False

    @property
    def token(self) -> str:
        """What the next asking goes on from; empty where that is a list."""
        return self._token

    async def since(self, gateway: Gateway, workflow: str, token: str) -> ChangedRows | None:
        """What changed since an earlier run of the program; ``None`` where the list has to be read.

        Raises `UnreachableError`, `NotAuthenticatedError`.
        """
        try:
            answer = await gateway.changes(workflow, token, wait=0)
        except (UnreachableError, NotAuthenticatedError):
            raise
        except ApiError:
            return None
        return None if answer.is_reset or answer.is_reshaped else answer

    def resume(self, answer: ChangedRows, schema: Schema, asked: int) -> bool:
        """Put what `since` answered on the board, and go on from there; false where it is overtaken.

        ``asked`` is how many writes had been confirmed then.
        """
        unique_id = schema.unique_id.name if schema.unique_id else None
        event = events.Changed(tasks_from_rows(answer.rows, unique_id), answer.deleted, asked)
        if is_overtaken(self._store.state, event):
            return False
        self._store.apply(events.SchemaLearned(schema))
        self._store.apply(event)
        self._token, self._after_reset = answer.next, ""
        self._came_early = self._has_news = False
        return True

    def go_on(self) -> None:
        """The list that had to be read is as it was."""
        if not self._token and not self._is_useless:
            self._token, self._after_reset = self._after_reset, ""

    def forget(self) -> None:
        """Another workflow is opened."""
        self._token = self._after_reset = ""
        self._resets, self._is_useless = 0, False

    @property
    def wait(self) -> float:
        """The seconds that the next asking may last though all is well."""
        if not self._token or self.is_hurried:
            return 0.0
        return self._patience.wait(watched=self._schedule.is_focused)

    def pause(self, usual: float) -> float:
        """The seconds until the next asking after one that went well; ``usual`` without a feed."""
        if not self._token:
            return usual
        if self._has_news:
            return NEWS_PAUSE
        can_wait = self.is_hurried or self._patience.wait(watched=self._schedule.is_focused) > 0
        return 0.0 if can_wait and not self._came_early else usual

    async def ask(self, gateway: Gateway, workflow: str) -> Heard:
        """Ask once, and put the news on the board. Raises `ApiError` where nothing gets through."""
        wait, token, asked = self.wait, self._token, self._store.writes
        was_hurried, self.is_hurried = self.is_hurried, False
        if not token:
            return Heard.LIST
        try:
            answer = await self._answer(gateway, workflow, wait)
            if not was_hurried and not self._came_early and not self._was_cut:
                self._patience.held()
        except (UnreachableError, NotAuthenticatedError):
            self.is_hurried = True  # that all is well again is to be seen at once
            raise
        except ApiError:  # it has no feed any longer: the list says what is the matter
            self._token = ""
            return Heard.LIST
        if token != self._token:
            return Heard.NOTHING  # the user has gone on to another workflow
        return self._taken(answer, asked)

    async def _answer(self, gateway: Gateway, workflow: str, wait: float) -> ChangedRows:
        """The answer; where it was cut while it was let wait, and the server is there, one at once."""
        began, token = _now(), self._token
        self._came_early = self._was_cut = False
        self.is_waiting = wait > 0
        try:
            answer = await gateway.changes(workflow, token, wait=wait)
        except RateLimitedError:
            raise
        except (UnreachableError, NotFlowdashError):
            if not wait:
                raise
            lasted, self.is_waiting = _now() - began, False
            answer = await gateway.changes(workflow, token, wait=0)
            self._patience.cut(lasted, wait)
            self._was_cut = True
            return answer
        finally:
            self.is_waiting = False
        self._came_early = _now() - began < wait * 0.9
        return answer

    def _taken(self, answer: ChangedRows, asked: int) -> Heard:
        if answer.is_reset:
            self._resets += 1
            self._is_useless = self._resets >= MAX_RESETS
            self._token, self._after_reset = "", answer.next
            return Heard.SHAPE if answer.is_reshaped else Heard.LIST
        self._resets = 0
        unique_id = self._store.state.schema.unique_id
        tasks = tasks_from_rows(answer.rows, unique_id.name if unique_id else None)
        event = events.Changed(tasks, answer.deleted, asked)
        self._has_news = bool(tasks or answer.deleted)
        if is_overtaken(self._store.state, event):
            self.is_hurried = True  # and asked again from the same token
        else:
            self._token = answer.next
        self._store.apply(event)
        if answer.is_reshaped:
            return Heard.SHAPE
        return Heard.NEWS if self._has_news else Heard.NOTHING


def _now() -> float:
    return asyncio.get_running_loop().time()
