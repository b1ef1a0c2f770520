import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.entry import Entry, Moment, Reading, at_that_time, entry_of, meaning, read, settled
from fdtui.core.fields import show
from fdtui.core.moments import as_datetime, day_of, every_short_date, local, short_date, written
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.values import Value
from fdtui.tui.presentation.details import short_time

LOS_ANGELES, SYDNEY, KIRITIMATI = "America/Los_Angeles", "Australia/Sydney", "Pacific/Kiritimati"
SEEN = Field("Seen", FieldType.DATETIME)
DUE = Field("Due", FieldType.DATE)
TOLD = "2028-11-03T21:00:00Z"
NOW = datetime(2028, 11, 3, 20, 30, tzinfo=UTC)


@pytest.fixture
def lives_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts this machine into a zone until the test is over."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def typed(entry: Entry, text: str) -> tuple[Entry, Reading]:
    entry = entry.typed(text)
    return entry, read(entry, Schema(), Moment(NOW))


@pytest.mark.parametrize(
    ("zone", "shown", "day"),
    [
        ("UTC", "2028-11-03 21:00 UTC", date(2028, 11, 3)),
        (LOS_ANGELES, "2028-11-03 14:00 -07:00", date(2028, 11, 3)),
        (SYDNEY, "2028-11-04 08:00 +11:00", date(2028, 11, 4)),
        (KIRITIMATI, "2028-11-04 11:00 +14:00", date(2028, 11, 4)),
    ],
)
def test_a_moment_is_shown_and_edited_in_the_users_zone(
    lives_in: Callable[[str], None], zone: str, shown: str, day: date
) -> None:
    lives_in(zone)
    entry = entry_of(SEEN, TOLD)
    assert show(SEEN, TOLD) == entry.text == shown
    assert day_of(SEEN, TOLD) == day
    assert read(entry, Schema(), Moment(NOW)) == Reading(TOLD)
    assert typed(entry, shown)[1] == Reading(TOLD)
    without = shown.rpartition(" ")[0]
    assert typed(entry, without)[1] == Reading(TOLD)
    changed, reading = typed(entry, without.replace(":00", ":05"))
    assert reading.is_changed
    assert not reading.problem
    assert as_datetime(str(reading.value)) == datetime(2028, 11, 3, 21, 5, tzinfo=UTC)
    assert settled(changed, Moment(NOW)).text == shown.replace(":00 ", ":05 ")


@pytest.mark.parametrize("zone", [LOS_ANGELES, SYDNEY, KIRITIMATI])
@pytest.mark.parametrize("told", ["2028-11-03", "2028-11-03T00:00:00Z", "2028-11-03T23:59:59-08:00"])
def test_a_day_is_the_same_everywhere(lives_in: Callable[[str], None], zone: str, told: str) -> None:
    lives_in(zone)
    assert day_of(DUE, told) == date(2028, 11, 3)
    assert show(DUE, told) == told
    assert entry_of(DUE, told).text == told


def test_what_is_typed_with_another_offset_is_said_in_the_users_zone(
    lives_in: Callable[[str], None],
) -> None:
    lives_in(LOS_ANGELES)
    for text in ("2028-11-03T21:00:00Z", "2028-11-03 22:00 +01:00", "2028-11-03 21:00 UTC"):
        entry, reading = typed(entry_of(SEEN, None), text)
        assert meaning(entry, reading, Moment(NOW)) == "Fri 3 Nov 2028 14:00 -07:00"
        assert settled(entry, Moment(NOW)).text == "2028-11-03 14:00 -07:00"


def test_an_hour_that_comes_twice_keeps_which_it_was(lives_in: Callable[[str], None]) -> None:
    lives_in(LOS_ANGELES)
    first, second = "2028-11-05T08:30:00Z", "2028-11-05T09:30:00Z"
    assert show(SEEN, first) == "2028-11-05 01:30 -07:00"
    assert show(SEEN, second) == "2028-11-05 01:30 -08:00"
    for told in (first, second):
        entry = entry_of(SEEN, told)
        assert typed(entry, entry.text)[1] == Reading(told)
    assert typed(entry_of(SEEN, None), "2028-11-05 01:30")[1].value == "2028-11-05T01:30:00-07:00"


@pytest.mark.parametrize(
    ("zone", "gap"), [(LOS_ANGELES, "2028-03-12 02:30"), (SYDNEY, "2028-10-01 02:30")]
)
def test_an_hour_that_never_comes_is_refused(
    lives_in: Callable[[str], None], zone: str, gap: str
) -> None:
    lives_in(zone)
    assert typed(entry_of(SEEN, None), gap)[1].problem.startswith("is invalid")


def test_another_day_has_the_same_time_on_the_clock(lives_in: Callable[[str], None]) -> None:
    lives_in(LOS_ANGELES)
    here = local(datetime(2028, 11, 3, 21, 0, tzinfo=UTC))
    moment = Moment(NOW)
    assert at_that_time(date(2028, 11, 6), here, moment) == "2028-11-06 14:00 -08:00"
    assert at_that_time(date(2028, 11, 6), None, moment) == "2028-11-06 09:00 -08:00"
    night = local(datetime(2028, 11, 3, 9, 30, tzinfo=UTC))  # 2:30, which one Sunday does not have
    assert at_that_time(date(2028, 3, 12), night, moment) == "2028-03-12 01:30 -08:00"


@pytest.mark.parametrize(
    "told",
    [
        1857099600, 1857099600000, 1857099600.0, Decimal("1857099600.000"), Decimal(1857099600000),
        "1857099600", "1857099600000", "1857099600.000000", "2028-11-06T05:00", "2028-11-06 05:00:00",
    ],
)  # fmt: skip
def test_a_moment_that_is_counted_is_read(lives_in: Callable[[str], None], told: Value) -> None:
    lives_in(LOS_ANGELES)
    assert show(SEEN, told) == "2028-11-05 21:00 -08:00"
    assert day_of(SEEN, told) == date(2028, 11, 5)
    assert read(entry_of(SEEN, told), Schema(), Moment(NOW)) == Reading(told)
    assert entry_of(SEEN, told).text == "2028-11-05 21:00 -08:00"


@pytest.mark.parametrize(
    "odd",
    [True, 10**400, -1857099600, Decimal("Infinity"), Decimal("NaN"), "9" * 5000, 12, [], {}, "x"],
)
def test_what_is_no_moment_is_shown_as_it_came(odd: Value) -> None:
    assert day_of(SEEN, odd) is None


def test_a_moment_in_a_field_that_nobody_knows_is_shown_alike(lives_in: Callable[[str], None]) -> None:
    lives_in(SYDNEY)
    strange = Field("Seen", "unknown")
    assert show(strange, TOLD) == "2028-11-04 08:00 +11:00"
    assert show(strange, "2028-11-03") == "2028-11-03"
    assert show(Field("Note"), TOLD) == TOLD


def test_a_comment_of_another_season_has_the_day_that_it_was(lives_in: Callable[[str], None]) -> None:
    lives_in(LOS_ANGELES)
    winter = local(datetime(2028, 12, 1, 20, 0, tzinfo=UTC))
    assert short_time("2028-10-01T07:30:00Z", winter) == "1 Oct"
    assert short_time("2028-12-01T19:00:00Z", winter) == "11:00"


def test_moments_at_the_ends_of_the_calendar_are_shown(lives_in: Callable[[str], None]) -> None:
    lives_in(KIRITIMATI)
    for told in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1800-01-01T00:00:00Z"):
        entry = entry_of(SEEN, told)
        assert typed(entry, entry.text)[1] == Reading(told)


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from([LOS_ANGELES, SYDNEY, KIRITIMATI]))
def test_what_is_written_is_read_as_the_same_moment(moment: datetime, zone: str) -> None:
    entry = entry_of(SEEN, None).typed(written(local(moment, ZoneInfo(zone)), exact=True))
    value = read(entry, Schema(), Moment(NOW)).value
    assert as_datetime(str(value)) == moment


def test_the_short_forms_of_a_day() -> None:
    day, today = date(2026, 11, 27), date(2026, 11, 22)
    assert short_date(day, today) == "27 Nov"
    assert short_date(day, today.replace(year=2027)) == "Nov 2026"
    assert every_short_date(day) == "27 Nov 2026"
