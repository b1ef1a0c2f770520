"""What the user does to see the board differently: larger cards, other colours, only what changed."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.away import NOTHING_HAPPENED, Away
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.toolkit.theme import other_theme

CHANGED_FILTER = "changed"
"""The filter that shows what others changed."""


class DisplayCommands:
    """Changes how one board is shown."""

    def __init__(self, host: BoardHost, model: BoardModel, filtered: Callable[[str], object]) -> None:
        """``filtered`` shows the cards that pass a filter."""
        self._host, self._model, self._filtered = host, model, filtered
        self._told: Away = NOTHING_HAPPENED

    def on_state(self) -> None:
        """Say once what happened while the user was away."""
        away = self._model.since_last.away
        if away is not self._told:
            self._told = away
            if away.words:
                key = self._host.key_of("board.changed")
                shows = f" {key} shows them." if key else ""
                self._host.notify(f"While you were away: {away.words}.{shows}")

    def turn_density(self) -> None:
        """Show cards of the next density."""
        density = self._model.density
        name = density.turn()
        self._host.session.save_view(self._model.saved)
        self._host.draw()
        shown = "" if name == density.density.name else f" ({density.density.name})"
        self._host.notify(f"Cards: {name}{shown}.")

    def show_changed(self) -> None:
        """Show only what others changed; again to show all."""
        since = self._model.since_last
        since.is_seen = True
        if self._model.view.filter == CHANGED_FILTER:
            self._filtered("")
        elif since.keys:
            self._filtered(CHANGED_FILTER)
        else:
            self._host.notify("Nothing has changed since you last looked.")

    def toggle_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it again."""
        host = self._host
        if not isinstance(host.app, TerminalApp):
            return
        host.app.set_mouse(not host.app.has_mouse)
        if host.app.has_mouse:
            host.notify("The mouse is for fdtui: click cards, turn the wheel.")
        else:
            key = host.key_of("app.mouse")
            again = f" {key} takes it back." if key else ""
            host.notify(f"The mouse is for the terminal: select text with it.{again}")

    def toggle_theme(self) -> None:
        """Change between dark and light."""
        app = self._host.app
        app.theme = other_theme(app.theme)
        self._host.repaint()
