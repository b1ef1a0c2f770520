"""A tab that is a list of blocks: a cursor walks over those that can be acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events

from fdtui.tui.detail.fields_view import FieldsView
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.details import Block
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.pager import Pager

BAR = 2
"""Cells before each line, where the cursor's bar stands."""


class BlocksView(Pager):
    """Shows blocks; the cursor stays on its block by key while others come and go."""

    DEFAULT_CSS = """
    BlocksView { display: none; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs.wall, "aside")
        self._bar = glyphs.bar
        self._blocks: Sequence[Block] = ()
        self._at = -1
        self.sized: Callable[[], object] = lambda: None
        """Called once there is another room to fill."""

    def on_resize(self) -> None:
        """Ask for blocks of this width."""
        self.sized()

    @property
    def block_width(self) -> int:
        """Cells for a block's lines."""
        return max(8, self.text_width - BAR)

    @property
    def key(self) -> str:
        """What the block under the cursor shows; empty where there is none."""
        return self._blocks[self._at].key if 0 <= self._at < len(self._blocks) else ""

    def show(self, blocks: Sequence[Block], *, reset: bool, last: bool = False) -> None:
        """Show these blocks; ``reset`` puts the cursor on the first, or with ``last`` on the last."""
        key, old = self.key, self._at
        self._blocks = blocks
        places = self._places
        if reset or not places:
            self._at = (places[-1] if last else places[0]) if places else -1
        else:
            same = [at for at in places if blocks[at].key == key]
            self._at = same[0] if same else min(places, key=lambda at: abs(at - old))
        self._draw(keep=not reset)
        self._reveal()

    @property
    def _places(self) -> list[int]:
        return [at for at, block in enumerate(self._blocks) if block.key]

    def give_keys(self, has_keys: bool) -> None:
        """Show whether the movement keys go here; only then there is a cursor."""
        if has_keys != self.has_keys:
            super().give_keys(has_keys)
            self._draw(keep=True)

    def _draw(self, *, keep: bool) -> None:
        lines: list[Line] = []
        for at, block in enumerate(self._blocks):
            here = at == self._at and self.has_keys
            for line in block.lines:
                sign = self._bar if here and line else " "
                lines.append(((f"{sign} ", "accent"), *line))
        self.set_lines(lines, keep=keep)

    def _reveal(self) -> None:
        if self._at < 0:
            return
        above = sum(len(block.lines) for block in self._blocks[: self._at])
        below = above + len(self._blocks[self._at].lines)
        if self._at == self._places[0]:
            above = 0
        if below > self.top + self.size.height:
            self.jump_to(below - self.size.height)
        if above < self.top:
            self.jump_to(above)

    def scroll_by(self, lines: int) -> None:
        """Move the cursor by this many blocks; without any, scroll."""
        places = self._places
        if not places:
            super().scroll_by(lines)
            return
        place = places.index(self._at) + lines
        self._go(places[max(0, min(place, len(places) - 1))])

    def to_end(self, place: int) -> None:
        """To the block of that number, or as near as there is one."""
        places = self._places
        if places:
            self._go(places[max(0, min(place, len(places) - 1))])

    def _go(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self._draw(keep=True)
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Tell which block it was."""
        event.stop()
        bottom = -self.top
        for block in self._blocks:
            bottom += len(block.lines)
            if event.y < bottom:
                self.post_message(FieldsView.Clicked(block.key))
                return
        self.post_message(FieldsView.Clicked(""))

    def put_cursor(self, key: str) -> bool:
        """Put the cursor on a block in view; false where it is there already."""
        was_here = self.has_keys and key == self.key
        at = next((at for at in self._places if self._blocks[at].key == key), None)
        if at is not None:
            self._go(at)
        return not was_here
