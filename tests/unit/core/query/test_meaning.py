from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.query import Query, QueryError, Setting, compile_query, parse, read, resolve, understand
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.search import CardReader, is_found, words_of
from fdtui.core.task import Task, task_from_row
from fdtui.core.values import Value

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


def test_changed_means_what_others_changed_where_that_is_known() -> None:
    acme, other = (task_from_row({**ACME, "Company ID": each}, "Company ID") for each in ("1", "2"))
    known = understand(read("changed"), Setting(SCHEMA, changed=frozenset("1")))
    assert known.passes(acme) and not known.passes(other) and known.understood
    unknown = understand(read("changed"), Setting(SCHEMA))
    assert not unknown.passes(acme) and not unknown.understood
    quoted = understand(read('"changed"'), Setting(SCHEMA, changed=frozenset("1")))
    assert not quoted.passes(acme)


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
        "-late",
        "close<=+1d",
        "(late or -today) acme",
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


# What a board asks: where one types, and everything that may be wrong is told


BUGS = Schema(
    (Stage("Open"), Stage("In Review"), Stage("Done", True)),
    (
        Field("Bug ID", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Severity", FieldType.SINGLE_SELECT, options=("Critical", "Major", "Minor")),
        Field("Tags", FieldType.MULTIPLE_SELECT, options=("new", "big one", "a, b")),
        Field("Due Date", FieldType.DATE),
        Field("Value", FieldType.CURRENCY),
    ),
    (
        Person("ada@example.com", "Ada", "Lovelace"),
        Person("grace@example.com", "Grace", "Hopper"),
        Person("grace2@example.com", "Grace", "Kelly"),
    ),
)
BUG = {
    "Stage": "Open",
    "Assigned To": "Ada@example.com",
    "Bug ID": "7",
    "Title": "late me today none",
    "Severity": "Critical",
    "Tags": ["new", "a, b"],
    "Due Date": "2020-01-29",
    "Value": "10000",
}
TODAY = date(2020, 1, 30)


def asked(text: str, *, caret: int | None = None, me: str | None = "ada@example.com") -> Query:
    return understand(read(text), Setting(BUGS, me, TODAY, ZoneInfo("UTC"), caret))


@pytest.mark.parametrize(
    "text",
    [
        "severity:critical",
        "severity:minor,CRITICAL",
        "-severity:minor",
        "severity!=minor,major",
        "id:7",
        "id:6,7",
        "me",
        "late",
        "late me severity:critical",
        "-today",
        "<today",
        "due<+3d",
        "due:<+3d",
        "due>=-1d",
        "due:yesterday",
        'due:"29 jan"',
        "due<fri",
        "assignee:me",
        "assignee:ADA",
        "assignee:lovelace",
        'assignee:"ada lovelace"',
        "who:ADA@EXAMPLE.COM",
        "-who:grace",
        "tags:new",
        "tags:a, b",
        'tags:"a, b"',
        "tags:a, b,new",
        "-tags:none",
        '"late me"',
        '"me" "none"',
        'value:"$10,000"',
        "12:30 or new",
        # unfinished: what says nothing yet hides nothing
        "severity:",
        "-severity:",
        "me or severity:",
        "-(",
        '-""',
        '"late me',
        "(me or grace",
    ],
)
def test_what_a_board_shows(text: str) -> None:
    assert asked(text).passes(Task("7", "7", BUG)), text


@pytest.mark.parametrize(
    "text",
    ["-late", "today", "-me", "severity:major", "assignee:grace", 'assignee:"me"', "tags:a", "due>today",
     "12:30", "-severity:critical", "severity!=critical"],
)  # fmt: skip
def test_what_it_hides(text: str) -> None:
    assert not asked(text).passes(Task("7", "7", BUG)), text


def test_what_is_done_is_not_late() -> None:
    assert not asked("late").passes(Task("7", "7", {**BUG, "Stage": "Done"}))


def test_a_first_name_means_everyone_who_has_it() -> None:
    for email in ("grace@example.com", "GRACE2@example.com"):
        assert asked("assignee:grace").passes(Task("7", "7", {**BUG, "Assigned To": email}))


def test_a_word_without_a_sense_here_is_a_word() -> None:
    for text in ("me", "late"):
        bare = understand(read(text), Setting(Schema(fields=(Field("Title"),)), today=TODAY))
        assert bare.passes(Task("1", "1", {"Title": f"x{text}x"}))
        assert not bare.passes(Task("1", "1", {"Title": "x"}))


@pytest.mark.parametrize(
    ("text", "wrong", "says", "fix"),
    [
        ("severty:critical", "severty", "Did you mean “Severity”?", "severity"),
        ("late severity:critcal", "critcal", "Did you mean “Critical”?", "Critical"),
        ("stage:reviw", "reviw", "Did you mean “In Review”?", '"In Review"'),
        ("stage:xyz", "xyz", "is no stage", None),
        ('stage:"in reviw"', '"in reviw"', "Did you mean “In Review”?", '"In Review"'),
        ("assignee:lovelase", "lovelase", "Did you mean “Ada Lovelace”?", '"Ada Lovelace"'),
        ("due<abc", "abc", "is no day", None),
        ("value>abc", "abc", "is no number", None),
        ("tags:bigone", "bigone", "Did you mean “big one”?", '"big one"'),
    ],
)
def test_a_wrong_word_is_told_with_what_was_meant(
    text: str, wrong: str, says: str, fix: str | None
) -> None:
    (problem,) = asked(text).problems
    assert text[slice(*problem.span)] == wrong
    assert says in problem.sentence and problem.fix == fix
    assert not problem.is_unfinished


def test_who_i_am_must_be_known() -> None:
    (problem,) = asked("assignee:me", me=None).problems
    assert "Who you are is not known" in problem.sentence


@pytest.mark.parametrize("text", ["severity:cr", "-stage:rev", "assignee:love", "severity:minor,cri"])
def test_a_value_that_is_being_typed_is_all_that_it_can_become(text: str) -> None:
    typed, left = asked(text, caret=len(text)), asked(text)
    assert not typed.problems and left.problems
    assert typed.passes(Task("7", "7", BUG))


def test_a_day_that_is_being_typed_is_no_mistake_yet() -> None:
    assert all(each.is_unfinished for each in asked("due<2020-0", caret=10).problems)


PLAIN = st.lists(
    st.text(st.characters(categories=["L", "N"]), min_size=1).filter(
        lambda word: word.casefold() not in ("and", "or", "not", "me", "late", "today")
    ),
    min_size=1,
)


@given(PLAIN, st.text())
def test_plain_words_are_searched_for(words: list[str], title: str) -> None:
    task = Task("7", "7", {"Title": f"{title} {words[0]}"})
    text = " ".join(words)
    query = asked(text)
    assert not query.problems
    assert query.passes(task) is is_found(CardReader(BUGS).text_of(task), words_of(text))
    assert query.words == words_of(text)


PARTS = st.sampled_from(
    ["severity:critical", "tags:new", "late", "me", "acme", "value>5000", "due<today", "stage:open",
     "assignee:none", '"a b"', "title~x", "value<abc", "nosuch:x"]
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "Stage": st.sampled_from(["Open", "Done"]),
        "Assigned To": st.sampled_from([None, "ada@example.com"]),
        "Title": st.sampled_from(["acme", "x", "a b"]),
        "Severity": st.sampled_from([None, "Critical", "Minor"]),
        "Tags": st.sampled_from([None, ["new"], ["big one", "new"]]),
        "Due Date": st.sampled_from([None, "2020-01-01", "2020-01-30"]),
        "Value": st.sampled_from([None, "10", "10000.00"]),
    }
)
QUERIES = st.recursive(
    PARTS,
    lambda inner: (
        st.tuples(st.sampled_from(["", " or "]), st.lists(inner, min_size=2, max_size=3)).map(
            lambda pair: f"({(pair[0] or ' ').join(pair[1])})"
        )
        | inner.map(lambda text: f"-{text}")
    ),
    max_leaves=6,
)


@given(QUERIES, QUERIES, ROWS)
def test_the_signs_mean_what_logic_says(one: str, other: str, row: dict[str, Value]) -> None:
    task = Task("1", "1", row)
    first, second = asked(one).passes(task), asked(other).passes(task)
    assert asked(f"({one}) {other}").passes(task) is (first and second)
    assert asked(f"{one} or {other}").passes(task) is (first or second)
    assert asked(f"-({one})").passes(task) is not first


@given(QUERIES, QUERIES, ROWS)
def test_the_words_and_the_rest_are_the_whole_query(one: str, other: str, row: dict[str, Value]) -> None:
    task, query = Task("1", "1", row), asked(f"{one} {other}")
    holds = is_found(CardReader(BUGS).text_of(task), query.words)
    assert query.passes(task) is (holds and (query.rest is None or query.rest(task)))


def test_words_are_looked_for_apart_from_what_else_is_asked() -> None:
    query = asked('acme severity:critical "a b" -x')
    assert query.words == ("acme", "a b") and query.rest is not None
    assert asked("severity:critical or acme").words == ()


def test_what_was_meant_is_said_of_the_first_mistakes_only() -> None:
    text = " ".join(f"severty{n}:x severity:critcal{n}" for n in range(300))
    problems = asked(text).problems
    assert len(problems) == 600
    assert all(each.hint for each in problems[:20]) and not any(each.hint for each in problems[20:])
