"""Which panes are open beside the board, and which of them has the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen

RESIDENT_FROM = 180
"""Windows of this width and more show the task under the cursor without being asked."""


class Panes:
    """Opens the detail pane beside the board, or over it where the screen is narrow."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self.has_detail = False
        """Whether the detail pane is open."""
        self.is_resident = False
        """Whether it opened by itself, because the window has room for it."""
        self._was_offered = False

    @property
    def has_detail_keys(self) -> bool:
        """Whether the movement keys go to the detail pane."""
        return self.has_detail and self._board.handlers.has_detail_keys

    def give_detail_keys(self, has_keys: bool = True) -> None:
        """Give the keys to the detail pane, which is open, or take them from it."""
        board = self._board
        if has_keys:
            self.has_detail = True
            board.host.focus.push(board.handlers.tabs)
        elif self.has_detail_keys:
            board.host.focus.pop(board.handlers.tabs)

    def offer_detail(self) -> None:
        """Open the detail pane by itself in a wide window, once; close it where that becomes narrow."""
        board = self._board
        is_wide = board.app.size.width >= RESIDENT_FROM
        if self.is_resident and not is_wide and not self.has_detail_keys:
            self.hide_detail()
            self._was_offered = False
        elif is_wide and not self._was_offered and board.look.resident and board.current is not None:
            self._was_offered = True
            if not self.has_detail:
                self.has_detail = self.is_resident = True
                board.handlers.tabs.count(board.current)

    def open_detail(self) -> None:
        """Show every field of the task; where it is open already, give it the keys."""
        board = self._board
        was_open, self.has_detail = self.has_detail, True
        if was_open or not board.is_beside:
            self.give_detail_keys()
        if not was_open and board.current is not None:
            board.handlers.tabs.count(board.current)
        board.draw()

    def close_detail(self) -> None:
        """Give the board its room back; what the pane told of a refusal counts as seen."""
        board, task = self._board, self._board.current
        self.hide_detail()
        if task is not None and task.key in board.state.refused:
            board.session.acknowledge(task.key)
        board.draw()

    def hide_detail(self) -> None:
        """Close the detail pane, whose refusals go on being told."""
        self.give_detail_keys(False)
        self.has_detail = self.is_resident = False

    def next(self) -> None:
        """Give the keys to the next pane."""
        board, activity = self._board, self._board.features.activity
        is_last = self.has_detail and board.is_beside and not self.has_detail_keys
        if activity.has_keys:
            activity.leave(close=False)
            return
        if activity.is_shown and not is_last:
            if self.has_detail and not board.is_beside:
                self.hide_detail()
            self.give_detail_keys(False)
            activity.enter()
            return
        if not self.has_detail:
            self.give_detail_keys()
        elif board.is_beside:
            self.give_detail_keys(not self.has_detail_keys)
        else:
            self.hide_detail()
        board.draw()
