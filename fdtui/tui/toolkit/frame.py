"""The one frame of dialogs: a border, a title, a rule, and a line in which something is said."""

from __future__ import annotations

from typing import TypeVar

from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, spread
from fdtui.tui.toolkit.overlay import Dialog
from fdtui.tui.toolkit.theme import paint_of

T = TypeVar("T")

PANEL = "panel"
"""What lies behind the text of a dialog."""

BORDER, SIDES = 2, 4
"""Lines and cells that the border takes, and the padding beside the text."""


class Frame(Dialog[T]):
    """Draws the lines of a dialog inside its border. The keys stand in the window's last line."""

    dims = True

    DEFAULT_CSS = """
    Frame { border: round $fd-accent; padding: 0 1; }
    Frame.-ascii { border: ascii $fd-accent; }
    """

    def __init__(self, heading: str, glyphs: Glyphs) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading, self.glyphs = heading, glyphs
        self.told = ""
        """What is said in the frame until the next key."""

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """Line ``y`` inside the border in ``width`` cells, and what lies behind it."""
        raise NotImplementedError

    def fit(self, width: int, height: int) -> None:
        """Stand in the middle, a third from the top, as far as there is room above the keys."""
        screen = self.app.size
        width, height = max(8, min(width, screen.width - 2)), max(1, min(height, screen.height - 1))
        self.styles.width, self.styles.height = width, height
        x, y = (screen.width - width) // 2, (screen.height - height) // 3
        self.styles.offset = (max(0, x), max(0, y))

    def room_for(self, width: int) -> int:
        """The cells that a line has where the dialog would be ``width`` wide."""
        return max(4, min(width, self.app.size.width - 2) - SIDES)

    def title_line(self, width: int, note: str = "") -> Line:
        """The heading, and a note at its right."""
        return spread(
            ((safe(self.heading), "bold text"),), ((note, "dim"),), width, "dim", self.glyphs.cut
        )

    def rule_line(self, width: int) -> Line:
        """What parts the title from the rest."""
        return ((self.glyphs.rule * width, "line"),)

    def told_line(self) -> Line:
        """What is said; mostly nothing."""
        return ((safe(self.told), "warn"),) if self.told else ()

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        width = self.content_size.width
        line, ground = self.line(y, width)
        line = spread(line, (), width, "text", self.glyphs.cut)
        return paint_of(self.app.theme).strip(line, width, ground)
