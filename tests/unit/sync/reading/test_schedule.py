from random import Random

from fdtui.sync.reading.schedule import IDLE_AFTER, IDLE_FACTOR, UNFOCUSED_FACTOR, PollSchedule


def test_a_board_that_nothing_is_done_on_is_asked_less_often_until_something_is() -> None:
    schedule = PollSchedule(10.0, Random(1))
    assert all(9 <= schedule.after_success() <= 11 for _ in range(IDLE_AFTER))
    assert 9 * IDLE_FACTOR <= schedule.after_success() <= 11 * IDLE_FACTOR
    schedule.act()
    assert 9 <= schedule.after_success() <= 11
    schedule.set_focused(False)
    assert 9 * UNFOCUSED_FACTOR <= schedule.after_success() <= 11 * UNFOCUSED_FACTOR


def test_who_acts_waits_a_part_of_the_pause_but_leaves_a_failing_server_alone() -> None:
    schedule = PollSchedule(10.0, Random(1))
    assert schedule.soonest(schedule.after_success()) == 4
    wait = schedule.after_failure(None)
    assert schedule.soonest(wait) == wait
    wait = schedule.after_denial()
    assert schedule.soonest(wait) == wait
    assert schedule.soonest(schedule.after_success()) == 4
