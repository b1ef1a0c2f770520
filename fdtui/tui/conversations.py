"""What features are asking the user, and the keys that were typed ahead of their dialogs.

A feature reads from top to bottom: it awaits what it has to fetch, opens a dialog, awaits the answer,
and acts. So that keys stay in order, a key is done only when whatever it started or answered has gone
as far as it can (`Conversations.settled`); and while a dialog is on its way, keys wait for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from fdtui.core.frozen import frozen

T = TypeVar("T")
MAX_TYPED_AHEAD = 256
"""Keys that are kept for one dialog; more are a hand on the keyboard, or a cat."""


@frozen
class TypedKey:
    """A key as it was pressed: its name, and what it prints."""

    name: str
    character: str | None


class Conversations:
    """The coroutines of one board. ``failed`` gets an error that none of them handles.

    ``gave_up`` gets how many keys were dropped when the user stopped waiting, and ``dropped`` how
    many when a conversation ended without the dialog that they were typed for.
    """

    def __init__(
        self,
        failed: Callable[[Exception], None],
        gave_up: Callable[[int], object] = lambda _: None,
        dropped: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._failed, self._gave_up, self._dropped = failed, gave_up, dropped
        self._running: set[asyncio.Task[None]] = set()
        self._has_news = False
        self._waiting: asyncio.Future[Any] | None = None
        self._ahead: deque[TypedKey] = deque()
        self._owner: asyncio.Task[Any] | None = None
        """The conversation whose dialog the keys are kept for."""
        self._is_delivering = False

    def start(self, conversation: Coroutine[Any, Any, None]) -> None:
        """Run it until it ends."""
        task = asyncio.get_running_loop().create_task(self._run(conversation))
        self._running.add(task)
        task.add_done_callback(self._ended)
        self._has_news = True

    async def _run(self, conversation: Coroutine[Any, Any, None]) -> None:
        try:
            await conversation
        finally:
            if self._owner is not None and self._owner is asyncio.current_task():
                self._owner = None
                if not self._is_delivering and (count := len(self.take_ahead())):
                    self._dropped(count)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._failed(error)

    def answered(self) -> None:
        """A dialog has been answered: whoever asked goes on before the next key."""
        self._has_news = True

    async def settled(self) -> None:
        """Let what was started or answered since the last key go as far as it can."""
        while self._has_news:
            self._has_news = False
            await asyncio.sleep(0)

    def end(self) -> None:
        """Stop all of them: the board is going."""
        for task in tuple(self._running):
            task.cancel()

    # Keys typed ahead

    @property
    def is_waiting(self) -> bool:
        """Whether something is awaited that a dialog needs, so that it can be given up."""
        return self._waiting is not None

    @property
    def is_keeping(self) -> bool:
        """Whether a key has to wait for a dialog, or for keys that were typed before it."""
        return self.is_waiting or self._is_delivering or (self._owner is not None and bool(self._ahead))

    def keep(self, key: TypedKey) -> None:
        """Keep a key for the dialog that is on its way."""
        if len(self._ahead) < MAX_TYPED_AHEAD:
            self._ahead.append(key)

    def give_up(self) -> None:
        """Wait no longer: the user has something else in mind."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.cancel()
            self._has_news = True
            self._gave_up(len(self.take_ahead()))

    def take_ahead(self) -> list[TypedKey]:
        """The keys that were kept, each given once."""
        ahead = list(self._ahead)
        self._ahead.clear()
        return ahead

    def deliver(self, press: Callable[[TypedKey], bool]) -> None:
        """The dialog is open: ``press`` the keys one after the other, those that still come, too.

        Where it returns false, that key and the rest are dropped and were not meant for what is open.
        """
        self._owner = None
        if self._ahead and not self._is_delivering:
            self._is_delivering = True
            self.start(self._deliver(press))

    async def _deliver(self, press: Callable[[TypedKey], bool]) -> None:
        try:
            while self._ahead and not self.is_waiting:
                key = self._ahead.popleft()
                if not press(key):
                    self._dropped(1 + len(self.take_ahead()))
                    return
                await self.settled()
        finally:
            self._is_delivering = False

    async def wait(self, coming: Awaitable[T]) -> T | None:
        """Wait for what a dialog needs; ``None`` where the user gave up, and no key is kept then."""
        if self._waiting is not None:
            self._waiting.cancel()
            self.take_ahead()
        waiting = asyncio.ensure_future(coming)
        self._waiting, self._owner = waiting, asyncio.current_task()
        try:
            return await waiting
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                waiting.cancel()
                raise
            return None
        finally:
            if self._waiting is waiting:
                self._waiting = None
