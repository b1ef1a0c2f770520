"""Views are found by their names in their workflow, and changed as a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.errors import UsageError
from fdtui.core.frozen import replace
from fdtui.core.schema import WorkflowRef
from fdtui.core.views import (
    Arrangement,
    NamedView,
    ViewList,
    default_of,
    move,
    put,
    remove,
    rename,
    set_default,
    span,
    spanned,
    view_meant,
    view_named,
    views_of,
)

ORDERS, BUGS = WorkflowRef("w1", "Orders"), WorkflowRef("w2", "Bugs")
MINE = NamedView("Mine", shows=Arrangement("assignee:me"))
LATE = NamedView("Late", "orders")
OWN = NamedView("Mine", "w2")
VIEWS = (MINE, LATE, OWN)
LISTS: st.SearchStrategy[ViewList] = st.lists(
    st.builds(
        NamedView,
        st.sampled_from(("A", "a", "B", "Ç", "D")),
        st.sampled_from(("", "Orders", "w1", "Bugs")),
        is_default=st.booleans(),
    ),
    unique_by=lambda each: each.key,
).map(tuple)


def test_a_view_is_of_its_workflow_or_of_each() -> None:
    assert views_of(VIEWS, ORDERS) == (MINE, LATE)
    assert views_of(VIEWS, BUGS) == (MINE, OWN)
    assert views_of(VIEWS, None) == ()


def test_a_view_of_one_workflow_comes_before_one_of_all() -> None:
    assert view_named(views_of(VIEWS, BUGS), "mine") is OWN
    assert view_named(views_of(VIEWS, ORDERS), "MINE") is MINE
    both = (replace(MINE, is_default=True), replace(OWN, is_default=True))
    assert default_of(both, BUGS) == both[1]
    assert default_of(both, ORDERS) == both[0]
    assert default_of(VIEWS, ORDERS) is None


def test_a_view_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no view Lat\. Did you mean Late"):
        view_meant(VIEWS, "Lat")
    with pytest.raises(UsageError, match=r"no view x\. There are Mine, Late, Mine\.$"):
        view_meant(VIEWS, "x")


def test_a_view_is_put_in_its_place_or_behind_all_others() -> None:
    again = replace(LATE, name="late", shows=Arrangement("late"))
    assert put(again)(VIEWS) == (MINE, again, OWN)
    new = NamedView("New", "Bugs")
    assert put(new)(VIEWS) == (*VIEWS, new)


@pytest.mark.parametrize("name", ["", "  ", "a\tb", "x" * 41, "all", "ALL "])
def test_some_names_no_view_can_have(name: str) -> None:
    with pytest.raises(UsageError, match="A view's name must"):
        put(NamedView(name))(VIEWS)
    with pytest.raises(UsageError, match="A view's name must"):
        rename(MINE, name)(VIEWS)


def test_a_name_is_taken_in_its_own_workflow_only() -> None:
    with pytest.raises(UsageError, match="There is a view Late already"):
        rename(NamedView("Old", "Orders"), "Late")((*VIEWS, NamedView("Old", "Orders")))
    assert rename(LATE, "Mine")(VIEWS)[1].name == "Mine"
    assert rename(LATE, "LATE")(VIEWS)[1].name == "LATE"


def test_what_is_gone_meanwhile_is_told() -> None:
    for change in (remove(LATE), rename(LATE, "x"), move(LATE, 1, ORDERS), set_default(LATE)):
        with pytest.raises(UsageError, match="view Late no longer exists"):
            change((MINE, OWN))


def test_a_view_of_several_workflows_is_one_of_each_and_begins_none() -> None:
    every = NamedView("My day", spans=("*",), is_default=True)
    two = NamedView("Both", spans=("w1", "BUGS"))
    assert views_of((every, two), ORDERS) == (every, two)
    assert spanned(every, (ORDERS, BUGS)) == (ORDERS, BUGS) == spanned(two, (ORDERS, BUGS))
    assert views_of((two,), WorkflowRef("w3", "Rest")) == ()
    assert spanned(MINE, (ORDERS, BUGS)) == ()
    assert default_of((every,), ORDERS) is None
    (made,) = span(NamedView("x", "Orders", is_default=True), ORDERS)((NamedView("x", "Orders"),))
    assert (made.spans, made.workflow, made.is_default) == (("*",), "", False)
    assert span(made, BUGS)((made,)) == (NamedView("x", "Bugs"),)
    with pytest.raises(UsageError, match="There is a view x already"):
        span(made, BUGS)((made, NamedView("x", "Bugs")))


@given(LISTS, st.integers(-3, 3), st.data())
def test_a_move_is_past_those_of_its_workflow_and_disturbs_no_other(
    views: ViewList, step: int, data: st.DataObject
) -> None:
    shown = views_of(views, ORDERS)
    if not shown:
        return
    moved = data.draw(st.sampled_from(shown))
    after = move(moved, step, ORDERS)(views)
    assert sorted(after, key=repr) == sorted(views, key=repr)
    others = [each for each in views if each not in shown]
    assert [each for each in after if each not in shown] == others
    left = [each for each in shown if each != moved]
    assert [each for each in views_of(after, ORDERS) if each != moved] == left
    wanted = max(0, min(shown.index(moved) + step, len(shown) - 1))
    assert views_of(after, ORDERS).index(moved) == wanted


@given(LISTS, st.data())
def test_a_workflow_begins_with_one_view_only(views: ViewList, data: st.DataObject) -> None:
    if not views:
        return
    chosen = data.draw(st.sampled_from(views))
    after = set_default(chosen)(views)
    same = [each for each in after if each.is_default and each.key[1] == chosen.key[1]]
    assert [each.key for each in same] == [chosen.key]
    assert not any(each.is_default for each in set_default(chosen, is_default=False)(same))
