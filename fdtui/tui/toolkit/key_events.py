"""A key as the board gets it: what was pressed, and with which read of the terminal it came."""

from __future__ import annotations

from typing import NamedTuple

from textual import events


class KeyRead(NamedTuple):
    """One read of what was typed; keys of one read came together."""

    number: int
    at: float
    """When it was read, by the monotonic clock."""
    keys: int = 1
    """How many keys it holds."""
    is_early: bool = False
    """Whether it was before there was a board: only the last frame was on the screen."""


class Key(events.Key):
    """A key from a real terminal; its handler is ``on_key``, as for any other."""

    def __init__(
        self,
        key: str,
        character: str | None,
        *,
        read: KeyRead | None = None,
        base: str = "",
        behind_escape: bool = False,
    ) -> None:
        super().__init__(key, character)
        self.read = read
        self.base = base
        """What a US keyboard has in its place, where the terminal says so; see the kitty protocol."""
        self.behind_escape = behind_escape
        """Whether it came right behind an escape: with alt, or after the key escape."""


class Burst(events.Paste):
    """Text that came all at once and that the terminal does not call pasted."""

    def __init__(self, text: str, keys: tuple[Key, ...]) -> None:
        super().__init__(text)
        self.keys = keys
        """The same as keys, for what takes text key by key."""


def read_of(event: events.Key) -> KeyRead | None:
    """The read that a key came with; ``None`` if it did not come from a terminal."""
    return event.read if isinstance(event, Key) else None
