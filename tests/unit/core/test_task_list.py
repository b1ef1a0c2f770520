"""A packed listing answers as one of objects does, whoever asks, and from whatever thread."""

import gc
import threading
import zlib
from array import array
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.task import Task
from fdtui.core.task_list import BLOCK, MAX_READ, PackedTasks, PlainTasks, line_of, packed, task_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from((Decimal("1.50"), Decimal("1E-50"), "\ud800", "a\nb", "\u2028", "\0number")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
TASKS = st.dictionaries(
    st.text(max_size=5),
    st.tuples(st.none() | st.text(max_size=3), st.dictionaries(st.text(), VALUES, max_size=3)),
    max_size=5,
)


def many(count: int) -> dict[str, Task]:
    return {f"T-{n}": Task(f"T-{n}", f"T-{n}", {"Stage": "AB"[n % 2], "N": n}) for n in range(count)}


@given(TASKS)
def test_whatever_is_packed_comes_back(parts: dict[str, tuple[str | None, dict[str, Any]]]) -> None:
    tasks = {key: Task(key, uid, row, "why") for key, (uid, row) in parts.items()}
    listed, left = packed(tasks.values())
    assert not left
    assert len(listed) == len(tasks)
    for place, (key, task) in enumerate(tasks.items()):
        assert repr(listed.at(place)) + repr(listed.at(place).row) == repr(task) + repr(task.row)
        assert (listed.key_at(place), listed.place(key)) == (key, place)
    assert listed.place("in none of them") is None


@pytest.mark.parametrize("count", [0, 1, BLOCK, BLOCK + 1, BLOCK * (MAX_READ + 3)])
def test_it_answers_as_one_of_objects(count: int) -> None:
    tasks = many(count)
    plain, (listed, _) = PlainTasks(tasks), packed(tasks.values())
    assert len(listed) == len(plain) == count
    assert listed.lanes == plain.lanes
    for place, (key, task) in enumerate(tasks.items()):
        assert listed.at(place) == plain.at(place) == task
        assert listed.place(key) == plain.place(key) == place
    for number in range(-(-count // BLOCK)):
        assert listed.block(number) == plain.block(number)


def test_a_task_is_the_same_object_while_somebody_holds_it() -> None:
    listed, _ = packed(many(BLOCK * (MAX_READ + 2)).values())
    first = listed.at(0)
    for place in range(len(listed)):
        listed.at(place)  # more than what is kept as text
    assert listed.at(0) is first
    assert listed.held() == [first]
    equal = Task(first.key, first.uid, dict(first.row))
    del first
    gc.collect()
    assert listed.held() == []
    listed.hold(equal, 0)
    assert listed.at(0) is equal


def test_keys_with_one_checksum_are_told_apart() -> None:
    same = ["plumless", "buckeroo"]
    assert zlib.crc32(same[0].encode()) == zlib.crc32(same[1].encode())
    listed, _ = packed(Task(key, key, {}) for key in same)
    assert [listed.place(key) for key in same] == [0, 1]


def test_what_cannot_be_written_is_told_by_its_place() -> None:
    endless: Any = []
    endless.append(endless)
    tasks = [Task("a", "a", {}), Task("b", "b", {"A": endless}), Task("c", "c", {"A": float("nan")})]
    listed, left = packed(tasks)
    assert left == {1: tasks[1], 2: tasks[2]}
    assert [listed.place(key) for key in "abc"] == [0, 1, 2]
    assert line_of(tasks[1]) is None
    assert task_of(line_of(tasks[0]) or "") == tasks[0]


def test_parts_that_cannot_belong_together_are_refused() -> None:
    listed, _ = packed(many(BLOCK + 1).values())
    sums, places = listed.index
    for text, ends, index, lanes in (
        (listed.text[:-1], listed.ends, listed.index, listed.lanes),
        (listed.text, listed.ends[:1], listed.index, listed.lanes),
        (listed.text, listed.ends, (sums[:-1], places), listed.lanes),
        (listed.text, listed.ends, listed.index, {"A": array("I", [0])}),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            PackedTasks(text, ends, index, lanes)


def test_it_is_read_by_many_threads_at_once() -> None:
    listed, _ = packed(many(BLOCK * (MAX_READ + 4)).values())
    found: list[list[Task]] = []

    def read(step: int) -> None:
        found.append([listed.at(place) for place in list(range(len(listed)))[::step]][::step])

    threads = [threading.Thread(target=read, args=(step,)) for step in (1, -1, 1, -1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(one is other for row in zip(*found, strict=True) for one in row for other in row)
