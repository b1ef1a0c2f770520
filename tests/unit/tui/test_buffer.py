from hypothesis import given
from hypothesis import strategies as st

from fdtui.tui.cells import line_width
from fdtui.tui.editors.buffer import MAX_LETTERS, Buffer

KEYS = ("left", "right", "home", "end", "up", "down", "backspace", "delete", "ctrl+w", "ctrl+u",
        "ctrl+k", "enter", "a", "é", " ", "漢")  # fmt: skip


def typed(buffer: Buffer, *keys: str) -> Buffer:
    for key in keys:
        buffer.press(key, key if len(key) == 1 else None)
    return buffer


@given(st.text(max_size=60), st.lists(st.sampled_from(KEYS), max_size=30), st.integers(1, 20))
def test_whatever_is_pressed_the_caret_is_in_the_text_and_the_lines_fit(
    text: str, keys: list[str], width: int
) -> None:
    buffer = Buffer(text, multiline=True)
    for key in keys:
        lines = buffer.lines(width, 5)
        assert 1 <= len(lines) <= 5
        assert sum(role == "caret" for line in lines for _, role in line) == 1
        assert 0 <= buffer.caret <= len(buffer.text)
        typed(buffer, key)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80), st.integers(6, 30))
def test_no_row_is_wider_than_there_is_room(text: str, width: int) -> None:
    assert all(line_width(line) <= width for line in Buffer(text, multiline=True).lines(width, 100))


def test_a_line_is_left_at_its_ends_and_a_text_at_its_top_and_bottom() -> None:
    assert not Buffer("one").press("up", None)
    buffer = Buffer("one\ntwo", multiline=True)
    buffer.lines(20, 5)
    assert buffer.press("up", None)
    assert not buffer.press("up", None)
    assert typed(buffer, "end", "x").text == "onex\ntwo"


def test_words_and_lines_go_at_once() -> None:
    assert typed(Buffer("one two"), "ctrl+w").text == "one "
    assert typed(Buffer("one\ntwo", multiline=True), "ctrl+u").text == "one\n"
    assert typed(Buffer("one\ntwo", multiline=True), "home", "ctrl+k").text == "one\n"


def test_a_paste_is_text_without_control_characters() -> None:
    buffer = Buffer("")
    assert "left out" in buffer.paste("a\x1b[31m\r\nb\x9b")
    assert buffer.text == "a[31m b"
    family = "👨\u200d👩\u200d👧 \u202e"
    assert Buffer("").paste(family) == ""


def test_a_paste_that_is_too_large_changes_nothing() -> None:
    buffer = Buffer("kept", multiline=True)
    assert "Nothing was pasted" in buffer.paste("x" * MAX_LETTERS)
    assert buffer.text == "kept"
    assert buffer.paste("x" * (MAX_LETTERS - 4)) == ""
    typed(buffer, "y")
    assert len(buffer.text) == MAX_LETTERS
