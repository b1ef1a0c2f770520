"""Versions of tasks behave as the dictionaries they stand for, and share what is the same."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.task import Task
from fdtui.core.task_map import MOST_APART, TaskChanges, TaskMap, differing

KEYS = st.sampled_from("abcdefgh")
CHANGES = st.lists(
    st.tuples(st.lists(st.tuples(KEYS, st.sampled_from("XY"))), st.frozensets(KEYS)), max_size=8
)


def task(key: str, stage: str = "X") -> Task:
    return Task(key, key, {"Stage": stage})


def in_stages(tasks: Mapping[str, Task]) -> dict[str, list[str]]:
    stages: dict[str, list[str]] = {}
    for each in tasks.values():
        stages.setdefault(each.stage, []).append(each.key)
    return stages


@given(st.lists(KEYS, unique=True), CHANGES, st.booleans())
def test_a_version_is_what_a_dictionary_would_be(
    first: list[str], changes: list[tuple[list[tuple[str, str]], frozenset[str]]], is_packed: bool
) -> None:
    plain = {key: task(key) for key in first}
    tasks = TaskMap.packed(plain) if is_packed else TaskMap(dict(plain))
    plain = dict(tasks)
    for fresh, gone in changes:
        before, old = tasks, dict(plain)
        edited = TaskChanges(tasks)
        for key in gone:
            plain.pop(key, None)
            edited.drop(key)
        for key, stage in fresh:
            plain[key] = task(key, stage)
            edited.put(plain[key])
        tasks = edited.result
        assert list(tasks.items()) == list(plain.items())
        assert list(tasks) == list(plain)
        assert list(tasks.values()) == list(plain.values())
        assert len(tasks) == len(plain)
        for key in "abcdefgh":
            assert (key in tasks, tasks.get(key)) == (key in plain, plain.get(key))
        assert list(before.items()) == list(old.items())  # a version never changes
        places = [tasks.place(key) or 0 for key in tasks]
        assert places == sorted(places)
        assert [tasks.at(place) for place in places] == list(plain.values())
        assert list(tasks.glanced()) == list(plain.values())
        stages = {
            stage: [tasks.key_at(place) for place in lane] for stage, lane in tasks.lanes().items()
        }
        assert {stage: keys for stage, keys in stages.items() if keys} == in_stages(plain)
        again = TaskMap.restored(tasks.shared, tasks.apart, tasks.gone)
        assert list(again.items()) == list(plain.items())
        assert len(again) == len(plain)
        assert set(differing(before, tasks)) == {
            key for key in old.keys() | plain.keys() if old.get(key) is not plain.get(key)
        }


def test_a_change_shares_the_others_until_there_are_many() -> None:
    tasks = TaskMap({str(n): task(str(n)) for n in range(MOST_APART * 2)})
    after = tasks
    for n in range(MOST_APART):
        after = after.with_changes({str(n): task(str(n), "Y")})
    assert after.shares_with(tasks)
    assert len(differing(tasks, after)) == MOST_APART
    assert not after.with_changes({str(MOST_APART): task(str(MOST_APART), "Y")}).shares_with(tasks)


def test_a_task_that_has_another_key_keeps_its_place() -> None:
    for made in (TaskMap, TaskMap.packed):
        tasks = made({key: task(key) for key in "abc"})
        renamed = tasks.with_changes({"x": task("x")}, {"b"}, {"x": "b"})
        assert list(renamed) == ["a", "x", "c"]
        assert ("b" in renamed, len(renamed), set(differing(tasks, renamed))) == (False, 3, {"b", "x"})
        assert list(renamed.with_changes({"b": task("b")}, {"x"}, {"b": "x"})) == ["a", "b", "c"]
        assert list(renamed.with_changes({}, {"x"})) == ["a", "c"]


def test_two_versions_are_compared_by_what_changed_between_them() -> None:
    """Also where one has another listing, or both came from a third that nobody has any longer."""
    tasks = TaskMap.packed({key: task(key) for key in "abc"})
    other = TaskMap.packed({key: task(key) for key in "cab"}).since(tasks, ("c",))
    assert not other.shares_with(tasks)
    assert other.follows(tasks)
    assert differing(tasks, other) == ["c"]
    written = tasks.with_changes({"b": task("b", "Y")})
    assert set(differing(written, other)) == {"b", "c"}
    one, two = tasks.with_changes({"a": task("a", "Y")}), tasks.with_changes({"b": task("b", "Y")})
    del tasks
    assert set(differing(one, two)) == {"a", "b"}
