"""Any text has a tree, and what is wrong with it is told with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.query import Comparison, Every, Not, QueryError, Some, Text, leaves, parse, read
from fdtui.core.query.lexer import spelled

TYPED = st.text(st.sampled_from('ab :"<>=~!(),-\\\nö or')) | st.text()


@given(TYPED)
def test_any_text_has_a_tree_whose_parts_stand_in_it(text: str) -> None:
    reading = read(text)
    for leaf in leaves(reading.node):
        start, end = leaf.span
        assert 0 <= start <= end <= len(text)
        assert leaf.name_span[1] <= end if isinstance(leaf, Comparison) else text[start:end]
    assert all(0 <= each.span[0] <= each.span[1] <= len(text) for each in reading.problems)


@given(TYPED)
def test_what_has_a_problem_is_no_query(text: str) -> None:
    problems = read(text).problems
    if not problems:
        assert parse(text) == read(text).node
        return
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.column == problems[0].span[0] + 1


@given(st.text(min_size=1))
def test_what_is_spelled_for_a_query_means_itself(text: str) -> None:
    reading = read(f"name:{spelled(text)} {spelled(text)}")
    assert not reading.problems
    test, word = leaves(reading.node)
    assert isinstance(test, Comparison) and [each.text for each in test.values] == [text]
    assert isinstance(word, Text) and word.text == text


def said(text: str) -> object:
    """The tree as short as can be."""

    def of(node: object) -> object:
        match node:
            case Text(text=word):
                return word
            case Comparison(name=name, operator=operator, values=values):
                return f"{name} {operator} {'|'.join(each.text for each in values)}"
            case Not(part=part):
                return ("not", of(part))
            case Every(parts=parts):
                return ("and", *map(of, parts))
            case Some(parts=parts):
                return ("or", *map(of, parts))
        raise AssertionError(node)

    return of(read(text).node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b or c", ("or", ("and", "a", "b"), "c")),
        ("a (b or -c)", ("and", "a", ("or", "b", ("not", "c")))),
        ("due<+3d", "due < +3d"),
        ("due:<+3d", "due < +3d"),
        ("<=+1w", " <= +1w"),
        ("due>-2d", "due > -2d"),
        ("stage:todo, done", "stage : todo|done"),
        ("$1,000 e-mail 1,-5", ("and", "$1,000", "e-mail", "1,-5")),
        ("http://a.b/c?d=e:80", "http://a.b/c?d=e:80"),
        ("site:http://a.b/c?d=e", "site : http://a.b/c?d=e"),
        ("at:12:30", "at : 12:30"),
        ("not", "not"),
        ("or", "or"),
        # unfinished
        ("stage:", "stage : "),
        ("stage:todo,", "stage : todo"),
        ('"acme co', "acme co"),
        ("(a b", ("and", "a", "b")),
        ("a or", "a"),
        ("a -(", "a"),
        ("a)", "a"),
        (":)", ":"),
    ],
)
def test_what_a_text_says(text: str, tree: object) -> None:
    assert said(text) == tree


@pytest.mark.parametrize("text", ["stage:", "(a", '"a', "a or", "a and", "stage:x,", "-("])
def test_what_may_still_become_right_is_unfinished(text: str) -> None:
    assert all(each.is_unfinished for each in read(text).problems) and read(text).problems


@pytest.mark.parametrize("text", ["a)", ":x", "stage: )", "() a"])
def test_what_cannot_become_right_is_not(text: str) -> None:
    assert any(not each.is_unfinished for each in read(text).problems)
