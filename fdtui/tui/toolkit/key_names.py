"""What keys are called."""

from __future__ import annotations

from textual.events import Key

from fdtui.core.safetext import is_control


def key_name(event: Key) -> str:
    """The key as the keymap calls it: the character itself if it prints, else a word."""
    if event.character == " ":
        return "space"
    typed = event.character
    if (
        typed is not None
        and len(typed) == 1
        and not is_control(typed)
        and not event.key.startswith("alt+")
    ):
        return typed
    if event.key.startswith("alt+shift+") and len(event.key) == len("alt+shift+a"):
        return f"alt+{event.key[-1].upper()}"
    return event.key


def key_label(keys: str) -> str:
    """A key sequence as people read it: ``gg``, ``esc``, ``^d``."""
    words = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup"}
    return "".join(
        part if len(part) == 1 else words.get(part, part.replace("ctrl+", "^"))
        for part in keys.split(" ")
    )
