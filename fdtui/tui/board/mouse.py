"""What a click or the wheel does on one board: the same as the keys, never something of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.board import NO_CARDS
from fdtui.core.commands import BY_ID

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen


class Mouse:
    """Takes clicks for one board. While a dialog is open, only its own keys can be clicked."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def card(self, stage: str, row: int | None) -> None:
        """Put the cursor on the card that was clicked; on the card that has it, open it."""
        board, model = self._board, self._board.deck
        row = self._row_of_all(stage, row)
        before, had_keys = model.current, board.host.focus.top is board.handlers
        column = model.turn_to(stage)
        is_card = column is not None and row is not None and row < len(column.tasks)
        if is_card and row is not None:
            model.go(row)
        board.panes.give_detail_keys(False)
        board.features.activity.give_back_keys()
        board.left_card.forget()
        board.moved()
        board.draw()
        if is_card and had_keys and before is not None and before is model.current:
            board.give("task.open")

    def _row_of_all(self, stage: str, row: int | None) -> int | None:
        """The row that the card in ``row`` has once the filter has been held against all cards."""
        board, model = self._board, self._board.deck
        if not model.is_searching or row is None:
            return row
        seen = {column.stage.name: column.tasks for column in model.columns}.get(stage, NO_CARDS)
        board.searching.finish()
        column = model.turn_to(stage)
        if column is None or row >= len(seen):
            return None
        return column.tasks.row_of(seen[row].key)

    def wheel(self, stage: str, cards: int) -> None:
        """Move the view of a column."""
        board = self._board
        board.searching.finish()
        for column in board.deck.columns:
            if column.stage.name == stage:
                board.moved(board.deck.lane(column).scroll(cards))

    def strip(self, index: int) -> None:
        """Go to the column whose strip was clicked."""
        self._board.searching.finish()
        self._board.moved(self._board.deck.turn(index - self._board.deck.active))

    def hint(self, command: str) -> None:
        """Do what the footer names; what is no command is the key of an answer."""
        board = self._board
        if command in BY_ID:
            board.on_state_changed()
            board.message.clear()
            board.give(command)
            board.draw_footer()
        else:
            board.take_key(command, command if len(command) == 1 else None)

    def workflow(self) -> None:
        """Open the list of workflows."""
        if self._board.overlay is None:
            self._board.give("board.switch-workflow")
