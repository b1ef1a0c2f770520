"""What is offered at the caret fits there, and means what its query counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.query import Setting, read, understand
from fdtui.core.query.completion import Suggestion, complete
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage

SCHEMA = Schema(
    (Stage("Not Started"), Stage("In Review"), Stage("Done", True)),
    (
        Field("Bug ID", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Severity", FieldType.SINGLE_SELECT, options=("Critical", "Major", "Minor")),
        Field("Tags", FieldType.MULTIPLE_SELECT, options=("new", "big one", 'a, "b"')),
        Field("Due Date", FieldType.DATE),
        Field("Urgent?", FieldType.CHECKBOX),
        Field("Contract Value", FieldType.CURRENCY),
        Field("none"),
    ),
    (
        Person("ada@example.com", "Ada", "Lovelace"),
        Person("grace@example.com", "Grace", "Hopper"),
        Person("g2@example.com", "Grace", "Hopper"),
    ),
)
SETTING = Setting(SCHEMA, "ada@example.com", date(2020, 1, 30))


def offered(text: str, caret: int | None = None) -> tuple[Suggestion, ...]:
    return complete(text, len(text) if caret is None else caret, SETTING).found


@pytest.mark.parametrize(
    ("text", "first", "becomes"),
    [
        ("", "me", "me "),
        ("l", "late", "late "),
        ("sev", "severity:", "severity:"),
        ("-sev", "severity:", "-severity:"),
        ("(acme or sev", "severity:", "(acme or severity:"),
        ("value", "value:", "value:"),
        ("contr", "contract:", "contract:"),
        ("crit", "severity:Critical", "severity:Critical "),
        ("rev", "stage:\"In Review\"", 'stage:"In Review" '),
        ("lovel", 'assignee:"Ada Lovelace"', 'assignee:"Ada Lovelace" '),
        ("severity:", "Critical", "severity:Critical "),
        ("severity:critical,m", "Major", "severity:critical,Major "),
        ("stage:not", "Not Started", 'stage:"Not Started" '),
        ('stage:"not st', "Not Started", 'stage:"Not Started" '),
        ("stage: ", "Not Started", 'stage: "Not Started" '),
        ("tags:a", 'a, "b"', 'tags:"a, \\"b\\"" '),
        ("assignee:", "me", "assignee:me "),
        ("assignee:grace@", "Grace Hopper", "assignee:grace@example.com "),
        ("who:gho", "Grace Hopper", "who:grace@example.com "),
        ("due<", "today", "due<today "),
        ("<=t", "today", "<=today "),
        ("due:<t", "today", "due:<today "),
        ("urgent:", "yes", "urgent:yes "),
        ("title:n", "none", "title:none "),
        ("severty:critical", "severity", "severity:critical"),
    ],
)  # fmt: skip
def test_the_best_comes_first(text: str, first: str, becomes: str) -> None:
    best = offered(text)[0]
    assert best.label == first
    assert best.applied(text)[0] == becomes


@pytest.mark.parametrize(
    "text", ["acme", '"sev', "severity:Critical", "me", "value>", "nosuch:x", "title~"]
)
def test_nothing_is_offered_where_nothing_is_known(text: str) -> None:
    assert offered(text) == ()


def test_in_the_middle_of_a_text_only_the_part_there_changes() -> None:
    text = "late sev acme"
    assert offered(text, 8)[0].applied(text) == ("late severity: acme", 14)


def test_without_a_user_or_a_deadline_their_words_are_not_offered() -> None:
    found = complete("", 0, Setting(Schema(fields=(Field("Title"),)))).found
    assert [each.label for each in found] == ["stage:", "assignee:", "title:"]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("late sev", "late"),
        ("late -sev", "late"),
        ("late severity:cr", "late"),
        ("late severity: acme", "late"),
        ("late ", "late"),
        ("late or sev", ""),
        ("late (me or sev", ""),
    ],
)
def test_what_is_counted_is_among_what_the_other_parts_leave(text: str, rest: str) -> None:
    assert complete(text, len(text), SETTING).rest == rest


PIECES = st.lists(
    st.sampled_from(
        ["sev", "severity:", "cri", "tags:", "a,", '"', "late ", " ", "or ", "(", ")", "-", "due<", "me",
         "stage:", "assignee:", "gr", "none:", "urgent:", "x"]
    )
).map("".join)  # fmt: skip


@given(PIECES, st.data())
def test_whatever_is_taken_is_right_where_it_stands(text: str, data: st.DataObject) -> None:
    caret = data.draw(st.integers(0, len(text)))
    for each in offered(text, caret):
        taken, there = each.applied(text)
        start = each.span[0]
        assert taken[:start] == text[:start] and start < there <= len(taken)
        put_in = (start, start + len(each.insert))
        for problem in understand(read(taken), SETTING).problems:
            begin, end = problem.span
            assert problem.is_unfinished or end <= put_in[0] or begin >= put_in[1], (taken, problem)
        assert not understand(read(each.query), SETTING).problems
