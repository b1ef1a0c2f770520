"""The commands that were given last, for the palette. Pure."""

from __future__ import annotations

from fdtui.core.commands import BY_ID, Group, Scope

MOST_RECENT = 5
"""Commands that are remembered."""
_NO_NEWS = frozenset(("app.palette", "app.help", "app.repaint", "app.cancel", "app.back"))


class RecentCommands:
    """The commands that were given last, the latest first; movements are not among them."""

    def __init__(self) -> None:
        self.ids: tuple[str, ...] = ()

    def note(self, command: str) -> None:
        """A command was given."""
        known = BY_ID[command]
        is_news = known.scope is Scope.BOARD and known.group is not Group.MOVE
        if is_news and command not in _NO_NEWS:
            others = (each for each in self.ids if each != command)
            self.ids = (command, *others)[:MOST_RECENT]
