"""What a click or the wheel does on one board: the same as the keys, never something of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.commands import BY_ID

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen


class Mouse:
    """Takes clicks for one board. While a dialog is open, only its own keys can be clicked."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def card(self, stage: str, stop: int | None, group: str | None = None) -> None:
        """Put the cursor on the card that was clicked; on the card that has it, open it.

        The head of a ``group`` folds it, or unfolds it.
        """
        board, model = self._board, self._board.deck
        key = self._key_at(stage, stop)
        board.searching.finish()
        before, had_keys = model.current, board.host.focus.top is board.handlers
        model.turn_to(stage)
        is_card = key is not None and model.go_to(key)
        if group is not None:
            model.toggle_group(group)
        board.panes.give_detail_keys(False)
        board.features.activity.give_back_keys()
        board.left_card.forget()
        board.moved()
        board.draw()
        if is_card and had_keys and before is not None and before is model.current:
            board.give("task.open")

    def _key_at(self, stage: str, stop: int | None) -> str | None:
        """The key of the task at a stop of that column, as it is seen now."""
        for column in self._board.deck.columns if stop is not None else ():
            if column.stage.name == stage and stop is not None:
                task = self._board.deck.lane(column).stops.task(stop)
                return None if task is None else task.key
        return None

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
