"""A key, and what is done for it: the way from the keyboard, or a click, to the layer that obeys."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.commands import BY_ID
from fdtui.core.keymap import Keymap
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.intake import Intake
from fdtui.tui.board.key_gate import KeyGate
from fdtui.tui.board.left_card import LeftCard
from fdtui.tui.board.next_keys import NextKeys
from fdtui.tui.board.searching import Searching
from fdtui.tui.focus import Given


class Dispatch:
    """Does what keys and commands say on one board, or says why it cannot be done."""

    def __init__(
        self,
        host: BoardHost,
        keymap: Keymap,
        *,
        gate: KeyGate,
        intake: Intake,
        left_card: LeftCard,
        searching: Searching,
        next_keys: NextKeys,
        catch_up: Callable[[], None],
    ) -> None:
        """``catch_up`` shows what the session knows by now."""
        self._next_keys = next_keys
        self._host, self._keymap = host, keymap
        self._gate, self._intake, self._left_card = gate, intake, left_card
        self._searching, self._catch_up = searching, catch_up

    def take_key(self, name: str, character: str | None, *, is_kept: bool = False) -> None:
        """Do what a key means; the next one, though it came with it, finds its effect on the board."""
        self._catch_up()
        if self._gate.takes(name, character, is_kept=is_kept):
            return
        over = self._host.overlay
        if over is None or not over.is_typing:
            self._searching.finish()
        self._press(name, character)
        self._catch_up()

    def _press(self, name: str, character: str | None) -> None:
        """A key is for the layer that has the keys, or a part of a command."""
        host, focus = self._host, self._host.focus
        if host.overlay is not None and not self._intake.is_meant(host.overlay, name):
            return
        host.clear()
        if self._asks_for_repaint(name):
            host.repaint()
            return
        if self._asks_for_help(name):
            focus.bottom.bindings()["app.help"](None)
            return
        pending = focus.pending
        given = focus.press(name, character)
        if given is not None:
            self._do(given)
        if pending != focus.pending:
            self._next_keys.on_key()
        if host.overlay is not None or pending != focus.pending:
            host.draw_footer()

    def _asks_for_help(self, name: str) -> bool:
        """Whether the key asks for help on what lies over the board, and means nothing else there."""
        over, focus = self._host.overlay, self._host.focus
        if over is None or over.id == "help" or (over.is_typing and len(name) == 1):
            return False
        is_free = not focus.means(name) and name not in over.letters
        return is_free and self._keymap.resolve((name,)) == "app.help"

    def _asks_for_repaint(self, name: str) -> bool:
        """Whether the key asks to draw the screen again, whatever lies over the board."""
        over = self._host.overlay
        is_typed = over is not None and over.is_typing and len(name) == 1
        return not is_typed and self._keymap.resolve((name,)) == "app.repaint"

    def give(self, command: str) -> None:
        """Give a command by its id, as if its key had been pressed."""
        self._searching.finish()
        given = self._host.focus.command(command)
        if given is not None:
            self._do(given)

    def _do(self, given: Given) -> None:
        """Do what a key has given, or say why it cannot be done now."""
        known, count = BY_ID[given.command], given.count
        if count is not None and not known.counts:
            title = known.title.rstrip("…")
            self._host.notify(f"{title} takes no number; press it without {count}.", "warning")
        elif self._intake.stops(given.command) or self._left_card.stops(given.command):
            return
        elif reason := given.layer.refuses(given.command):
            self._host.notify(reason, "warning")
        else:
            self._host.recent.note(given.command)
            given.layer.bindings()[given.command](count)
