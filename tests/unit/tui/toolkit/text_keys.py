"""Types into a text as the user's keys do, with the keys as they are by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from fdtui.core.commands import Scope
from fdtui.core.keymap import build_keymap
from fdtui.tui.focus import Handler

_KEYMAP = build_keymap()


class Text(Protocol):
    """What is typed into."""

    def bindings(self) -> Mapping[str, Handler]: ...

    def do(self, command: str) -> bool: ...

    def type(self, name: str, character: str | None) -> bool: ...


def press_text(text: Text, name: str, character: str | None) -> bool:
    """Type a key; false if it means nothing there, or would leave the text at its top or end."""
    command = _KEYMAP.resolve((name,), Scope.TEXT)
    if isinstance(command, str) and command in text.bindings():
        return text.do(command)
    return text.type(name, character)


def takes_in_text(text: Text, name: str) -> bool:
    """Whether a key that no text is typed with means something there."""
    return _KEYMAP.resolve((name,), Scope.TEXT) in text.bindings()
