"""The message with which the session's news reach the board."""

from __future__ import annotations

from textual.message import Message

from fdtui.core.state import State


class StateChanged(Message, bubble=False):
    """The session has another state; a newer message takes an older one's place."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        """Only the newest state is worth drawing."""
        return isinstance(message, StateChanged)
