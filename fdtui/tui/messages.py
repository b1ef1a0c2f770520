"""The message with which the session's news reach the board."""

from __future__ import annotations

from textual.message import Message


class StateChanged(Message, bubble=False):
    """The session has another state, and keeps it; a newer message takes an older one's place."""

    def can_replace(self, message: Message) -> bool:
        """Only the newest state is worth drawing."""
        return isinstance(message, StateChanged)
