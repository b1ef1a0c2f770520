"""What lies over the board for a moment and has all the keys meanwhile."""

from __future__ import annotations

from textual.widget import Widget

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.panekeys import Keys


class Overlay(Widget, can_focus=False):
    """A widget on the upper layer. The board hands it every key until it is closed."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Overlay { layer: above; position: absolute; background: $fd-panel; }
    """

    def press(self, name: str, character: str | None) -> None:
        """Take a key."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Take pasted text; most overlays have no place for it."""

    def heed(self, state: State) -> None:
        """Follow what the session knows by now."""

    def hold(self, state: State) -> Task | None:
        """The task that the pane keeps showing meanwhile; ``None`` for the one under the cursor."""
        return None

    def hints(self) -> Keys:
        """What the keys do now, for the footer; nothing where it is drawn here already."""
        return ()

    def hear(self, text: str, severity: str) -> bool:
        """Say something here instead of in the line above the footer; true where it was said."""
        return False

    def place(self) -> None:
        """Choose size and place for the screen as it is now."""
        raise NotImplementedError
