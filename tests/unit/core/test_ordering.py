"""Fields are sorted by what their values mean, whichever way, with nothing at the end."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.entry import fields_of
from fdtui.core.errors import UsageError
from fdtui.core.ordering import RowOrder, SortKey, ordered
from fdtui.core.schema import ASSIGNEE, Field, FieldType, Person, Schema, Stage
from fdtui.core.sort_edit import also_taken, dropped, meant, taken
from fdtui.core.sort_terms import SortTerm, field_meant, read_sort, sort_keys, written_sort
from fdtui.core.values import Value

SCHEMA = Schema(
    (Stage("To do"), Stage("Done")),
    (
        Field("Ticket", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Due Date", FieldType.DATE),
        Field("Start Date", FieldType.DATE),
        Field("Severity", FieldType.SINGLE_SELECT, options=("High", "Low")),
        Field("a, b desc"),
    ),
    (Person("zoe@example.com", "Ada", "Lovelace"), Person("bob@example.com", "Zoe", "Hopper")),
)
FIELDS = fields_of(SCHEMA)
CHOICES = ("Zero", "One", "Two")
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)


def in_order(field: Field, values: list[Value], *, is_falling: bool = False) -> list[Value]:
    order = RowOrder((SortKey(field, is_falling),), SCHEMA)
    return [row[field.name] for row in ordered([{field.name: each} for each in values], order)]


@pytest.mark.parametrize(
    ("field", "rising"),
    [
        (Field("x", FieldType.NUMBER), ["-12.5", -2, 0, "0.5", "9", "10", "1e3"]),
        (Field("x", FieldType.CURRENCY), ["-1.00", "2.00", "10.00"]),
        (Field("x", FieldType.DATE), ["1969-05-01", "2001-01-01", "2030-12-31"]),
        (
            Field("x", FieldType.DATETIME),
            ["2026-01-01T10:00:00+02:00", "2026-01-01T09:00:00Z", "2026-01-01T09:30:00Z"],
        ),
        (Field("x", FieldType.SINGLE_SELECT, options=CHOICES), ["Zero", "One", "Two"]),
        (
            Field("x", FieldType.MULTIPLE_SELECT, options=CHOICES),
            [["Zero"], ["One", "Zero"], ["One"], ["Two"]],
        ),
        (Field("x", FieldType.PERSON), ["zoe@example.com", "me@example.com", "bob@example.com"]),
        (Field("x", FieldType.CHECKBOX), [False, True]),
        (Field("x", FieldType.UNIQUE_ID), ["T-2", "T-10", "T-10b", "U-1"]),
        (Field("x"), ["apple", "Élan", "pear", "pears"]),
    ],
)
def test_values_go_by_what_they_mean(field: Field, rising: list[Value]) -> None:
    mixed: list[Value] = [None, *reversed(rising), ""]
    assert in_order(field, mixed) == [*rising, None, ""]
    assert in_order(field, mixed, is_falling=True) == [*reversed(rising), None, ""]


def test_what_is_no_number_comes_behind_all_that_are_whichever_way() -> None:
    field = Field("x", FieldType.NUMBER)
    assert in_order(field, ["many", 7, None, 8]) == [7, 8, "many", None]
    assert in_order(field, ["many", 7, None, 8], is_falling=True) == [8, 7, "many", None]


@given(st.lists(NUMBERS), st.booleans())
def test_numbers_are_ordered_to_the_last_digit(numbers: list[Decimal], is_falling: bool) -> None:
    found = in_order(Field("x", FieldType.NUMBER), list(numbers), is_falling=is_falling)
    assert found == sorted(numbers, reverse=is_falling)


def test_equal_ones_go_by_the_next_field_and_then_stay_as_they_are() -> None:
    rows: list[dict[str, Value]] = [
        {"Severity": severity, "Due Date": due, "Title": str(at)}
        for at, (severity, due) in enumerate(
            [("Low", None), ("High", "2001-01-01"), ("High", "2002-01-01"), ("Low", None)]
        )
    ]
    order = RowOrder(sort_keys(read_sort("severity, due desc"), FIELDS), SCHEMA)
    assert [row["Title"] for row in ordered(rows, order)] == ["2", "1", "0", "3"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("due desc, severity", [("due", True), ("severity", False)]),
        ("-title", [("title", True)]),
        ("-title desc", [("title", False)]),
        (" title ASC ,, ", [("title", False)]),
        ('"a, b desc" desc', [("a, b desc", True)]),
        ('"say \\"hi\\""', [('say "hi"', False)]),
        ("desc", [("desc", False)]),
        ("", []),
    ],
)
def test_a_sort_is_read(text: str, terms: list[tuple[str, bool]]) -> None:
    assert [(each.name, each.is_falling) for each in read_sort(text)] == terms


@given(st.lists(st.builds(SortTerm, st.text(max_size=20), st.booleans()), max_size=5))
def test_what_is_written_is_read(terms: list[SortTerm]) -> None:
    assert list(read_sort(written_sort(terms))) == terms


@pytest.mark.parametrize(
    ("said", "name"),
    [("TITLE", "Title"), ("due", "Due Date"), ("id", "Ticket"), ("who", ASSIGNEE), ("stage", "Stage")],
)
def test_a_field_is_named_by_a_word_of_it(said: str, name: str) -> None:
    assert field_meant(said, FIELDS).name == name


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("severty", "There is no field severty.", "Did you mean Severity?"),
        ("date", "date may be", "Write the whole name."),
        ("qqq", "There is no field qqq.", "There are Stage,"),
    ],
)
def test_an_unknown_field_is_named(said: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        sort_keys(read_sort(f"title, {said} desc"), FIELDS)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_fields_are_taken_turned_and_dropped() -> None:
    sort = taken("gone", "Title", FIELDS)
    assert sort == "Title"
    sort = also_taken(sort, "a, b desc", FIELDS)
    sort = taken(sort, "a, b desc", FIELDS)
    assert sort == 'Title, "a, b desc" desc'
    assert dropped(sort, "Title", FIELDS) == '"a, b desc" desc'
    assert [field and field.name for _, field in meant("gone, due", FIELDS)] == [None, "Due Date"]
