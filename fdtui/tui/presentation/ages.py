"""Of when something is, and since when, in the words of the screen. Pure."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from fdtui.core.moments import short_date
from fdtui.core.remembered import Stay


def age_words(seconds: float, now: datetime) -> str:
    """Of when the board is: ``as of 14:03``, with the day where that is not today."""
    return f"as of {when_words(seconds, now.date())}"


def dated_words(seconds: float, zone: tzinfo | None = None) -> str:
    """The same with the day, for words that are read later: ``as of 27 Nov 14:03``."""
    then = _moment(seconds, zone)
    if then is None:
        return "as of an unknown time"
    return f"as of {short_date(then.date(), then.date())} {then:%H:%M}"


def when_words(seconds: float, today: date, zone: tzinfo | None = None) -> str:
    """``14:03`` today, ``27 Nov 14:03`` this year, ``Nov 2024`` before; in the zone of the machine."""
    then = _moment(seconds, zone)
    if then is None:
        return "an unknown time"
    if then.date() == today:
        return f"{then:%H:%M}"
    day = short_date(then.date(), today)
    return f"{day} {then:%H:%M}" if then.year == today.year else day


def stay_words(stay: Stay, today: date, zone: tzinfo | None = None) -> str:
    """How long a task is in its stage: ``since 14:03``, ``since yesterday``, ``for 3 days``."""
    then = _moment(stay.since, zone)
    if then is None:
        return ""
    days = (today - then.date()).days
    if days <= 0:
        return f"since {then:%H:%M}" if stay.is_exact else "since today"
    if days == 1:
        return "since yesterday" if stay.is_exact else "since yesterday or today"
    span = span_words(days)
    return f"for {span}" if stay.is_exact else f"for at most {span}"


def span_words(days: int) -> str:
    """A number of days in the unit that people would use."""
    for size, unit, name in ((730, 365, "year"), (60, 30, "month"), (0, 1, "day")):
        if days >= size:
            count = days // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return ""


def _moment(seconds: float, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (OverflowError, OSError, ValueError):
        return None
