import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.safetext import MAX_MARKS, quoted, safe

HOSTILE = [
    "\x1b[2J",
    "\x1b]52;c;aGk=\x07",
    "\x1b]0;title\x1b\\",
    "\x1b]8;;http://evil\x07x",
    "\x1bP1$r\x1b\\",
    "\x9b31m",
    "\x9d0;t\x9c",
    "\r\b\v\f\x07\x0e\x0f\x7f",
    "\u202egnp.exe\u202c",
    "\u2066a\u2069\u200e\u200f\u061c",
    "\u200b\ufeff\xad\U000e0041\ufff9",
    "\u2028\u2029",
    "\ud800",
]


def acts(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not any(acts(char) for char in safe(text))
    assert len(safe(f"before {text} after")) > len("before  after")


@given(st.text())
def test_no_text_at_all_leaves_a_control_but_within_emoji(text: str) -> None:
    for shown in (safe(text), safe(text, multiline=True)):
        left = {char for char in shown if acts(char)}
        assert left <= {"\u200d", "\n"}
        assert "\n" not in safe(text)


@pytest.mark.parametrize(
    "text", ["Acme Corp", "東京データ株式会社", "عربي", "café", "👩‍👩‍👧 family", "❤️", "1️⃣", "🏳️‍🌈"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_controls_are_made_visible() -> None:
    assert safe("a\x1b[2Jb\n\x9b\u202e") == "a␛[2Jb␊\\x9b\\u202e"


def test_several_lines_keep_their_breaks_and_tabs() -> None:
    assert safe("a\r\nb\tc\rd", multiline=True) == "a\nb    c␍d"


def test_a_crowd_of_marks_is_thinned() -> None:
    assert safe("e" + "\u0301" * 100_000) == "e" + "\u0301" * MAX_MARKS
    assert safe("e" + "\u0301\u0489" * 50).count("\u0301") <= MAX_MARKS


def test_a_joiner_outside_emoji_is_shown() -> None:
    assert safe("a\u200db") == "a\\u200db"


def test_ends_that_cannot_be_seen_are_quoted() -> None:
    assert [quoted(text) for text in ("42", " 42", "", "a\x1b")] == ["42", "“ 42”", "“”", "“a␛”"]


def test_cr_lf_is_one_line_end() -> None:
    assert safe("one\r\ntwo\r") == "one␊two␍"
    assert safe("one\r\ntwo\r", multiline=True) == "one\ntwo␍"
