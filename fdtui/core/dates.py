"""Days and moments as people type them: ``fri``, ``+3d``, ``31 jan``, ``tomorrow 14:00``, ``now``.

Pure: what day and time it is comes in. A day and month without a year is the nearest such day; a
weekday is the next one, never today.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from fdtui.core.moments import as_date, as_datetime, zone_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MAX_DATE_LENGTH = 100
"""Letters of the longest text that can mean a day or a moment; what is longer is never looked at."""
_STEP = re.compile(r"([+-])(\d{1,5}) ?(d|w|m|y)", re.ASCII)
_HOURS = re.compile(r"([+-])(\d{1,5}) ?(h|min)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?(am|pm)?", re.ASCII)
_ZONE = re.compile(r"(.*\d.*?) ?(z|utc|[+-]\d{2}:?\d{2})", re.ASCII)
_SPACED = re.compile(r" (?=(?:Z|[+-]\d{2}:?\d{2})$)", re.ASCII)
"""The space before an offset, which ISO 8601 does not have."""
_NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1, "next week": 7, "last week": -7}


def day_of(text: str, today: date) -> date | None:
    """The day that ``text`` names, seen from ``today``; ``None`` if it names none."""
    text = text.strip()
    if len(text) > MAX_DATE_LENGTH:
        return None
    exact = as_date(text)
    if exact is not None:
        return exact
    words = " ".join(text.lower().replace(",", " ").split())
    try:
        if words in _NEAR:
            return today + timedelta(days=_NEAR[words])
        if words in ("next month", "last month"):
            return _months_later(today, 1 if words[0] == "n" else -1)
        if step := _STEP.fullmatch(words):
            return _stepped(today, int(step[1] + step[2]), step[3])
        return _weekday(words, today) or _day_and_month(words, today)
    except (ValueError, OverflowError):
        return None


def _stepped(day: date, count: int, unit: str) -> date:
    if unit in "dw":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    return _months_later(day, count * (12 if unit == "y" else 1))


def _months_later(day: date, count: int) -> date:
    """The same day of another month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Which of ``names`` begins with ``word``, three letters of it at least."""
    if len(word) < 3:
        return None
    return next((at for at, name in enumerate(names) if name.startswith(word)), None)


def _weekday(words: str, today: date) -> date | None:
    which, _, name = words.rpartition(" ")
    wanted = _place(name, WEEKDAYS)
    if wanted is None or which not in ("", "next", "last"):
        return None
    if which == "next":  # in the week after this one, whatever day it is now
        return today + timedelta(days=7 - today.weekday() + wanted)
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    if which == "last":
        return today + timedelta(days=ahead - 7 - (7 if ahead == 7 else 0))
    return today + timedelta(days=ahead)


def _day_and_month(words: str, today: date) -> date | None:
    parts = words.split(" ")
    if len(parts) not in (2, 3):
        return None
    first, second = parts[:2]
    name, number = (first, second) if second.isdecimal() else (second, first)
    month = _place(name, MONTHS)
    number = re.sub(r"(st|nd|rd|th|\.)$", "", number)
    if month is None or not (number.isascii() and number.isdecimal() and len(number) <= 2):
        return None
    if len(parts) == 3:
        year = parts[2]
        return (
            date(int(year), month + 1, int(number)) if re.fullmatch(r"\d{4}", year, re.ASCII) else None
        )
    found = [
        date(year, month + 1, int(number))
        for year in (today.year - 1, today.year, today.year + 1)
        if int(number) <= monthrange(year, month + 1)[1]
    ]
    return min(found, key=lambda day: abs(day - today), default=None)


def moment_of(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The moment that ``text`` names, seen from ``now``; ``None`` if it names none.

    A time without an offset is one of ``zone`` (``None``: the machine's own); one that the clocks
    leap over is none. A day alone begins at midnight.
    """
    text = text.strip()
    if len(text) > MAX_DATE_LENGTH:
        return None
    exact = as_datetime(_SPACED.sub("", text.upper().replace("UTC", "Z")))
    if exact is not None:
        return exact
    words = " ".join(text.lower().split()).replace("t", " ", 1) if _is_iso(text) else text
    words = " ".join(words.lower().replace(",", " ").split())
    here = _localised(now.replace(tzinfo=None), zone) if now.tzinfo is None else now.astimezone(zone)
    if here is None:
        return None
    if words == "now":
        return here.replace(microsecond=0)
    if step := _HOURS.fullmatch(words):
        count = int(step[1] + step[2])
        later = timedelta(hours=count) if step[3] == "h" else timedelta(minutes=count)
        try:
            return (here.astimezone(UTC) + later).replace(microsecond=0).astimezone(zone)
        except OverflowError:
            return None
    return _day_and_time(words, here, zone)


def _is_iso(text: str) -> bool:
    return re.match(r"\s*\d{4}-\d{2}-\d{2}[tT]\d", text, re.ASCII) is not None


def _day_and_time(words: str, here: datetime, zone: tzinfo | None) -> datetime | None:
    offset: tzinfo | None = None
    if (zoned := _ZONE.fullmatch(words)) and day_of(words, here.date()) is None:
        words, offset = zoned[1], _offset(zoned[2])
        if offset is None:
            return None
    today = here.date()
    parts = words.split(" ")
    for count in range(len(parts) + 1):
        day_words, clock_words = " ".join(parts[:count]), " ".join(parts[count:])
        day = day_of(day_words, today) if day_words else today
        clock = _clock(clock_words) if clock_words else time()
        if day is not None and clock is not None and words:
            naive = datetime.combine(day, clock)
            return naive.replace(tzinfo=offset) if offset is not None else _localised(naive, zone)
    return None


def _clock(words: str) -> time | None:
    found = _CLOCK.fullmatch(words)
    if found is None or not (found[2] or found[4]):
        return None
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4] == "pm" else 0)
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _offset(text: str) -> tzinfo | None:
    if text in ("z", "utc"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        return None
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(span if text[0] == "+" else -span)


def _localised(naive: datetime, zone: tzinfo | None) -> datetime | None:
    """``naive`` in that zone; ``None`` where no clock of the zone ever shows it."""
    try:
        aware = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
        back = aware.astimezone(UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return None
    if back.replace(tzinfo=None, fold=0) != naive.replace(fold=0):
        return None
    return datetime.fromisoformat(aware.isoformat())  # a fixed offset: it means the same for ever


def spelled(moment: datetime) -> str:
    """``moment`` as it goes over the wire: ISO 8601 with its offset."""
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds")


def day_words(day: date, today: date) -> str:
    """``day`` for a person to check: ``Fri 27 Nov 2026, in 5 days``."""
    name, month = WEEKDAYS[day.weekday()][:3].title(), MONTHS[day.month - 1][:3].title()
    away = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away)
    if near is None and abs(away) <= 366:
        near = f"in {away} days" if away > 0 else f"{-away} days ago"
    return f"{name} {day.day} {month} {day.year:04}{f', {near}' if near else ''}"


def moment_words(moment: datetime, today: date) -> str:
    """``moment`` for a person to check, its offset said."""
    seconds = f":{moment:%S}" if moment.second else ""
    day = day_words(moment.date(), today)
    return f"{day.partition(',')[0]} {moment:%H:%M}{seconds} {zone_of(moment)}"
