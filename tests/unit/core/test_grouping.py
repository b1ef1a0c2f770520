"""Cards are grouped by what a value means: options as listed, people by name, nothing at the end."""

from itertools import pairwise

import pytest

from fdtui.core.entry import fields_of
from fdtui.core.grouping import NO_GROUP, GroupOrder, group_of, grouping_fields, summed_fields
from fdtui.core.schema import ASSIGNEE, Field, FieldType, Person, Schema, Stage
from fdtui.core.values import Value

SEVERITY = Field("Severity", FieldType.SINGLE_SELECT, options=("High", "Low", "a, b"))
AREAS = Field("Areas", FieldType.MULTIPLE_SELECT, options=("Web", "Mobile"))
PAID = Field("Paid", FieldType.CHECKBOX)
WHO = Field(ASSIGNEE, FieldType.PERSON)
AMOUNT = Field("Amount", FieldType.CURRENCY)
SCHEMA = Schema(
    (Stage("To do"), Stage("Done")),
    (Field("ID", FieldType.UNIQUE_ID), Field("Title"), SEVERITY, AREAS, PAID, AMOUNT),
    (Person("zoe@example.com", "Ada", "Lovelace"), Person("bob@example.com", "Ada", "Lovelace")),
)


@pytest.mark.parametrize(
    ("field", "rising", "names"),
    [
        (
            SEVERITY,
            ["High", "Low", "a, b", "Gone", None],
            ["High", "Low", "a, b", "Gone", "no Severity"],
        ),
        (
            AREAS,
            [["Web"], ["Web", "Mobile"], ["Mobile"], []],
            ["Web", "Web, Mobile", "Mobile", "no Areas"],
        ),
        (PAID, [False, True, None], ["not ticked", "ticked", "no Paid"]),
        (
            WHO,
            ["bob@example.com", "zoe@example.com", "new@example.com", None],
            ["Ada Lovelace", "Ada Lovelace", "new@example.com", "unassigned"],
        ),
    ],
)
def test_groups_go_by_what_their_values_mean(
    field: Field, rising: list[Value], names: list[str]
) -> None:
    groups = [group_of(field, value, SCHEMA) for value in rising]
    assert [each.name for each in groups] == names
    assert all(one.key < other.key for one, other in pairwise(groups))
    assert groups[-1].id == (NO_GROUP if rising[-1] in (None, []) else names[-1])


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        (WHO, "bob@example.com", "BOB@Example.com"),
        (AREAS, ["Web", "Mobile"], ["Mobile", "Web"]),
        (AREAS, [], None),
    ],
)
def test_two_spellings_of_a_value_are_one_group(field: Field, one: Value, other: Value) -> None:
    order = GroupOrder(field, (), SCHEMA)
    assert order.group_of({field.name: one}) is order.group_of({field.name: other})


def test_what_sounds_alike_is_not_one_group() -> None:
    order = GroupOrder(PAID, (), SCHEMA)
    assert order.group_of({"Paid": True}) != order.group_of({"Paid": 1})
    people = {order.group_of({"Paid": each}).key for each in ("ticked", True, {"a": 1}, "1")}
    assert len(people) == 4


def test_what_a_board_can_be_grouped_by_and_what_is_summed() -> None:
    fields = fields_of(SCHEMA)
    assert [each.name for each in grouping_fields(fields)] == [ASSIGNEE, "Severity", "Areas", "Paid"]
    assert [each.name for each in summed_fields(fields)] == ["Amount"]
    order = GroupOrder(SEVERITY, (), SCHEMA, AMOUNT)
    assert [order.number({"Amount": each}) for each in ("12.50", None, "soon")] == [12.5, 0.0, 0.0]
