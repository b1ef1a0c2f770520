"""The conflict dialog: base, theirs and mine side by side, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.core.values import Value
from fdtui.tui.cells import Line, cut_line, spread, wrap
from fdtui.tui.dispute import Dispute, Side
from fdtui.tui.edit import LineEdit
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

MAX_WIDTH = 108


class Disputing(Overlay):
    """Has the keys until the user has chosen, or leaves the conflict as it is for later."""

    DEFAULT_CSS = """
    Disputing { border: round $fd-warn; padding: 0 1; }
    Disputing.-ascii { border: ascii $fd-warn; }
    """

    def __init__(
        self,
        heading: str,
        dispute: Dispute,
        glyphs: Glyphs,
        *,
        settled: Callable[[Mapping[str, Value]], object],
        closed: Callable[[], None],
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading, self.dispute = heading, dispute
        self._glyphs, self._settled, self._leave = glyphs, settled, closed
        self._edit: LineEdit | None = None
        self._told = ""
        self._lines: list[Line] = []
        self._top = 0

    def place(self) -> None:
        """In the middle, a third from the top; as high as the fields need."""
        screen = self.app.size
        width = max(8, min(MAX_WIDTH, screen.width - 2))
        self._arrange(width - 4)
        height = max(7, min(len(self._lines) + 5, screen.height))
        self.styles.width, self.styles.height = width, height
        self.styles.offset = ((screen.width - width) // 2, max(0, (screen.height - height) // 3))

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def on_resize(self) -> None:
        """Wrap the values for this width."""
        self._draw()

    def _arrange(self, width: int) -> None:
        told: list[Line] = [((part, "text"),) for part in wrap(self.dispute.sentence(), width)]
        self._lines = [*told, (), *self.dispute.lines(width, self._glyphs)]

    def _draw(self) -> None:
        self._arrange(max(8, self.content_size.width))
        mark = f"{self._glyphs.bar} "
        at = [y for y, line in enumerate(self._lines) if line and line[0][0] == mark]
        if at and not (self._top <= at[0] and at[-1] < self._top + self._rows):
            self._top = max(0, at[0] - 2)
        self._top = max(0, min(self._top, len(self._lines) - self._rows))
        self.refresh()

    @property
    def _rows(self) -> int:
        return max(1, self.content_size.height - 3)

    def press(self, name: str, character: str | None) -> None:
        """Move, take a side, edit, send or leave."""
        self._told = ""
        if self._edit is not None:
            self._type(self._edit, name, character)
        elif name in ("escape", "q"):
            self._leave()
            return
        elif name == "enter":
            self._leave()
            self._settled(self.dispute.wanted())
            return
        elif name == "e":
            self._edit = LineEdit(self.dispute.text)
        else:
            self._choose(name)
        self._draw()

    def _choose(self, name: str) -> None:
        steps = {"j": 1, "down": 1, "tab": 1, "k": -1, "up": -1, "shift+tab": -1}
        sides = {
            "t": Side.THEIRS, "h": Side.THEIRS, "left": Side.THEIRS, "T": Side.THEIRS,
            "m": Side.MINE, "l": Side.MINE, "right": Side.MINE, "M": Side.MINE,
        }  # fmt: skip
        if name in steps:
            self.dispute.move(steps[name])
        elif name in sides:
            self.dispute.choose(sides[name], all_fields=name.isupper())

    def _type(self, edit: LineEdit, name: str, character: str | None) -> None:
        if name == "escape":
            self._edit = None
        elif name == "enter":
            self._told = self.dispute.edit(edit.text)
            if not self._told:
                self._edit = None
        else:
            edit.press(name, character)

    def paste(self, text: str) -> None:
        """Type it, where my value is being edited."""
        if self._edit is not None:
            self._edit.insert(text)
            self._draw()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, width = paint_of(self.app.theme), self.content_size.width
        height = self.content_size.height
        line: Line = ()
        if y == 0:
            sign = (f"{self._glyphs.conflict} ", "bold warn")
            line = (sign, (safe(self.heading), "bold text"))
        elif y == height - 2:
            line = ((self._glyphs.rule * width, "line"),)
        elif y == height - 1:
            line = self._last(width)
        elif self._top + y - 1 < len(self._lines):
            line = self._lines[self._top + y - 1]
        return paint.strip(spread(cut_line(line, width), (), width, "text"), width, "panel")

    def _last(self, width: int) -> Line:
        if self._told:
            return ((safe(self._told), "warn"),)
        if self._edit is not None:
            return (("mine ", "bold accent"), *self._edit.line(width - 6))
        words = (
            ("t", "theirs"), ("m", "mine"), ("T M", "all"), ("e", "edit mine"), ("enter", "does it"),
            ("esc", "later"),
        )  # fmt: skip
        return tuple(
            piece for key, word in words for piece in ((f"{key} ", "bold accent"), (f"{word}  ", "dim"))
        )
