"""The lines and panes that the board is made of, each made once."""

from __future__ import annotations

from fdtui.tui.board.header import Header
from fdtui.tui.board.lanes import Lanes
from fdtui.tui.board.message import MessageLine
from fdtui.tui.board.progress import ProgressLine
from fdtui.tui.detail.pane import DetailPane
from fdtui.tui.footer import Footer
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.line_view import LineView
from fdtui.tui.toolkit.lined import Ground
from fdtui.tui.toolkit.placeholder import Placeholder


class BoardWidgets:
    """Those that are always there, from top to bottom; dialogs and features bring their own."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.header = Header("header")
        self.air = LineView("air")
        self.body = Ground(id="body")
        self.lanes = Lanes(glyphs)
        self.nothing = Placeholder(name="nothing")
        """What stands in the place of the columns where there is none to show."""
        self.detail = DetailPane(glyphs)
        self.progress = ProgressLine("progress")
        self.message = MessageLine(glyphs)
        self.footer = Footer("footer")
        self.small = Placeholder("Too small", "small")
        """All that is shown where there is no room for a board."""
