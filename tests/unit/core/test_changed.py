"""What a change feed tells, put on the board: only its own rows, in the list's order."""

from types import MappingProxyType
from typing import Any

import pytest

from fdtui.core import events
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap, differing
from fdtui.core.update import is_overtaken, update


def task(key: str, stage: str = "A", url: str = "") -> Task:
    return Task(key, key, {"ID": key, "Stage": stage, "Task URL": url or f"/{key}"})


def state(*tasks: Task, **more: Any) -> State:
    return State(base=TaskMap({each.key: each for each in tasks}), loaded=True, **more)


def changed(*tasks: Task, gone: tuple[str, ...] = (), asked: int = 0) -> events.Changed:
    return events.Changed({each.key: each for each in tasks}, gone, asked)


def test_only_what_is_told_changes() -> None:
    before = state(task("1"), task("2"), task("3"))
    after = update(before, changed(task("2", "B"), task("4"), gone=("3",)))
    assert list(after.base) == ["1", "2", "4"]
    assert after.base["1"] is before.base["1"]
    assert after.base["2"].stage == "B"


@pytest.mark.parametrize("event", [changed(), changed(task("1")), changed(gone=("9",))])
def test_nothing_new_is_the_same_state(event: events.Changed) -> None:
    before = state(task("1"))
    assert update(before, event) is before


def test_another_unique_id_keeps_the_place() -> None:
    before = state(task("1"), task("2"), task("3"))
    after = update(before, changed(task("2b", url="/2"), gone=("2",)))
    assert list(after.base) == ["1", "2b", "3"]


def test_two_that_swap_their_unique_ids_keep_their_places_as_the_list_has_them() -> None:
    before = state(task("1"), task("2"), task("3"))
    after = update(before, changed(task("1", url="/2"), task("2", url="/1")))
    assert [(key, each.url) for key, each in after.base.items()] == [
        ("2", "/1"),
        ("1", "/2"),
        ("3", "/3"),
    ]


def test_deleted_and_made_again_comes_last() -> None:
    before = state(task("1"), task("2"))
    after = update(before, changed(task("1", url="/new")))
    assert list(after.base) == ["2", "1"]


def test_what_was_written_since_is_left_and_asked_for_again() -> None:
    before = state(task("1", "Mine"), task("2"), written=MappingProxyType({"1": 5, "9": 5}))
    late = changed(task("1", "Old"), task("2", "B"), asked=4)
    assert is_overtaken(before, late)
    after = update(before, late)
    assert (after.base["1"].stage, after.base["2"].stage) == ("Mine", "B")
    assert not is_overtaken(before, changed(task("1", "Mine"), asked=4))
    assert is_overtaken(before, changed(gone=("1",), asked=4))
    assert is_overtaken(before, changed(task("9"), asked=4))  # which was deleted here
    assert update(before, changed(task("9"), asked=4)) is before
    newer = changed(task("1", "Theirs"), asked=5)
    assert not is_overtaken(before, newer)
    done = update(before, newer)
    assert (done.base["1"].stage, dict(done.written)) == ("Theirs", {})


def test_the_refusal_of_a_task_goes_with_it() -> None:
    before = state(task("1"), task("2"), refused=MappingProxyType({"1": "no", "2": "no"}))
    assert dict(update(before, changed(gone=("1",))).refused) == {"2": "no"}
    assert update(before, changed(task("1", "B"))).refused is before.refused


def test_a_listing_shares_with_the_board_what_it_says_again() -> None:
    before = state(*(task(str(n)) for n in range(50)))
    listed = {str(n): task(str(n), "B" if n == 7 else "A") for n in (*range(1, 50), 60)}
    after = update(before, events.Fetched(listed, 0))
    assert after.base.shares_with(before.base)
    assert list(after.base) == list(listed)
    assert differing(before.base, after.base) == ["7", "60", "0"]
    turned = update(before, events.Fetched(dict(reversed(list(before.base.items()))), 0))
    assert list(turned.base) == list(before.base)[::-1]
    assert all(turned.base[key] is each for key, each in before.base.items())
