from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from fdtui.core.dates import day_of, day_words, moment_of, moment_words, spelled

SUNDAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-01-31", "2020-01-31"),
        (" Today ", "2026-11-22"),
        ("tomorrow", "2026-11-23"),
        ("yesterday", "2026-11-21"),
        ("fri", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("sun", "2026-11-29"),  # a weekday is never today
        ("next fri", "2026-11-27"),  # of the week after this one, which ends today
        ("last fri", "2026-11-20"),
        ("last sun", "2026-11-15"),
        ("+3d", "2026-11-25"),
        ("-2w", "2026-11-08"),
        ("+1m", "2026-12-22"),
        ("+1y", "2027-11-22"),
        ("next week", "2026-11-29"),
        ("next month", "2026-12-22"),
        ("31 jan", "2027-01-31"),  # the nearest such day
        ("Oct 1", "2026-10-01"),
        ("1st october", "2026-10-01"),
        ("feb 29 2024", "2024-02-29"),
    ],
)
def test_days_as_people_type_them(text: str, day: str) -> None:
    assert day_of(text, SUNDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    ["", "2020-1-1", "31/12/2020", "2020-02-30", "0000-00-00", "10000-01-01", "31 feb", "+99999y",
     "fr", "next", "last tomorrow", "٣ jan", "3d", "1 2 3", "next next fri"],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert day_of(text, SUNDAY) is None


def test_next_friday_is_of_next_week_also_on_a_monday() -> None:
    monday = date(2026, 11, 23)
    assert day_of("fri", monday) == date(2026, 11, 27)
    assert day_of("next fri", monday) == date(2026, 12, 4)


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert day_of("+1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert day_of("+1y", date(2024, 2, 29)) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-11-22T11:30:00+01:00"),
        ("2020-01-31T10:00:00+02:00", "2020-01-31T10:00:00+02:00"),
        ("2020-01-31t10:00:00z", "2020-01-31T10:00:00+00:00"),
        ("2020-01-31 10:00", "2020-01-31T10:00:00+01:00"),
        ("2020-07-31T10:00", "2020-07-31T10:00:00+02:00"),
        ("fri", "2026-11-27T00:00:00+01:00"),
        ("fri 14:00", "2026-11-27T14:00:00+01:00"),
        ("tomorrow 9:15", "2026-11-23T09:15:00+01:00"),
        ("14:00", "2026-11-22T14:00:00+01:00"),
        ("12pm", "2026-11-22T12:00:00+01:00"),
        ("12am", "2026-11-22T00:00:00+01:00"),
        ("+2h", "2026-11-22T13:30:00+01:00"),
        ("-30min", "2026-11-22T11:00:00+01:00"),
        ("+3d 8:00", "2026-11-25T08:00:00+01:00"),
        ("31 jan 9am +05:30", "2027-01-31T09:00:00+05:30"),
        ("2020-01-31 10:00 utc", "2020-01-31T10:00:00+00:00"),
        ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),  # the first of the two
    ],
)
def test_moments_as_people_type_them(text: str, moment: str) -> None:
    found = moment_of(text, NOW, BERLIN)
    assert found is not None
    assert spelled(found) == moment


@pytest.mark.parametrize(
    "text",
    ["", "5", "13pm", "0am", "25:00", "10:60", "2020-01-31 24:00", "2026-03-29 02:30",
     "2020-01-31T23:59:60Z", "fri 14:00 +99:00", "+99999h x", "14:00 fri"],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    assert moment_of(text, NOW, BERLIN) is None


def test_the_machines_own_zone_is_taken_where_none_is_given() -> None:
    found = moment_of("2026-11-22 12:00", NOW)
    assert found is not None
    assert found.utcoffset() == datetime(2026, 11, 22, 12).astimezone().utcoffset()


def test_a_day_is_said_so_that_it_can_be_checked() -> None:
    assert day_words(date(2026, 11, 27), SUNDAY) == "Fri 27 Nov 2026, in 5 days"
    assert day_words(SUNDAY, SUNDAY) == "Sun 22 Nov 2026, today"
    assert day_words(date(2026, 11, 1), SUNDAY) == "Sun 1 Nov 2026, 21 days ago"
    assert day_words(date(2020, 1, 31), SUNDAY) == "Fri 31 Jan 2020"


def test_a_moment_is_said_with_its_offset() -> None:
    moment = datetime.fromisoformat("2026-11-27T14:00:05+05:30")
    assert moment_words(moment, SUNDAY) == "Fri 27 Nov 2026 14:00:05 +05:30"
    assert moment_words(NOW, SUNDAY) == "Sun 22 Nov 2026 10:30 UTC"
