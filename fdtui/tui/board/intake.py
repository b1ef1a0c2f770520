"""What was typed, on its way to the board: the one place that decides whether a key was meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from fdtui.core.keymap import Keymap
from fdtui.tui.board.early_keys import EarlyKeys, Typed
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.toolkit.key_events import Burst, KeyRead, read_of
from fdtui.tui.toolkit.key_guard import layout_words, meant, presses, take_burst, why_not_meant
from fdtui.tui.toolkit.key_names import key_name

if TYPE_CHECKING:
    from fdtui.tui.toolkit.overlay import Overlay

TYPED_BEHIND = frozenset({"board.filter", "app.go", "app.palette"})
"""Commands after which people go on typing without a look at the screen."""

RUNS_AN_ACTION = frozenset(f"{scope}.run-{n}" for scope in ("detail", "triage") for n in range(1, 10))
"""Commands that run an action at once."""


class Intake:
    """Takes keys, bursts and pastes for one board."""

    def __init__(
        self,
        host: BoardHost,
        model: BoardModel,
        keymap: Keymap,
        *,
        press: Callable[[str, str | None], None],
        quit: Callable[[], None],  # noqa: A002
    ) -> None:
        """``press`` does what a key means on the board as it is, and ``quit`` leaves it."""
        self._host, self._keymap = host, keymap
        self._press, self._quit = press, quit
        self.read: KeyRead | None = None
        """The read of the terminal that the key of the moment came with."""
        self.early = EarlyKeys(host, model, self._do_any)

    @property
    def came_together(self) -> bool:
        """Whether the key of the moment came with others."""
        return self.read is not None and self.read.keys > 1

    def stops(self, command: str) -> bool:
        """Whether a command cannot have been meant, which is said: keys in a bundle run no action."""
        if not self.came_together or command not in RUNS_AN_ACTION:
            return False
        self._host.notify("Keys that came together with others run no action.", "warning")
        return True

    async def take(self, event: events.Key) -> None:
        """Take a key that was pressed, and wait until it has had its effect."""
        if event.key == "ctrl+c" or not self.early.keeps(event):
            await self._do(event)

    async def _do_any(self, event: Typed) -> None:
        """Do what waited."""
        if isinstance(event, Burst):
            await self._do_burst(event)
        elif isinstance(event, events.Paste):
            self._do_paste(event.text)
        else:
            await self._do(event)

    async def _do(self, event: events.Key) -> None:
        """Do what a key means, and wait until it has had its effect."""
        self._key(event)
        await self._settled()

    async def _settled(self) -> None:
        """What a key has started opens its dialog, which so knows the read that the key came with."""
        await self._host.conversations.settled()
        self.read = None

    def _key(self, event: events.Key) -> None:
        """Take a key; behind an escape it may be two."""
        self.read = read_of(event)
        if event.key == "ctrl+c":
            self._quit()
            return
        for pressed in presses(event, self._takes):
            press = pressed if self._is_typing() else meant(pressed, event)
            words = "" if self._is_typing() else layout_words(press)
            self._press(*press)
            if words:
                self._host.notify(words, "warning")

    async def burst(self, event: Burst) -> None:
        """Take text that cannot have been typed; says so where there is nothing to type into."""
        if not self.early.keeps(event):
            await self._do_burst(event)

    async def _do_burst(self, event: Burst) -> None:
        """The same, at once."""
        is_line = "\n" not in event.text[:-1]
        if is_line and event.keys and not self._is_typing() and self._opens(key_name(event.keys[0])):
            await self._do(event.keys[0])  # what it opens may come a moment later
            event = Burst(event.text[1:], event.keys[1:])
        if event.text and (words := take_burst(event, self._is_typing, self._key, self._do_paste)):
            self._host.notify(words, "warning")
        await self._settled()

    def paste(self, event: events.Paste) -> None:
        """Give pasted text to what lies over the board; nothing of it is a key."""
        if not self.early.keeps(event):
            self._do_paste(event.text)

    def _do_paste(self, text: str) -> None:
        """The same, at once."""
        if self._host.overlay is not None:
            self._host.overlay.paste(text)

    def is_meant(self, overlay: Overlay, name: str) -> bool:
        """Whether a key can be meant for what lies over the board; says so where it cannot."""
        reason = why_not_meant(overlay, name, self.read, self._host.focus.meaning(name))
        if reason:
            self._host.notify(reason, "warning")
        return reason is None

    def _opens(self, name: str) -> bool:
        """Whether the key opens a line to type into, and does nothing else."""
        return self._host.overlay is None and self._keymap.resolve((name,)) in TYPED_BEHIND

    def _is_typing(self) -> bool:
        return self._host.overlay is not None and self._host.overlay.is_typing

    def _takes(self, name: str) -> bool:
        return self._host.focus.means(name)
