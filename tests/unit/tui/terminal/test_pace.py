"""One frame in flight, and never a wait for a terminal that does not answer."""

import threading

import pytest

from fdtui.tui.terminal.pace import (
    ANSWER_TIMEOUT,
    SLOWEST_LINK,
    STATUS_QUERY,
    STRIKES,
    Pace,
    can_be_asked,
)
from fdtui.tui.terminal.parser import PatientParser

ANSWER = "\x1b[0n"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    """Of a terminal that has answered once."""
    made = Pace(lambda: None, clock)
    assert made.begin() == STATUS_QUERY
    assert made.takes(ANSWER)
    return made


def test_the_next_frame_waits_for_the_answer(pace: Pace) -> None:
    assert pace.wait() == 0
    assert pace.sent(100) == STATUS_QUERY
    assert pace.wait() == ANSWER_TIMEOUT + 100 / SLOWEST_LINK
    pace.takes(ANSWER)
    assert pace.wait() == 0


def test_an_answer_that_never_comes_is_not_waited_for_forever(pace: Pace, clock: Clock) -> None:
    for _ in range(STRIKES):
        assert pace.sent(0) == STATUS_QUERY
        assert pace.wait() > 0
        clock.now += ANSWER_TIMEOUT
        assert pace.wait() == 0
    assert pace.is_deaf
    assert pace.sent(0) == ""
    assert pace.wait() == 0
    assert pace.begin() == "", "not asked again after another program had the terminal"


def test_one_lost_answer_is_forgiven(pace: Pace, clock: Clock) -> None:
    for _ in range(STRIKES * 2):
        pace.sent(0)
        clock.now += ANSWER_TIMEOUT
        assert pace.wait() == 0
        pace.sent(0)
        pace.takes(ANSWER)
    assert not pace.is_deaf


def test_a_terminal_that_never_answered_is_never_waited_for(clock: Clock) -> None:
    pace = Pace(lambda: None, clock)
    asked = [pace.begin(), *(pace.sent(9_000) for _ in range(9))]
    assert pace.wait() == 0
    assert asked.count(STATUS_QUERY) == STRIKES, "and soon not asked any more"


def test_a_terminal_that_answers_late_is_waited_for_from_then_on(clock: Clock) -> None:
    pace = Pace(lambda: None, clock)
    pace.begin()
    for _ in range(9):
        pace.sent(0)
    pace.takes(ANSWER)  # to the first of three
    assert pace.wait() > 0, "two frames are under way"
    pace.takes(ANSWER)
    pace.takes(ANSWER)
    assert pace.wait() == 0
    assert pace.sent(0) == STATUS_QUERY


def test_answers_that_nobody_asked_for_are_no_credit(pace: Pace) -> None:
    for _ in range(5):
        assert pace.takes(ANSWER)
    pace.sent(0)
    assert pace.wait() > 0


def test_after_another_program_had_the_terminal_nothing_is_under_way(pace: Pace) -> None:
    pace.sent(0)
    assert pace.begin() == STATUS_QUERY
    assert pace.wait() == 0


def test_at_the_end_all_answers_are_awaited(pace: Pace) -> None:
    assert pace.part(0)
    pace.sent(0)
    assert not pace.part(0)
    answering = threading.Timer(0.01, lambda: pace.takes(ANSWER))
    answering.start()
    assert pace.part(30)
    answering.join()


def test_a_mute_terminal_is_not_awaited_at_the_end(clock: Clock) -> None:
    pace = Pace(lambda: None, clock)
    pace.begin()
    pace.sent(0)
    assert not pace.part(30)


def test_an_answer_is_no_key_whoever_it_is_for() -> None:
    for pace in (None, Pace(lambda: None)):
        parser = PatientParser(pace=pace)
        assert not list(parser.feed(ANSWER + "\x1b[3n"))
        assert [event.key for event in parser.feed(ANSWER + "j" + ANSWER)] == ["j"]  # type: ignore[attr-defined]


def test_an_answer_cut_in_two_is_still_one() -> None:
    heard = []
    pace = Pace(lambda: heard.append(1))
    pace.begin()
    parser = PatientParser(pace=pace)
    for piece in ("\x1b", "[", "0", "n"):
        assert not list(parser.feed(piece))
    assert heard


def test_a_dumb_terminal_is_not_asked() -> None:
    assert not can_be_asked({"TERM": "dumb"})
    assert can_be_asked({"TERM": "linux"})
