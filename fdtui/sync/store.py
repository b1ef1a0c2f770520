"""The one state and its one way to change; the count of what is under way; whether we are online."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, TypeAlias

from fdtui.core import events
from fdtui.core.errors import FdtuiError, TooLargeError
from fdtui.core.frozen import frozen
from fdtui.core.state import ConnectionState, State
from fdtui.core.update import update

Severity: TypeAlias = Literal["information", "warning", "error"]


@frozen
class Notice:
    """A sentence for the user, once."""

    text: str
    severity: Severity = "information"


class StateStore:
    """What the parts of a session share. Only `apply` changes the state."""

    def __init__(self, state: State, clock: Callable[[], float]) -> None:
        self.state = state
        self.on_change: Callable[[State], None] = lambda _: None
        self.early: list[Notice] = []
        """What was said before anybody listened: for whoever does first."""
        self.on_notice: Callable[[Notice], None] = self.early.append
        self.followers: tuple[Callable[[State, State], None], ...] = ()
        """Called with the state before and after each event that changed it."""
        self.clock = clock
        self.online = asyncio.Event()
        """Set while the last asking went well; nothing is sent before that."""
        self.reached_at: float | None = None
        """When the server last said what is true, in seconds of the wall clock."""
        self.writes = 0
        """The number of the last confirmed write (the stale-answer guard)."""
        self.said: set[tuple[str, str, str]] = set()
        """Workflow, task key and text of the comments that were made here."""
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def apply(self, event: events.Event) -> None:
        """Let ``event`` make the next state, and call `on_change` if it differs."""
        before, self.state = self.state, update(self.state, event)
        if self.state is not before:
            after = self.state
            for follow in self.followers:
                follow(before, after)
            self.on_change(self.state)

    def shows(self, workflow: str) -> bool:
        """Whether this workflow is on the board."""
        return self.state.workflow is not None and self.state.workflow.id == workflow

    def reached(self) -> None:
        """The server answered as it should."""
        self.reached_at = self.clock()
        self.apply(events.ConnectionChanged(ConnectionState.LIVE, self.clock()))
        self.online.set()

    def lost(self, connection: ConnectionState, error: FdtuiError) -> None:
        """The server did not; nothing is sent until it does.

        But a list that is too long for us says nothing against changes.
        """
        if isinstance(error, TooLargeError) and self.state.loaded:
            self.online.set()
        else:
            self.online.clear()
        self.apply(events.ConnectionChanged(connection, self.clock(), str(error)))

    def begin_work(self) -> None:
        """Something that the user caused begins. Count it *before* handing it over."""
        self._busy += 1
        self._idle.clear()

    def end_work(self) -> None:
        """It has ended."""
        self._busy -= 1
        if not self._busy:
            self._idle.set()

    async def idle(self) -> None:
        """Wait until nothing that the user caused is under way."""
        await self._idle.wait()
