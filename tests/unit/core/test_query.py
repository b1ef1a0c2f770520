from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.query import QueryError, compile_query, parse, resolve
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.task import task_from_row

SCHEMA = Schema(
    (Stage("Not Started"), Stage("In Progress")),
    (
        Field("Company ID", FieldType.UNIQUE_ID),
        Field("Company Name"),
        Field("Contract Value", FieldType.CURRENCY),
        Field("Expected Close Date", FieldType.DATE),
        Field("Kick-off", FieldType.DATETIME),
        Field("International?", FieldType.CHECKBOX),
        Field("Tags", FieldType.MULTIPLE_SELECT, options=("new", "big one")),
    ),
    (Person("ada@example.com"),),
)
ACME = {
    "Stage": "In Progress",
    "Assigned To": None,
    "Company ID": "42",
    "Company Name": "Acme Corp",
    "Contract Value": "10000.00",
    "Expected Close Date": "2020-01-31",
    "Kick-off": "2020-01-15T09:00:00+01:00",
    "International?": False,
    "Tags": ["new", "big one"],
}


def passes(text: str, **changes: object) -> bool:
    task = task_from_row({**ACME, **changes}, "Company ID")
    return compile_query(parse(text), SCHEMA, me="ada@example.com", today=date(2020, 1, 30))(task)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "acme",
        "ACME corp",
        '"acme corp"',
        '"$10,000"',
        'stage:"In Progress"',
        'stage:"not started","in progress"',
        "assignee:none",
        "name~acm",
        "value>=10000",
        "value:10000",
        "value=10000.0",
        "value<10000.01",
        "value>-5",
        "close<2020-03-01",
        "close<=tomorrow",
        "close>today",
        '"Expected Close Date":2020-01-31',
        "kickoff:2020-01-15",
        "kickoff>=2020-01-15T08:00:00Z",
        "-international:true",
        "international:false",
        "not international:true",
        "tags:new",
        'tags:"big one"',
        "tags~big",
        "value>20000 or name~acme",
        "(value>20000 or acme) and -globex",
        "--acme",
        "value!=5",
        "company-id:42",
        "name:any",
    ],
)
def test_what_holds(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "globex",
        "stage:in",
        "assignee:any",
        "assignee:me",
        "value>10000",
        "close>2020-03-01",
        "international:true",
        "-acme",
        "acme globex",
        "acme and globex",
        "tags:big",
        "name:none",
        "not (acme or globex)",
        "value<abc",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not passes(text)


def test_me_is_the_user() -> None:
    assert passes("assignee:me", **{"Assigned To": "ada@example.com"})


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ('name~"acme', "quotation mark is open", 6),
        ("(acme", "bracket is open", 1),
        ("acme)", "not expected", 5),
        ("value>", "A value is missing", 7),
        ("a or", "not the end", 5),
        (":x", "A word is expected", 1),
        ("nmae:x", "no field “nmae”", 1),
        ("acme company:x", "may be “Company ID”, “Company Name”", 6),
        ("(" * 60 + "a" + ")" * 60, "Too many brackets", 41),
    ],
)
def test_an_error_says_what_and_where(text: str, says: str, column: int) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        passes(text)
    assert caught.value.column == column


def test_a_near_name_is_offered() -> None:
    with pytest.raises(QueryError, match="Did you mean “Company Name”"):
        resolve("Compny Name", SCHEMA)


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    try:
        passes(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
