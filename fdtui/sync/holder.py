"""The one state and its one way to change; the count of what is under way; whether we are online."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, TypeAlias

from fdtui.core import events as happened
from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.core.state import Link, State
from fdtui.core.update import update

Severity: TypeAlias = Literal["information", "warning", "error"]


@frozen
class Notice:
    """A sentence for the user, once."""

    text: str
    severity: Severity = "information"


class Holder:
    """What the parts of a session share. Only `apply` changes the state."""

    def __init__(self, state: State, clock: Callable[[], float]) -> None:
        self.state = state
        self.on_change: Callable[[State], None] = lambda _: None
        self.on_notice: Callable[[Notice], None] = lambda _: None
        self.clock = clock
        self.online = asyncio.Event()
        """Set while the last asking went well; nothing is sent before that."""
        self.writes = 0
        """The number of the last confirmed write (the stale-answer guard)."""
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def apply(self, event: happened.Event) -> None:
        """Let ``event`` make the next state, and tell whoever draws if it is another."""
        before, self.state = self.state, update(self.state, event)
        if self.state is not before:
            self.on_change(self.state)

    def shows(self, workflow: str) -> bool:
        """Whether this workflow is on the board."""
        return self.state.workflow is not None and self.state.workflow.id == workflow

    def reached(self) -> None:
        """The server answered as it should."""
        self.apply(happened.LinkChanged(Link.LIVE, self.clock()))
        self.online.set()

    def lost(self, link: Link, error: FdtuiError) -> None:
        """The server did not; nothing is sent until it does."""
        self.online.clear()
        self.apply(happened.LinkChanged(link, self.clock(), str(error)))

    def enter(self) -> None:
        """Something that the user caused begins. Count it *before* handing it over."""
        self._busy += 1
        self._idle.clear()

    def leave(self) -> None:
        """It has ended."""
        self._busy -= 1
        if not self._busy:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing that the user caused is under way."""
        await self._idle.wait()
