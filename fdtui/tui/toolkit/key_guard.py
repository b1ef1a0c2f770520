"""What keys may mean: alt or escape and a key, another keyboard layout, keys that cannot be meant.

A question about what cannot be undone is answered only by a key that was pressed after it was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from textual import events

from fdtui.core.safetext import quoted
from fdtui.tui.toolkit.key_events import Burst, Key, KeyRead
from fdtui.tui.toolkit.key_names import key_name

if TYPE_CHECKING:
    from fdtui.tui.toolkit.overlay import Overlay

TOO_SOON = "That key came before the question could be read. Press it again if you mean it."


class Press(NamedTuple):
    """A key as widgets take it."""

    name: str
    character: str | None


def presses(event: events.Key, takes: Callable[[str], bool]) -> tuple[Press, ...]:
    """What was pressed: behind an escape a key with alt where ``takes`` knows it, else both keys."""
    press = Press(key_name(event), event.character)
    if not isinstance(event, Key) or not event.behind_escape:
        return (press,)
    with_alt = f"alt+{press.name}"
    return (Press(with_alt, None),) if takes(with_alt) else (Press("escape", "\x1b"), press)


def meant(press: Press, event: events.Key) -> Press:
    """The key in the same place of a US keyboard, for a letter of a layout that is not Latin."""
    modifiers, plus, letter = press.name.rpartition("+")
    if not _is_foreign(letter):
        return press
    from fdtui.core.layouts import latin_key, shifted  # noqa: PLC0415 - most keyboards need none

    base = event.base if isinstance(event, Key) else ""
    key = (shifted(base) if base and letter.isupper() else base) or latin_key(letter)
    if not key:
        return press
    return Press(f"{modifiers}{plus}{key}", None if modifiers else key)


def _is_foreign(letter: str) -> bool:
    """Whether it is a letter of a layout that is not Latin."""
    if len(letter) != 1 or letter.isascii():
        return False
    from fdtui.core.layouts import is_foreign  # noqa: PLC0415

    return is_foreign(letter)


def layout_words(press: Press) -> str:
    """What to say of a letter that no command has because of the keyboard's layout; mostly nothing."""
    letter = press.name.rpartition("+")[2]
    if not _is_foreign(letter):
        return ""
    return f"The keyboard layout is not Latin: {quoted(letter)} is no key here. Switch it for commands."


def why_not_meant(
    overlay: Overlay, name: str, read: KeyRead | None, command: str | None = None
) -> str | None:
    """Why a key cannot be meant for what has the keys; empty if there is nothing to say of it.

    ``command`` is what the key gives there.

    ``None`` if it can. Keys that did not come from a terminal, and so not in a read, always can.
    """
    is_final = command is not None and overlay.is_final(command)
    if read is None or not (is_final or overlay.irreversible(name)):
        return None
    if overlay.opened_in == read.number:
        return ""
    is_seen = overlay.drawn_at is not None and read.at - overlay.drawn_at >= overlay.eye_time
    return None if is_seen or not overlay.eye_time else TOO_SOON


def take_burst(
    burst: Burst,
    is_typing: Callable[[], bool],
    press: Callable[[Key], object],
    paste: Callable[[str], object],
) -> str:
    """Give text that came all at once to what one types into; what to say where there is no such place.

    One line is typed key by key, for a slow link may have kept it; of several, no line end is a key.
    """
    if not is_typing():
        return f"{len(burst.text)} characters came all at once, like a paste: none was taken as a key."
    if "\n" in burst.text[:-1]:
        paste(burst.text)
        return ""
    for key in burst.keys:
        if is_typing():
            press(key)
    return ""
