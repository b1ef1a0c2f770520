"""No frame shows a change that is not saved yet: who sees a card in its new place may pull the plug."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from fdtui.core.state import State

if TYPE_CHECKING:
    from textual.app import App

LOOK_INTERVAL = 0.005
"""Seconds between two looks whether what was taken back is saved."""
LONGEST_HOLD = 0.1
"""Seconds that a frame waits for a slow disk; from then on the card says that it is being saved."""


class FrameHold:
    """Keeps frames back while the journal is being written: a few milliseconds after a change."""

    def __init__(
        self,
        app: Callable[[], App[Any]],
        set_timer: Callable[..., Any],
        flush: Callable[[], object],
        is_saving: Callable[[], bool],
    ) -> None:
        """``flush`` lets what was kept back be painted; ``is_saving`` tells of what was taken back."""
        self._app, self._set_timer, self._flush = app, set_timer, flush
        self._is_saving = is_saving
        self._held: ExitStack | None = None
        self._has_waited = False

    @property
    def is_holding(self) -> bool:
        """Whether frames are kept back now."""
        return self._held is not None

    def on_state(self, state: State) -> None:
        """Hold frames while something is unsaved, unless that takes long; else let them go."""
        is_closing = self._is_saving()
        if not is_closing and all(pending.saved for pending in state.pending):
            self._has_waited = False
            self.release()
        elif self._held is None and not self._has_waited:
            self._held = ExitStack()
            self._held.enter_context(self._app().batch_update())
            self._set_timer(LONGEST_HOLD, self._give_up)
            if is_closing:
                self._set_timer(LOOK_INTERVAL, self._look)

    def release(self) -> None:
        """Paint again."""
        held, self._held = self._held, None
        if held is not None:
            held.close()
            self._flush()

    def _look(self) -> None:
        """That something was taken back changes no state once it is saved, so it is looked for."""
        if self._held is not None and not self._is_saving():
            self.release()
        elif self._held is not None:
            self._set_timer(LOOK_INTERVAL, self._look)

    def _give_up(self) -> None:
        if self._held is not None:
            self._has_waited = True
            self.release()
