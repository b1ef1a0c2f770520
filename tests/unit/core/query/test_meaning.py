from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.query import QueryError, compile_query, parse, resolve
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.task import Task, task_from_row

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


def test_a_field_that_two_names_mean_alike_is_asked_for() -> None:
    schema = Schema(fields=(Field("Due"), Field("DUE"), Field("Gro\u0308ße")))
    assert resolve("Due", schema).name == "Due"
    assert resolve("größe", schema).name == "Gro\u0308ße"
    with pytest.raises(QueryError, match="may be “Due”, “DUE”"):
        resolve("due", schema)


def test_a_person_is_named_by_the_full_name() -> None:
    schema = Schema(people=(Person("sara@example.com", "Sara", "Ekstro\u0308m"),))
    passes = compile_query(parse('assignee:"sara ekström"'), schema)
    assert passes(Task("1", "1", {"Assigned To": "SARA@example.com"}))
    assert not passes(Task("1", "1", {"Assigned To": "ada@example.com"}))


def test_a_stage_is_found_however_it_is_composed() -> None:
    assert compile_query(parse("stage:PRÜFEN"), Schema())(Task("1", "1", {"Stage": "Pru\u0308fen"}))


@pytest.mark.parametrize(("zone", "day"), [("America/Los_Angeles", 5), ("Pacific/Kiritimati", 6)])
def test_a_moment_belongs_to_the_day_of_the_readers_zone(zone: str, day: int) -> None:
    schema = Schema(fields=(Field("Seen", FieldType.DATETIME),))
    for told in ("2028-11-06T05:00:00Z", 1857099600, 1857099600000):
        task = Task("1", "1", {"Seen": told})
        for word in (f"2028-11-0{day}", "today"):
            query = parse(f"seen:{word}")
            assert compile_query(query, schema, zone=ZoneInfo(zone), today=date(2028, 11, day))(task)
        later = parse(f"seen:2028-11-0{11 - day}")
        assert not compile_query(later, schema, zone=ZoneInfo(zone))(task)
