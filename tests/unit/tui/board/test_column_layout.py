from hypothesis import given
from hypothesis import strategies as st

from fdtui.tui.board.column_layout import COLUMN_GAP, MAX_COLUMN, SPINE, plan_columns


def test_eighty_cells_hold_three_columns_and_a_strip() -> None:
    plan = plan_columns(80, [False] * 4, 0, 0)
    assert [place.index for place in plan.places] == [0, 1, 2]
    assert plan.right == 3 and plan.left is None


def test_the_active_column_is_brought_into_view() -> None:
    plan = plan_columns(80, [False] * 4, 3, 0)
    assert [place.index for place in plan.places] == [1, 2, 3]
    assert plan.left == 0 and plan.right is None


def test_a_narrow_screen_shows_one_column() -> None:
    plan = plan_columns(59, [False] * 4, 2, 0)
    assert [(place.index, place.width) for place in plan.places] == [(2, 59)]


def test_wide_screens_do_not_stretch_columns() -> None:
    plan = plan_columns(200, [False] * 2, 0, 0)
    assert {place.width for place in plan.places} == {MAX_COLUMN}


def test_a_folded_column_is_a_spine() -> None:
    plan = plan_columns(120, [False, True, False], 0, 0)
    assert [place.folded for place in plan.places] == [False, True, False]
    assert plan.places[1].width == SPINE


@given(
    st.integers(1, 400),
    st.lists(st.booleans(), max_size=30),
    st.integers(-3, 40),
    st.integers(-3, 40),
)
def test_a_plan_fits_and_shows_the_active_column(
    width: int, folded: list[bool], active: int, first: int
) -> None:
    plan = plan_columns(width, folded, active, first)
    if not folded:
        assert plan.places == ()
        return
    at = max(0, min(active, len(folded) - 1))
    assert at in [place.index for place in plan.places]
    used = sum(place.width for place in plan.places) + COLUMN_GAP * (len(plan.places) - 1)
    used += (SPINE + COLUMN_GAP) * ((plan.left is not None) + (plan.right is not None))
    assert used <= width
