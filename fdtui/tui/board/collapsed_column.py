"""A column four cells wide: its name from top to bottom. For folded columns and for the edges."""

from __future__ import annotations

from rich.cells import split_graphemes
from textual import events
from textual.message import Message
from textual.strip import Strip

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.tui.board.column_layout import SPINE
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, fit, width_of
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.theme import paint_of


@frozen
class SpineFace:
    """What is to be seen of a spine."""

    index: int
    name: str
    role: str
    count: str
    active: bool = False
    more: str = ""
    """At an edge: which way it goes on, and how many columns are there besides this one."""


class CollapsedColumn(Lined, can_focus=False):
    """Draws a `SpineFace`; a click goes to its column."""

    is_background = True
    DEFAULT_CSS = f"""
    CollapsedColumn {{ width: {SPINE}; height: 100%; background: $fd-background; position: absolute; }}
    """

    class Chosen(Message):
        """The spine was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self.face: SpineFace | None = None
        self.placed = (-1, -1)
        """Where `Lanes` has put it, and how wide."""
        self._lines: list[Line] = []

    def show(self, face: SpineFace) -> None:
        """Draw this face."""
        if face != self.face:
            self.face = face
            self._lines = self._made(face)
            self.refresh()

    def _made(self, face: SpineFace) -> list[Line]:
        rule = (self._glyphs.strong_rule, "accent") if face.active else (self._glyphs.rule, "line")
        lines: list[Line] = [((fit(f" {self._glyphs.dot}", SPINE), face.role),)]
        lines.append(((rule[0] * SPINE, rule[1]),))
        name = safe(face.name)[:64]
        letters = [name[start:end] for start, end, size in split_graphemes(name)[0] if size]
        role = "bold text" if face.active else "dim"
        room = max(3, self.size.height - 6) if self.size.height else 40
        lines += [((fit(f" {letter}", SPINE, ""), role),) for letter in letters[:room]]
        count = face.count if width_of(face.count) <= SPINE else "999+"
        lines += [((" " * SPINE, "dim"),), ((f"{count:^{SPINE}}", "dim"),)]
        if face.more:
            lines.append(((fit(f" {face.more}", SPINE, ""), "accent"),))
        return lines

    def render_line(self, y: int) -> Strip:
        """Line ``y`` of the spine."""
        paint = paint_of(self.app.theme)
        if y < len(self._lines):
            return paint.strip(self._lines[y], SPINE)
        return paint.blank(self.size.width)

    def on_resize(self) -> None:
        """Fit the name into another height."""
        if self.face is not None:
            self._lines = self._made(self.face)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Tell that it was clicked."""
        event.stop()
        if self.face is not None:
            self.post_message(self.Chosen(self.face.index))
