"""Yardstick: a four-column board with the Line API and nothing else. The floor for a key press.

python lines.py 10000
"""

import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

HEIGHT = 3
GAP = Style.parse("on #1e1e2e")
LOOKS = {
    False: (Style.parse("bold #cdd6f4 on #313244"), Style.parse("#a6adc8 on #313244")),
    True: (Style.parse("bold #1e1e2e on #f9e2af"), Style.parse("#45475a on #f9e2af")),
}


class Column(ScrollView, can_focus=False):
    DEFAULT_CSS = "Column { width: 1fr; height: 1fr; scrollbar-size-vertical: 0; background: #1e1e2e; }"

    def __init__(self, cards: list[tuple[str, str]]) -> None:
        super().__init__()
        self.cards, self.at = cards, -1

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.cards) * HEIGHT)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        index, part = divmod(y + self.scroll_offset.y, HEIGHT)
        if index >= len(self.cards) or part == 2:
            return Strip([Segment(" " * width, GAP)], width)
        body = f" {self.cards[index][part]}"[: width - 1].ljust(width - 1)
        return Strip([Segment(body, LOOKS[index == self.at][part]), Segment(" ", GAP)], width)

    def select(self, index: int) -> None:
        old, self.at = self.at, index
        top, height = self.scroll_offset.y, self.size.height
        if not top <= index * HEIGHT <= top + height - 2:
            self.scroll_to(
                y=max(0, index * HEIGHT - height // 2), animate=False, force=True, immediate=True
            )
            return
        for each in (old, index):
            self.refresh(Region(0, each * HEIGHT - top, self.size.width, 2))


class Lines(App[None]):
    CSS = "#head, #foot { height: 1; background: #11111b; color: #cdd6f4; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [Binding("j", "move(1)"), Binding("k", "move(-1)"), Binding("q", "quit")]

    def compose(self) -> ComposeResult:
        count = int(sys.argv[1])
        cards = [
            (f"Task {n:06d} write the report", f"#{n} p{n % 5} due 11-{n % 28 + 1:02d}")
            for n in range(count)
        ]
        self.columns = [Column(cards[stage::4]) for stage in range(4)]
        yield Static(" Backlog   Ready   Doing   Done", id="head")
        yield Horizontal(*self.columns)
        yield Static(" j/k move   q quit", id="foot")

    def on_mount(self) -> None:
        self.columns[0].at = 0

    def action_move(self, step: int) -> None:
        column = self.columns[0]
        column.select(min(max(column.at + step, 0), len(column.cards) - 1))


if __name__ == "__main__":
    Lines().run()
