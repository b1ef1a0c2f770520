from datetime import UTC, date, datetime

import pytest

from fdtui.core.remembered import Stay
from fdtui.tui.presentation.ages import age_words, stay_words, when_words

TODAY = date(2026, 11, 18)


def at(*when: int) -> float:
    return datetime(*when, tzinfo=UTC).timestamp()  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (at(2026, 11, 18, 14, 3), "14:03"),
        (at(2026, 11, 17, 9, 0), "17 Nov 09:00"),
        (at(2025, 11, 17), "Nov 2025"),
        (1e300, "an unknown time"),
    ],
)
def test_a_moment_is_told_as_exactly_as_it_matters(seconds: float, words: str) -> None:
    assert when_words(seconds, TODAY, UTC) == words


def test_the_age_of_a_board_is_told_in_the_time_zone_of_the_user() -> None:
    now = datetime(2026, 11, 18, 12).astimezone()
    then = datetime(2026, 11, 18, 9, 30).astimezone()
    assert age_words(then.timestamp(), now) == "as of 09:30"


@pytest.mark.parametrize(
    ("stay", "words"),
    [
        (Stay("x", at(2026, 11, 18, 8)), "since 08:00"),
        (Stay("x", at(2026, 11, 18, 8), is_exact=False), "since today"),
        (Stay("x", at(2026, 11, 17)), "since yesterday"),
        (Stay("x", at(2026, 11, 17), is_exact=False), "since yesterday or today"),
        (Stay("x", at(2026, 11, 15)), "for 3 days"),
        (Stay("x", at(2026, 11, 15), is_exact=False), "for at most 3 days"),
        (Stay("x", at(2026, 8, 1)), "for 3 months"),
        (Stay("x", at(2020, 8, 1)), "for 6 years"),
        (Stay("x", 1e300), ""),
    ],
)
def test_how_long_a_task_is_in_its_stage(stay: Stay, words: str) -> None:
    assert stay_words(stay, TODAY, UTC) == words
