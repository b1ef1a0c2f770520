"""What a cell of another program means: days, numbers, people, choices, files; and what it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from fdtui.core.formulas import guarded, unguarded
from fdtui.core.schema import Field, FieldType, Person, Schema
from fdtui.core.values import Value
from fdtui.importing.moments import AmbiguousDayError, DateOrder, order_in, read_day, read_time
from fdtui.importing.values import CellReading, reader_of

ADA = Person("ada@example.com", "Ada", "Lovelace")
SCHEMA = Schema(people=(ADA, Person("omar@example.com", "Omar"), Person("omar@example.org", "Omar")))
EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=EAST)),
        ("2026-01-31T10:00:00.250Z", datetime(2026, 1, 31, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-01-31 10:00 +0100", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("20141018T050231Z", datetime(2014, 10, 18, 5, 2, 31, tzinfo=UTC)),
        (
            "Wed May 13 2026 11:21:41 GMT+0200 (Central European Summer Time)",
            datetime(2026, 5, 13, 9, 21, 41, tzinfo=UTC),
        ),
        ("03/Sep/26 9:05 AM", datetime(2026, 9, 3, 9, 5, tzinfo=EAST)),
        ("12/Dec/25 12:00 am", datetime(2025, 12, 12, tzinfo=EAST)),
        ("30/Jul/18 23:33", datetime(2018, 7, 30, 23, 33, tzinfo=EAST)),
        ("6/21/2025 16:14", datetime(2025, 6, 21, 16, 14, tzinfo=EAST)),
        ("31.01.2026, 16:14", datetime(2026, 1, 31, 16, 14, tzinfo=EAST)),
        ("Jan 31, 2026", datetime(2026, 1, 31, tzinfo=EAST)),
        ("31st January 2026", datetime(2026, 1, 31, tzinfo=EAST)),
        ("Mon, 20 Nov 1995 19:12:08 -0500", datetime(1995, 11, 21, 0, 12, 8, tzinfo=UTC)),
        ("1760000000", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        ("2026-02-30", None),
        ("31/Feb/26", None),
        ("13:61", None),
        ("tomorrow", None),
        ("3 Janvier 2026", None),
        ("2026-01-31 25:00", None),
        ("1" * 200, None),
    ],
)
def test_moments_in_the_forms_that_programs_write(text: str, wanted: datetime | None) -> None:
    assert read_time(text, None, EAST) == wanted


def test_a_day_is_that_of_its_own_midnight_or_of_the_zone() -> None:
    assert read_day("2026-03-20T00:00:00.000Z", None, EAST) == date(2026, 3, 20)
    assert read_day("2026-03-20T23:00:00.000Z", None, EAST) == date(2026, 3, 21)
    assert read_day("30/Oct/26 11:00 PM", None, EAST) == date(2026, 10, 30)


def test_day_and_month_in_figures_are_read_in_the_order_that_is_shown() -> None:
    assert order_in(["01/02/2026", "13/02/2026"]) is DateOrder.DAY_FIRST
    assert order_in(["01/02/2026", "02/13/2026"]) is DateOrder.MONTH_FIRST
    assert order_in(["13/02/2026", "02/13/2026"]) is None
    assert order_in(["01/02/2026", "2026-02-13"]) is None
    assert read_day("01/02/2026", DateOrder.DAY_FIRST) == date(2026, 2, 1)
    assert read_day("01/02/2026", DateOrder.MONTH_FIRST) == date(2026, 1, 2)
    assert read_day("01.02.2026", None) == date(2026, 2, 1)
    assert read_day("04/04/2026", None) == date(2026, 4, 4)
    with pytest.raises(AmbiguousDayError, match="1 February or 2 January"):
        read_day("01/02/2026", None)


def cell(kind: FieldType, value: Value, **more: Any) -> Value:
    return reader_of(Field("F", kind, **more), CellReading(SCHEMA, zone=EAST))(value)


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        (FieldType.TEXT, ["a", "b, c"], 'a, "b, c"'),
        (FieldType.TEXT, " as it is\r\n", " as it is\r\n"),
        (FieldType.NUMBER, "1,234.50", "1234.50"),
        (FieldType.NUMBER, "1.234,50", "1234.50"),
        (FieldType.NUMBER, "1 234,5", "1234.5"),
        (FieldType.NUMBER, "1,5", "1.5"),
        (FieldType.NUMBER, "1,234", "1234"),
        (FieldType.NUMBER, "0,125", "0.125"),
        (FieldType.NUMBER, "40 %", "40"),
        (FieldType.NUMBER, 3, 3),
        (FieldType.NUMBER, "", None),
        (FieldType.CURRENCY, "€ 1.234,50", "1234.50"),
        (FieldType.CURRENCY, "$1,234", "1234"),
        (FieldType.CHECKBOX, "TRUE", True),
        (FieldType.CHECKBOX, "☑", True),
        (FieldType.CHECKBOX, "no", False),
        (FieldType.CHECKBOX, "", None),
        (FieldType.DATE, "30/Oct/26 5:00 PM", "2026-10-30"),
        (FieldType.DATE, None, None),
        (FieldType.DATETIME, "2026-01-31 14:00", "2026-01-31T14:00:00+02:00"),
        (FieldType.PERSON, "ADA@Example.com", "ada@example.com"),
        (FieldType.PERSON, "Ada Lovelace", "ada@example.com"),
        (FieldType.PERSON, "Ada Lovelace <ada@example.com>", "ada@example.com"),
        (FieldType.PERSON, "@ada", "ada@example.com"),
        (FieldType.PERSON, ["Ada Lovelace", "somebody"], "ada@example.com"),
        (FieldType.PERSON, "", None),
        (FieldType.UNIQUE_ID, 12, "12"),
        (FieldType.UNIQUE_ID, " T-1 ", "T-1"),
        (FieldType.URL, " https://example.com ", "https://example.com"),
        (
            FieldType.FILE,
            "see https://example.com/a.pdf, https://example.com/b.pdf",
            [{"remoteUrl": "https://example.com/a.pdf"}, {"remoteUrl": "https://example.com/b.pdf"}],
        ),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_field(kind: FieldType, value: Value, wanted: Value) -> None:
    assert cell(kind, value) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("red", ["Red"]),
        ("red, Green", ["Red", "Green"]),
        ("red; Green; red", ["Red", "Green"]),
        ("a, b", ["a, b"]),
        (["Green", "a, b"], ["Green", "a, b"]),
        ("", []),
    ],
)
def test_a_choice_of_several(value: Value, wanted: Value) -> None:
    options = ("Red", "Green", "a, b")
    assert cell(FieldType.MULTIPLE_SELECT, value, options=options) == wanted


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        (FieldType.NUMBER, "many", "many is invalid: a number"),
        (FieldType.DATE, "2026-02-30", "2026-02-30 is invalid: a day such as"),
        (FieldType.DATE, "01/02/2026", "say --dates dmy"),
        (FieldType.EMAIL, "nobody", "is invalid"),
        (FieldType.PERSON, "Nobody Here", 'say --person "Nobody Here=E-MAIL"'),
        (FieldType.PERSON, "nobody@example.com", "is not a user"),
        (FieldType.PERSON, "Omar", "may be omar@example.com, omar@example.org"),
        (FieldType.SINGLE_SELECT, ["a", "b"], "holds 2 values"),
        (FieldType.SINGLE_SELECT, "blue", "blue is not one of its options"),
        (FieldType.FILE, "plan.pdf", "names no address"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told(kind: FieldType, value: Value, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        cell(kind, value, options=("Red",))


@pytest.mark.parametrize(
    "text", ["=1+1", "'=1", "''@x", "-1", "-x", "+44 20", "+x", "it's", "'", "\tx", ""]
)
def test_a_guard_is_taken_off_as_it_was_put_on(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in {"=", "@", "\t"}
