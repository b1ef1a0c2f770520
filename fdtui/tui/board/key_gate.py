"""Keys that are not for the board now: nothing of it is drawn, or a dialog is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.tui.conversations import TypedKey

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen


class KeyGate:
    """Stands before the board: what is not seen is not acted on."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._told = 0
        """How many changes are not sent, as it was said where there is no room to ask."""

    def takes(self, name: str, character: str | None, *, is_kept: bool = False) -> bool:
        """Take a key away from the board; false where it is for the board.

        ``is_kept`` marks one that was typed ahead and has waited already.
        """
        if self._board.is_small:
            self._unseen(name, character)
            return True
        conversations = self._board.host.conversations
        if conversations.is_waiting and self._board.keymap.resolve((name,)) == "app.cancel":
            conversations.give_up()
            return True
        if conversations.is_keeping and not is_kept:
            conversations.keep(TypedKey(name, character))
            return True
        return False

    def _unseen(self, name: str, character: str | None) -> None:
        """A key while the board is not drawn: it can only quit, or ask for help."""
        board = self._board
        command = board.keymap.resolve((name,))
        if board.overlay is not None and board.overlay.id == "help":
            given = board.host.focus.press(name, character)
            if given is not None:
                given.layer.bindings()[given.command](given.count)
        elif command == "app.back":
            board.quitting.quit()
        elif command == "app.help" and board.overlay is None:
            board.give(command)

    def quit_unasked(self, count: int) -> None:
        """Quit where there is no room for a question: the second time, once it was said what waits."""
        if self._told == count:
            self._board.app.exit()
            return
        self._told = count
        self._board.small.show_text(f"{count} not sent", "once more quits")
