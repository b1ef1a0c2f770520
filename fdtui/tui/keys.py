"""From keys to commands: counts such as ``5j``, chords such as ``g g``."""

from __future__ import annotations

from textual.events import Key

from fdtui.core.commands import BY_ID
from fdtui.core.frozen import frozen
from fdtui.core.keymap import Keymap, Progress

MAX_COUNT = 99_999


def key_name(event: Key) -> str:
    """The key as the keymap calls it: the character itself if it prints, else a word."""
    if event.character == " ":
        return "space"
    if event.character is not None and event.is_printable and len(event.character) == 1:
        return event.character
    return event.key


@frozen
class Given:
    """A command, and the number typed before it."""

    command: str
    count: int | None = None


class KeySequence:
    """Collects keys until they are a command."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._keys: tuple[str, ...] = ()
        self._count = ""

    @property
    def pending(self) -> str:
        """What has been typed of a command, for the footer; empty for nothing."""
        return " ".join(part for part in (self._count, *self._keys) if part)

    def forget(self) -> bool:
        """Drop what has been typed; false where there was nothing."""
        had = bool(self._count or self._keys)
        self._keys, self._count = (), ""
        return had

    def press(self, name: str) -> Given | None:
        """The command that is complete with this key, or ``None``."""
        if name == "escape" and self.forget():
            return None
        if self._is_count(name):
            self._count = str(min(int(self._count + name), MAX_COUNT))
            return None
        keys = (*self._keys, name)
        found = self._keymap.resolve(keys)
        if found is Progress.PREFIX:
            self._keys = keys
            return None
        count = int(self._count) if self._count else None
        self.forget()
        if isinstance(found, Progress):
            return None
        return Given(found, count if BY_ID[found].counts else None)

    def _is_count(self, name: str) -> bool:
        if self._keys or len(name) != 1 or name not in "0123456789":
            return False
        return bool(self._count) or self._keymap.resolve((name,)) is Progress.NONE
