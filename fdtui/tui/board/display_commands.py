"""What the user does to see the board differently: larger cards, or only what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.away import NOTHING_HAPPENED, Away

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen


class DisplayCommands:
    """Changes how one board is shown."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._told: Away = NOTHING_HAPPENED

    def on_state(self) -> None:
        """Say once what happened while the user was away."""
        board, away = self._board, self._board.deck.since_last.away
        if away is not self._told:
            self._told = away
            if away.words:
                key = board.host.key_of("board.changed")
                shows = f" {key} shows them." if key else ""
                board.show_notice(f"While you were away: {away.words}.{shows}")

    def turn_density(self) -> None:
        """Show cards of the next density."""
        board, density = self._board, self._board.deck.density
        name = density.turn()
        board.draw()
        shown = "" if name == density.density.name else f" ({density.density.name})"
        board.show_notice(f"Cards: {name}{shown}.")

    def show_changed(self) -> None:
        """Show only what others changed; again to show all."""
        board, deck = self._board, self._board.deck
        deck.since_last.is_seen = True
        if deck.view.filter == "changed":
            board.filter("")
        elif deck.since_last.keys:
            board.filter("changed")
        else:
            board.show_notice("Nothing has changed since you last looked.")
