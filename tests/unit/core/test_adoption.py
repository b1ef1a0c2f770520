"""A listing takes over what did not change, as the same objects, whether it is packed or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core import adoption, events, update
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap, differing

LISTS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xy")), unique_by=lambda pair: pair[0]
)


def tasks(listed: list[tuple[str, str]]) -> dict[str, Task]:
    return {key: Task(key, key, {"ID": key, "Stage": "A", "Title": title}) for key, title in listed}


@given(LISTS, LISTS, LISTS, st.booleans(), st.booleans())
def test_a_listing_is_as_told_and_keeps_what_is_equal(
    first: list[tuple[str, str]],
    later: list[tuple[str, str]],
    listed: list[tuple[str, str]],
    was_packed: bool,
    is_packed: bool,
) -> None:
    before = TaskMap.packed(tasks(first)) if was_packed else TaskMap(tasks(first))
    before = before.with_changes(tasks(later[:2]), {key for key, _ in later[2:]})
    held, fresh = dict(before), tasks(listed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adoption, "PACK_FROM", 1 if is_packed else 100)
        made = adoption.adopted(before, fresh)
        state = update.update(State(base=before, loaded=True), events.Fetched(made, 0))
    assert list(made.items()) == list(fresh.items())
    assert list(state.base.items()) == list(fresh.items())
    for key, task in made.items():
        assert (task is held.get(key)) == (task == held.get(key))
    assert set(differing(before, made)) == {
        key for key in held.keys() | fresh.keys() if held.get(key) is not made.get(key)
    }
    assert made.is_packed == (is_packed and bool(fresh)) or made.shares_with(before)


def test_what_is_written_while_a_long_list_is_compared_stays() -> None:
    before = TaskMap.packed(tasks([("a", "x"), ("b", "x"), ("c", "x")]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adoption, "PACK_FROM", 1)
        listed = adoption.adopted(before, tasks([("c", "x"), ("b", "x"), ("a", "y")]))
        written = tasks([("b", "mine")])
        state = State(base=before.with_changes(written), written={"b": 5}, loaded=True)
        after = update.update(state, events.Fetched(listed, 4))
    assert [(key, each.row["Title"]) for key, each in after.base.items()] == [
        ("c", "x"),
        ("b", "mine"),
        ("a", "y"),
    ]
    assert after.base["b"] is written["b"]


def test_a_base_is_packed_again_under_what_changes_meanwhile() -> None:
    before = TaskMap.packed(tasks([(key, "x") for key in "abcdef"]))
    before = before.with_changes(tasks([("b", "y"), ("new", "y")]), {"c"})
    held = dict(before)
    state = State(base=before.with_changes(tasks([("d", "z"), ("newer", "z")]), {"e"}), loaded=True)
    after = update.update(state, events.Repacked(before, before.repacked()))
    assert list(after.base.items()) == list(state.base.items())
    assert differing(state.base, after.base) == []
    assert all(after.base[key] is held[key] for key in ("a", "b", "f", "new"))
    assert set(after.base.apart) == {after.base.place("d"), after.base.place("newer")}
    other = State(base=TaskMap.packed(held), loaded=True)
    assert update.update(other, events.Repacked(before, before.repacked())) is other
