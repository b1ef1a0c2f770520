"""The head of a group: a name, how many, the sum; in any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.grouping import GroupSection, group_of
from fdtui.core.schema import ASSIGNEE, Field, FieldType, Person, Schema
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.presentation.groups import GroupFace, group_line, rounded_sum
from fdtui.tui.toolkit.cells import line_width

WHO = Field(ASSIGNEE, FieldType.PERSON)
SEVERITY = Field("Severity", FieldType.SINGLE_SELECT, options=("Critical", "全角全角"))
COST, POINTS = Field("Cost", FieldType.CURRENCY), Field("Points", FieldType.NUMBER)
SCHEMA = Schema((), (SEVERITY, COST), (Person("ada@example.com", "Ada", "Lovelace"),))
PLAN = plan_card(SCHEMA, Look())


def head(
    field: Field, value: str | None, width: int, total: float = 0.0, summed: Field | None = None
) -> str:
    section = GroupSection(group_of(field, value, SCHEMA), 2, 5, total, summed)
    line = group_line(GroupFace(section, is_folded=False, is_at_cursor=False), PLAN, width)
    assert line_width(line) == width
    return " ".join("".join(text for text, _ in line).replace("─", "").split())


@pytest.mark.parametrize(
    ("width", "says"),
    [
        (40, "▾ AL Ada Lovelace 3 · $12,345.60"),
        (24, "▾ AL Ada… 3 · $12.3k"),
        (16, "▾ AL Ada L… 3"),
        (11, "▾ AL Ada…"),
    ],
)
def test_the_name_is_cut_then_the_sum_rounded_then_left_out(width: int, says: str) -> None:
    assert head(WHO, "ada@example.com", width, 12345.6, COST) == says


def test_what_has_no_value_says_so() -> None:
    assert head(WHO, None, 40) == "▾ unassigned 3"
    assert head(SEVERITY, None, 40, 0.1 + 0.2, POINTS) == "▾ no Severity 3 · 0.3"


@pytest.mark.parametrize(
    ("total", "field", "says"),
    [
        (999.0, COST, "$999.00"),
        (-1234.0, COST, "-$1.23k"),
        (999_999.0, COST, "$1M"),
        (2.5e9, POINTS, "2.5B"),
        (12.25, POINTS, "12.25"),
        (88.0, POINTS, "88"),
    ],
)
def test_a_sum_is_rounded_to_what_is_read_at_a_glance(total: float, field: Field, says: str) -> None:
    section = GroupSection(group_of(SEVERITY, "Critical", SCHEMA), 0, 1, total, field)
    assert rounded_sum(section) == says


@given(
    st.integers(1, 60),
    st.sampled_from(((WHO, "ada@example.com"), (WHO, None), (SEVERITY, "全角全角"), (SEVERITY, "gone"))),
    st.floats(-1e12, 1e12),
)
def test_it_is_as_wide_as_it_is_to_be(width: int, of: tuple[Field, str | None], total: float) -> None:
    for summed in (None, COST):
        section = GroupSection(group_of(*of, SCHEMA), 0, 9, total, summed)
        line = group_line(GroupFace(section, is_folded=True, is_at_cursor=True), PLAN, width)
        assert line_width(line) == width or width < 8
