"""Which card the user is at, and whether they have been there long enough to have seen it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fdtui.core.task import Task

if TYPE_CHECKING:
    from fdtui.sync.session import Session
    from fdtui.tui.board.model import BoardModel

SEEN_AFTER = 1.2
"""Seconds on a card after which the user has seen it."""


class Attention:
    """Tells the session where the cursor is, and what the user has seen; costs a key next to nothing."""

    def __init__(self, session: Session, model: BoardModel) -> None:
        self._session, self._model = session, model
        self._key = ""
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def on_cursor(self, task: Task | None) -> None:
        """The board was drawn, or the cursor has moved: the keys are for ``task`` now."""
        state = self._model.state
        place = self._model.place
        if state.loaded and state.workflow is not None and place is not None:
            self._session.cached.remember_place(state.workflow.id, place)
        key = "" if task is None else task.key
        if key == self._key:
            return
        loop = asyncio.get_running_loop()
        self._key, self._since = key, loop.time()
        if self._timer is None:
            self._timer = loop.call_later(SEEN_AFTER, self._ripe)

    def _ripe(self) -> None:
        """The moment is over: it was long enough, unless the cursor went on meanwhile."""
        loop = asyncio.get_running_loop()
        left = self._since + SEEN_AFTER - loop.time()
        self._timer = loop.call_later(left, self._ripe) if left > 0.001 else None
        if self._timer is None:
            self._session.remembered.look(self._key)

    def end(self) -> None:
        """The board is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
