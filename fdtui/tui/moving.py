"""The keys of a file on its way, in the pane at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.transfer import Kind, Status, Transfer
from fdtui.tui import clipboard

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen


class Moving:
    """What the keys of the pane do with a file that is on its way, or was."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def press(self, transfer: Transfer, name: str) -> bool:
        """Do what a key means for ``transfer``; false where it means nothing."""
        board, transfers = self._board, self._board.session.transfers
        match name:
            case "r" if transfer.is_over:
                transfers.retry(transfer.ticket)
            case "d" | "delete" | "backspace" | "-" if transfer.is_over:
                transfers.dismiss(transfer.ticket)
            case "r" | "d" | "delete" | "backspace" | "-":
                board.say("It is on its way; esc cancels it.")
            case "y" if transfer.status is Status.DONE and transfer.kind is Kind.DOWNLOAD:
                board.say(*clipboard.copy(board.app, "The path", transfer.target))
            case "y":
                board.say("There is no path to copy: only a file that was saved has one.", "warning")
            case _:
                return False
        return True

    def cancel(self, transfer: Transfer) -> bool:
        """Cancel it if it is on its way; false where it is over."""
        if not transfer.is_over:
            self._board.session.transfers.cancel(transfer.ticket)
            return True
        return False
