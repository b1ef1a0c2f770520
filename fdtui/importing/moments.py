"""Days and moments in the forms in which other programs write them.

A day and a month in figures are read in one order for a whole column, for ``02/03`` means both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache

from fdtui.core.dates import MONTHS
from fdtui.core.moments import read_moment

MAX_MOMENT_LETTERS = 80
"""Letters of the longest text that can be a moment."""
_CLOCK = (
    r"(?:,?[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
)
_CLOCK += (
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?)? ?(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?(?: ?\(.*\))?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_CLOCK}", re.ASCII
)
_FIGURES = re.compile(
    rf"(?P<one>\d{{1,2}})[-/.](?P<two>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}){_CLOCK}", re.ASCII
)
_DAY_NAMED = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[-/. ]+(?P<name>[a-z]{{3,9}})\.?[-/., ]+"
    rf"(?P<year>\d{{4}}|\d{{2}}){_CLOCK}",
    re.ASCII | re.IGNORECASE,
)
_MONTH_NAMED = re.compile(
    rf"{_WEEKDAY}(?P<name>[a-z]{{3,9}})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? "
    rf"(?P<year>\d{{4}}){_CLOCK}",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<zone>Z)",
    re.ASCII,
)
_CENTURY = 2000


class DateOrder(StrEnum):
    """Which comes first where day and month are figures."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class AmbiguousDayError(ValueError):
    """A day that may be another, and nothing says which."""


def read_day(text: str, order: DateOrder | None, zone: tzinfo | None = None) -> date | None:
    """The day that ``text`` names, a moment's being the one in ``zone``; ``None`` if it names none.

    Midnight in its own zone is a day that a program wrote as a moment. Raises `AmbiguousDayError`.
    """
    when = read_when(text, order)
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None or when.timetz().replace(tzinfo=None) == time():
        return when.date()
    try:
        return when.astimezone(zone).date()
    except (OverflowError, ValueError, OSError):
        return when.date()


def read_time(text: str, order: DateOrder | None, zone: tzinfo | None = None) -> datetime | None:
    """The moment that ``text`` names, in ``zone`` (``None``: the machine's) where it says none.

    Raises `AmbiguousDayError`.
    """
    when = read_when(text, order)
    if when is None:
        return None
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    if moment.tzinfo is not None:
        return moment
    try:
        aware = moment.astimezone() if zone is None else moment.replace(tzinfo=zone)
        return datetime.fromisoformat(aware.isoformat())  # a fixed offset: it means the same for ever
    except (OverflowError, ValueError, OSError):
        return moment.replace(tzinfo=UTC)


@lru_cache(maxsize=8192)
def read_when(text: str, order: DateOrder | None) -> date | datetime | None:
    """The day, or the moment with or without a zone, that ``text`` names; raises `AmbiguousDayError`."""
    text = " ".join(text.split())
    if not text or len(text) > MAX_MOMENT_LETTERS:
        return None
    try:
        for shape in (_YEAR_FIRST, _COMPACT, _DAY_NAMED, _MONTH_NAMED):
            if found := shape.fullmatch(text):
                return _made(found, _month(found), int(found["day"]))
        if found := _FIGURES.fullmatch(text):
            return _in_order(found, order)
    except OverflowError:
        return None
    except AmbiguousDayError:
        raise
    except ValueError:
        return None
    return _javascript(text) or read_moment(text)


def order_in(texts: Iterable[str]) -> DateOrder | None:
    """The order that ``texts`` show by a figure above 12; ``None`` where none does, or both do."""
    found = {order for text in texts if (order := shown_order(text)) is not None}
    return found.pop() if len(found) == 1 else None


def shown_order(text: str) -> DateOrder | None:
    """The order that ``text`` shows by itself: dots part days of the day-first kind."""
    found = _FIGURES.fullmatch(text.strip())
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    if one > 12 or text.strip()[len(found["one"])] == ".":
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if two > 12 else None


def _in_order(found: re.Match[str], order: DateOrder | None) -> date | datetime:
    one, two = int(found["one"]), int(found["two"])
    order = shown_order(found[0]) or order
    if order is None and one != two:
        raise AmbiguousDayError(
            f"may be {one} {MONTHS[two - 1].title()} or {two} {MONTHS[one - 1].title()}:"
            " say --dates dmy or --dates mdy"
        )
    month_first = order is DateOrder.MONTH_FIRST
    return _made(found, one if month_first else two, two if month_first else one)


def _month(found: re.Match[str]) -> int:
    parts = found.groupdict()
    if parts.get("month"):
        return int(parts["month"])
    name = parts["name"].lower()
    at = next((at for at, each in enumerate(MONTHS, 1) if each.startswith(name[:3])), 0)
    if not at or not (MONTHS[at - 1].startswith(name) or name == "sept"):
        raise ValueError(name)
    return at


def _made(found: re.Match[str], month: int, day: int) -> date | datetime:
    parts = found.groupdict()
    year = int(parts["year"])
    on = date(year + _CENTURY if len(parts["year"]) == 2 else year, month, day)
    if parts.get("hour") is None:
        return on
    hour, half = int(parts["hour"]), (parts.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    micro = int((parts.get("part") or "0").ljust(6, "0")[:6])
    clock = time(hour, int(parts["minute"]), int(parts.get("second") or 0), micro)
    return datetime.combine(on, clock, _zone(parts.get("zone")))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    figures = re.sub(r"[A-Z:]", "", text)
    if not figures:
        return UTC
    span = timedelta(hours=int(figures[1:3]), minutes=int(figures[3:5]))
    return timezone(span if figures[0] == "+" else -span)


_JS = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun) (?P<name>[a-z]{3}) (?P<day>\d{1,2}) (?P<year>\d{4}) "
    r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2}) (?P<zone>GMT[+-]\d{4})(?: \(.*\))?",
    re.ASCII | re.IGNORECASE,
)


def _javascript(text: str) -> datetime | None:
    """What JavaScript makes of a moment: ``Wed May 13 2026 11:21:41 GMT+0000 (GMT+00:00)``."""
    found = _JS.fullmatch(text)
    if found is None:
        return None
    try:
        made = _made(found, _month(found), int(found["day"]))
    except (ValueError, OverflowError):
        return None
    return made if isinstance(made, datetime) else None
