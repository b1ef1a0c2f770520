"""A month to choose a day from, with the movement keys."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from textual.strip import Strip

from fdtui.core.dates import MONTHS
from fdtui.tui.cells import Line, fit, spread
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

WIDTH, HEIGHT = 34, 12
_STEPS = {
    "h": -1, "left": -1, "l": 1, "right": 1, "k": -7, "up": -7, "j": 7, "down": 7,
}  # fmt: skip
_MONTHS = {"pageup": -1, "H": -1, "pagedown": 1, "L": 1, "K": -12, "J": 12}


class Calendar(Overlay):
    """Draws six weeks; ``enter`` chooses the day under the cursor."""

    DEFAULT_CSS = """
    Calendar { border: round $fd-accent; padding: 0 1; }
    Calendar.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self,
        day: date,
        today: date,
        glyphs: Glyphs,
        *,
        chosen: Callable[[date], object],
        closed: Callable[[], None],
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.day, self._today, self._glyphs = day, today, glyphs
        self._chosen, self._leave = chosen, closed

    def place(self) -> None:
        """In the middle, a third from the top."""
        size = self.app.size
        self.styles.width, self.styles.height = min(WIDTH, size.width), min(HEIGHT, size.height)
        x, y = (size.width - WIDTH) // 2, (size.height - HEIGHT) // 3
        self.styles.offset = (max(0, x), max(0, y))

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def press(self, name: str, character: str | None) -> None:
        """Walk over the days, choose, or leave."""
        if name in ("escape", "q", "ctrl+x"):
            self._leave()
            return
        if name in ("enter", "space"):
            self._leave()
            self._chosen(self.day)
            return
        try:
            if name in _STEPS:
                self.day += timedelta(days=_STEPS[name])
            elif name in _MONTHS:
                self.day = _month_later(self.day, _MONTHS[name])
            elif name == "t":
                self.day = self._today
        except (ValueError, OverflowError):
            return
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The month's name, the days of the week, six weeks, the keys."""
        width = self.content_size.width
        line = spread(self._line(y), (), width, "text", self._glyphs.cut)
        return paint_of(self.app.theme).strip(line, width, "panel")

    def _line(self, y: int) -> Line:
        if y == 0:
            return ((f"{MONTHS[self.day.month - 1].title()} {self.day.year}", "bold text"),)
        if y == 1:
            return ((" Mo  Tu  We  Th  Fr  Sa  Su", "dim"),)
        if y == 9:
            return (("hjkl days  HL months  t today", "dim"),)
        if not 2 <= y < 8:
            return ()
        first = self.day.replace(day=1)
        pieces = []
        for weekday in range(7):
            number = (y - 2) * 7 + weekday - first.weekday() + 1
            if not 1 <= number <= monthrange(first.year, first.month)[1]:
                pieces.append(("    ", "text"))
                continue
            day = first.replace(day=number)
            role = "bold accent" if day == self._today else "dim" if weekday > 4 else "text"
            if day == self.day:
                role = "bold on_accent@accent"
            pieces += [(fit(f" {number:2} ", 4), role)]
        return tuple(pieces)


def _month_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
