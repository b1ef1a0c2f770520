"""Keys that are not for the board now: nothing of it is drawn, or a dialog is on its way."""

from __future__ import annotations

from fdtui.core.keymap import Keymap
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.quitting import Quitting
from fdtui.tui.conversations import TypedKey


class KeyGate:
    """Stands before the board: what is not seen is not acted on."""

    def __init__(self, host: BoardHost, keymap: Keymap, quitting: Quitting) -> None:
        self._host, self._keymap, self._quitting = host, keymap, quitting

    def takes(self, name: str, character: str | None, *, is_kept: bool = False) -> bool:
        """Take a key away from the board; false where it is for the board.

        ``is_kept`` marks one that was typed ahead and has waited already.
        """
        if self._host.is_small:
            self._unseen(name, character)
            return True
        conversations = self._host.conversations
        if conversations.is_waiting and self._keymap.resolve((name,)) == "app.cancel":
            conversations.give_up()
            return True
        if conversations.is_keeping and not is_kept:
            conversations.keep(TypedKey(name, character))
            return True
        return False

    def _unseen(self, name: str, character: str | None) -> None:
        """A key while the board is not drawn: it can only quit, or ask for help."""
        host = self._host
        command = self._keymap.resolve((name,))
        if host.overlay is not None and host.overlay.id == "help":
            given = host.focus.press(name, character)
            if given is not None:
                given.layer.bindings()[given.command](given.count)
        elif command == "app.back":
            self._quitting.quit()
        elif command == "app.help" and host.overlay is None:
            host.give(command)
