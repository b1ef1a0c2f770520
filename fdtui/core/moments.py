"""Days and moments: as installs tell them, and as people read them, in the zone where they are.

A moment is shown in one zone, the machine's own where none is given, with its offset beside it. A
day (``date``) belongs to no zone and is never shifted. What goes over the wire stays as it was.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Value

MAX_LETTERS = 40
"""Letters of the longest text that tells a moment; what is longer is not looked at."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)
_EPOCH = re.compile(r"(\d{9,10}(?:\.\d{1,6})?)|(\d{12,13}(?:\.\d{1,6})?)", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def as_date(text: str) -> date | None:
    """The day that ``YYYY-MM-DD`` names, or ``None``."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_datetime(text: str) -> datetime | None:
    """The moment that ISO 8601 with an offset names, or ``None``."""
    if not _DATETIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_moment(value: Value) -> datetime | None:
    """The moment that an install tells: as it should, without a zone (UTC), or counted from 1970.

    Counted in seconds or in milliseconds, as a number or as a text.
    """
    text = _told(value)
    exact = as_datetime(text) or as_datetime(f"{text}Z")
    counted = None if exact else _EPOCH.fullmatch(text)
    if counted is None:
        return exact
    seconds = Decimal(counted[1]) if counted[1] else Decimal(counted[2]) / 1000
    return datetime.fromtimestamp(float(seconds), UTC)


def _told(value: Value) -> str:
    if isinstance(value, str):
        return value if len(value) <= MAX_LETTERS else ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    number = Decimal(value)
    return f"{number:f}" if number.is_finite() and 0 <= number.adjusted() <= MAX_LETTERS else ""


def local(moment: datetime, zone: tzinfo | None = None) -> datetime:
    """``moment`` in that zone, or in UTC where the zone has no whole offset or no calendar for it."""
    try:
        here = moment.astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return moment
    offset = here.utcoffset()
    return here if offset is None or offset.seconds % 60 == 0 else moment.astimezone(UTC)


def written(moment: datetime, *, exact: bool = False) -> str:
    """``2028-11-03 14:00 +01:00``, which can be typed, too; fractions of a second where ``exact``."""
    shown = moment.replace(tzinfo=None, microsecond=moment.microsecond if exact else 0)
    precise = "auto" if shown.second or shown.microsecond else "minutes"
    return f"{shown.isoformat(' ', precise)} {zone_of(moment)}"


def zone_of(moment: datetime) -> str:
    """The offset of ``moment`` as people read it: ``+01:00`` or ``UTC``."""
    if not moment.utcoffset():
        return "UTC"
    offset = f"{moment:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def day_of(field: Field, value: Value, zone: tzinfo | None = None) -> date | None:
    """The day of a date, which no zone shifts, or of a moment in that zone; ``None`` if it is none."""
    moment = read_moment(value)
    if moment is None:
        return as_date(value) if isinstance(value, str) else None
    return (moment if field.type == FieldType.DATE else local(moment, zone)).date()


def short_date(day: date, today: date) -> str:
    """``31 Jan``, or ``Jan 2020`` where it is another year's."""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month}" if day.year == today.year else f"{month} {day.year}"


def every_short_date(day: date) -> str:
    """All words that `short_date` says of a day, whatever day it is now."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
