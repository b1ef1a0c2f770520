import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.tui.toolkit import graphemes

FAMILY = "👨\u200d👩\u200d👧"
LETTERS = (
    "a",
    " ",
    "\n",
    "\r\n",
    "🇺🇦",
    FAMILY,
    "e\u0301",
    "👍🏽",
    "漢",
    "1\ufe0f\u20e3",
    "\u200c",
    "\u3000",
    "\u202e",
)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_one_however_it_is_made(letter: str) -> None:
    text = f"A{letter}B"
    assert graphemes.after(text, 1) == 1 + len(letter)
    assert graphemes.before(text, 1 + len(letter)) == 1


def test_flags_go_two_by_two() -> None:
    text = "🇺🇦🇩🇪🇫🇷"
    assert graphemes.clusters(text) == [(0, 2), (2, 4), (4, 6)]


def test_what_is_shown_spelled_out_is_a_letter_of_its_own() -> None:
    assert graphemes.clusters("می\u200cخواهم")[2] == (2, 3)
    assert graphemes.before("ab\u202e", 3) == 2


@given(st.lists(st.sampled_from(LETTERS), max_size=40))
def test_there_and_back_is_the_same_way(letters: list[str]) -> None:
    text = "".join(letters)
    there, at = [0], 0
    while at < len(text):
        at = graphemes.after(text, at)
        there.append(at)
    back, at = [len(text)], len(text)
    while at > 0:
        at = graphemes.before(text, at)
        back.append(at)
    assert there == back[::-1]
    assert [graphemes.settle(text, place) for place in there] == there


@given(st.text(max_size=60), st.integers(0, 60))
def test_every_place_is_a_place_for_a_caret(text: str, at: int) -> None:
    at = graphemes.settle(text, at)
    places = {0, *(end for _, end in graphemes.clusters(text))}
    found = (graphemes.word_before, graphemes.word_after, graphemes.blank_before)
    assert at in places
    assert {graphemes.before(text, at), graphemes.after(text, at)} <= places
    assert {find(text, at) for find in found} <= places


def test_words_are_those_of_people() -> None:
    text = "one two-three، می\u200cخواهم e\u0301te\u0301"
    assert text[graphemes.word_before(text, len(text)) :] == "e\u0301te\u0301"
    assert text[: graphemes.word_after(text, 3)] == "one two"
    at = text.index("م")
    assert text[at : graphemes.word_after(text, at)] == "می\u200cخواهم"
    assert text[graphemes.blank_before(text, 13) : 13] == "two-three"
