"""A month to choose a day from, with the movement keys."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, fit
from fdtui.tui.toolkit.frame import BORDER, PANEL, SIDES, Frame
from fdtui.tui.toolkit.overlay import Handler, Hints

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CALENDAR_WIDTH, LINES = 28, 9
"""Cells and lines of a month, its title, the rule and the names of the days."""
_DAY_STEPS = {"day-left": -1, "day-right": 1, "week-up": -7, "week-down": 7}
_MONTH_STEPS = {"month-left": -1, "month-right": 1, "year-up": -12, "year-down": 12}


class Calendar(Frame[date]):
    """Draws six weeks; answers the day under the cursor."""

    def __init__(
        self,
        day: date,
        today: date,
        glyphs: Glyphs,
    ) -> None:
        super().__init__("", glyphs)
        self.day, self._today = day, today

    def place(self) -> None:
        """In the middle, a third from the top."""
        self.fit(CALENDAR_WIDTH + SIDES, LINES + BORDER)

    # Keys

    scopes = ("calendar",)

    def bindings(self) -> Mapping[str, Handler]:
        """Walk over the days, choose, or leave."""
        return {
            **{f"calendar.{name}": self._walk(days=count) for name, count in _DAY_STEPS.items()},
            **{f"calendar.{name}": self._walk(months=count) for name, count in _MONTH_STEPS.items()},
            "calendar.today": lambda _: self._go(self._today),
            "calendar.choose": lambda _: self.answer(self.day),
            "calendar.close": lambda _: self.answer(),
        }

    def _walk(self, *, days: int = 0, months: int = 0) -> Handler:
        def walk(_: int | None) -> None:
            try:
                self._go(_month_later(self.day, months) + timedelta(days=days))
            except (ValueError, OverflowError):
                return  # the calendar ends there

        return walk

    def footer(self) -> Hints:
        """How to walk, and to choose."""
        return (
            ("calendar.choose", "choose"),
            ("calendar.day-left", "day before"),
            ("calendar.week-down", "week after"),
            ("calendar.month-right", "month after"),
            ("calendar.today", "today"),
            ("calendar.close", "back"),
        )

    def _go(self, day: date) -> None:
        self.day = day
        self.refresh()

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The month's name, a rule, the days of the week, six weeks."""
        if y == 0:
            self.heading = f"{MONTHS[self.day.month - 1]} {self.day.year}"
            return self.title_line(width), PANEL
        if y == 1:
            return self.rule_line(width), PANEL
        return self._line(y - 1), PANEL

    def _line(self, y: int) -> Line:
        if y == 1:
            return ((" Mo  Tu  We  Th  Fr  Sa  Su", "dim"),)
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
