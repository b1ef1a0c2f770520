"""The day of a card in the words of its corner: ``Fri``, ``12 Dec``, ``late 3d``. Pure."""

from __future__ import annotations

from datetime import date

from fdtui.core.moments import short_date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(day: date, today: date) -> str:
    """``today``, the name of a day within a week, else the date."""
    ahead = (day - today).days
    if ahead == 0:
        return "today"
    return _DAYS[day.weekday()] if 0 < ahead < 7 else short_date(day, today)


def late_words(days: int) -> str:
    """``late 3d``."""
    return f"late {short_span(days)}"


def short_span(days: int) -> str:
    """A number of days in two or three letters: ``3d``, ``20w``, ``4y``."""
    if days < 100:
        return f"{days}d"
    return f"{days // 7}w" if days < 730 else f"{days // 365}y"
