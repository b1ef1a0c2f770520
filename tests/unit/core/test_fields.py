from datetime import UTC

import pytest

from fdtui.core.fields import check, parse, same, show
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Value

TAGS = ("cheap", "cool")

GOOD = [
    ("text", "any\ttext", "any\ttext"),
    ("text", "", ""),
    ("longText", "two\nlines", "two\nlines"),
    ("number", "10", "10"),
    ("number", 10, "10"),
    ("number", "1234567.5", "1,234,567.5"),
    ("number", "-0", "-0"),
    ("phone", "+1 (415) 555-0123", "+1 (415) 555-0123"),
    ("currency", "10000.00", "$10,000.00"),
    ("currency", "007.50", "$7.50"),
    ("currency", "0.05", "$0.05"),
    ("currency", "123456789012345.00", "$123,456,789,012,345.00"),
    ("currency", 10000, "$10,000.00"),
    ("currency", "-0.125", "-$0.125"),
    ("date", "2020-01-31", "2020-01-31"),
    ("datetime", "2020-01-31T14:00:00+01:00", "2020-01-31 13:00 UTC"),
    ("datetime", "2020-01-31T14:00:09Z", "2020-01-31 14:00:09 UTC"),
    ("person", "ada@example.com", "ada@example.com"),
    ("singleSelect", "cool", "cool"),
    ("multipleSelect", ["cool", "cheap"], "cool, cheap"),
    ("checkbox", True, "yes"),
    ("checkbox", False, "no"),
    ("uniqueId", "a/b %2F é", "a/b %2F é"),
    ("uniqueId", 7, "7"),
    ("file", [{"blobId": "x", "filename": "a.pdf"}], "a.pdf"),
    ("email", "user@example.com", "user@example.com"),
    ("url", "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
]


def field(kind: str) -> Field:
    return Field("F", kind, options=TAGS, limit=2)


@pytest.mark.parametrize(("kind", "value", "shown"), GOOD)
def test_good_values_pass_and_are_shown(kind: str, value: object, shown: str) -> None:
    assert check(field(kind), value) == ""
    assert show(field(kind), value, UTC) == shown


INVALID = [
    ("text", 5),
    ("text", "nul\0"),
    ("longText", ["x"]),
    *[("number", bad) for bad in ("1e400", "NaN", "1,000", "0x10", " 5 ", "Infinity", "٣", True, "1_0")],
    *[("currency", bad) for bad in ("$5", "five", [], "--1")],
    ("phone", "call me"),
    *[
        ("date", bad)
        for bad in (
            "2020-02-30",
            "0000-00-00",
            "10000-01-01",
            "31/12/2020",
            "2020-1-1",
            "20200101",
            20200101,
        )
    ],
    *[
        ("datetime", bad)
        for bad in ("2020-01-31T14:00:00", "2020-01-31", "2020-06-30T23:59:60Z", "2020-01-31T25:00Z")
    ],
    ("person", "nobody"),
    ("person", "a@b\r\nBcc: c@d"),
    ("singleSelect", ["cool"]),
    ("multipleSelect", "cool"),
    ("multipleSelect", ["cool", "cool"]),
    *[("checkbox", bad) for bad in ("true", 1, 0, "")],
    *[("uniqueId", bad) for bad in ("", ".", "..", "nul\0", True, 1.5, "x" * 8193)],
    ("file", {"blobId": "x"}),
    ("email", "foo"),
    ("url", "javascript:alert(1)"),
    ("url", "https://"),
    ("url", "https://a b"),
]


@pytest.mark.parametrize(("kind", "value"), INVALID)
def test_bad_values_are_invalid(kind: str, value: object) -> None:
    assert check(field(kind), value) == "is invalid"


def test_the_other_sentences_of_flowdash() -> None:
    assert check(field("singleSelect"), "warm") == "is not one of its options"
    assert check(field("multipleSelect"), ["cool", "warm"]) == "is not one of its options"
    assert check(field("file"), [{}, {}, {}]) == "allows at most 2 files"
    assert check(field("uniqueId"), "active") == "is reserved"
    required = Field("F", "text", required=True)
    assert [check(required, value) for value in (None, "", "x")] == ["is required", "is required", ""]


@pytest.mark.parametrize("kind", [*FieldType, "hologram"])
def test_null_is_allowed_everywhere_and_shown_as_nothing(kind: str) -> None:
    assert check(field(kind), None) == ""
    assert show(field(kind), None) == ""


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("currency", "10000", "10000.00"),
        ("currency", 10000, "10000.00"),
        ("number", "1.50", "1.5"),
        ("datetime", "2020-01-31T14:00:00+01:00", "2020-01-31T13:00:00Z"),
        ("multipleSelect", ["a", "b"], ["b", "a"]),
        ("uniqueId", 42, "42"),
    ],
)
def test_values_are_compared_by_meaning(kind: str, one: object, other: object) -> None:
    assert same(field(kind), one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("text", None, ""),
        ("checkbox", False, None),
        ("text", "1", True),
        ("currency", "0.1", "0.10000000000000001"),
        ("uniqueId", "é", "e\u0301"),
        ("uniqueId", "ID", "id"),
    ],
)
def test_what_differs_is_not_the_same(kind: str, one: object, other: object) -> None:
    assert not same(field(kind), one, other)


def test_typed_text_becomes_a_value() -> None:
    assert parse(field("currency"), "$1,000,000.50") == "1000000.50"
    assert parse(field("checkbox"), "Yes") is True
    assert parse(field("checkbox"), "maybe") == "maybe"
    assert parse(field("multipleSelect"), "cool, cheap") == ["cool", "cheap"]


def test_a_type_that_nobody_knows_takes_and_shows_anything() -> None:
    linked = {"House ID": 1, "Name": "Gryffindor", "more": [1]}
    assert check(field("hologram"), linked) == ""
    assert show(field("hologram"), linked) == "1 · Gryffindor"
    assert show(field("hologram"), [linked, linked]) == "1 · Gryffindor, 1 · Gryffindor"
    assert show(field("hologram"), [1, "a"]) == '[1,"a"]'
    assert show(field("hologram"), ["a", "b"]) == show(field("multipleSelect"), ["a", "b"]) == "a, b"


@pytest.mark.parametrize(
    "told",
    ["2020-01-31T14:00:00", "2020-01-31 14:00", "1580479200", 1580479200000, "2020-01-31T15:00+01:00"],
)
def test_a_moment_is_read_in_every_form_that_installs_tell(told: Value) -> None:
    moment = field("datetime")
    assert same(moment, told, "2020-01-31T14:00:00Z")
    assert show(moment, told, UTC) == "2020-01-31 14:00 UTC"
    assert check(moment, "2020-01-31T14:00:00") == "is invalid"  # what we send has its zone
