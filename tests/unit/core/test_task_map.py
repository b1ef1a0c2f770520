"""Versions of tasks behave as the dictionaries they stand for, and share what is the same."""

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


@given(st.lists(KEYS, unique=True), CHANGES)
def test_a_version_is_what_a_dictionary_would_be(
    first: list[str], changes: list[tuple[list[tuple[str, str]], frozenset[str]]]
) -> None:
    plain = {key: task(key) for key in first}
    tasks = TaskMap(dict(plain))
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
