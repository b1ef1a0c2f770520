from hypothesis import given
from hypothesis import strategies as st

from fdtui.tui.toolkit.cells import line_width
from fdtui.tui.toolkit.text_buffer import MAX_LETTERS, TextBuffer
from tests.unit.tui.toolkit.text_keys import press_text, takes_in_text

KEYS = ("left", "right", "home", "end", "up", "down", "backspace", "delete", "ctrl+w", "ctrl+u",
        "ctrl+k", "enter", "a", "é", " ", "漢")  # fmt: skip


def typed(buffer: TextBuffer, *keys: str) -> TextBuffer:
    for key in keys:
        press_text(buffer, key, key if len(key) == 1 else None)
    return buffer


@given(st.text(max_size=60), st.lists(st.sampled_from(KEYS), max_size=30), st.integers(1, 20))
def test_whatever_is_pressed_the_caret_is_in_the_text_and_the_lines_fit(
    text: str, keys: list[str], width: int
) -> None:
    buffer = TextBuffer(text, multiline=True)
    for key in keys:
        lines = buffer.lines(width, 5)
        assert 1 <= len(lines) <= 5
        assert sum(role == "caret" for line in lines for _, role in line) == 1
        assert 0 <= buffer.caret <= len(buffer.text)
        typed(buffer, key)


@given(st.text(st.sampled_from("ab 漢字é\t"), max_size=80), st.integers(6, 30))
def test_no_row_is_wider_than_there_is_room(text: str, width: int) -> None:
    assert all(line_width(line) <= width for line in TextBuffer(text, multiline=True).lines(width, 100))


def test_a_line_is_left_at_its_ends_and_a_text_at_its_top_and_bottom() -> None:
    assert not press_text(TextBuffer("one"), "up", None)
    buffer = TextBuffer("one\ntwo", multiline=True)
    buffer.lines(20, 5)
    assert press_text(buffer, "up", None)
    assert not press_text(buffer, "up", None)
    assert typed(buffer, "end", "x").text == "onex\ntwo"


def test_words_and_lines_go_at_once() -> None:
    assert typed(TextBuffer("one two"), "ctrl+w").text == "one "
    assert typed(TextBuffer("one\ntwo", multiline=True), "ctrl+u").text == "one\n"
    assert typed(TextBuffer("one\ntwo", multiline=True), "home", "ctrl+k").text == "one\n"


def test_a_paste_is_text_without_control_characters() -> None:
    buffer = TextBuffer("")
    assert "left out" in buffer.paste("a\x1b[31m\r\nb\x9b")
    assert buffer.text == "a[31m b"
    family = "👨\u200d👩\u200d👧 \u202e"
    assert TextBuffer("").paste(family) == ""


def test_a_paste_that_is_too_large_changes_nothing() -> None:
    buffer = TextBuffer("kept", multiline=True)
    assert "Nothing was pasted" in buffer.paste("x" * MAX_LETTERS)
    assert buffer.text == "kept"
    assert buffer.paste("x" * (MAX_LETTERS - 4)) == ""
    typed(buffer, "y")
    assert len(buffer.text) == MAX_LETTERS


def shown_of(buffer: TextBuffer, width: int = 40) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in buffer.lines(width, 20)]


def test_line_ends_stay_what_they_are_and_new_ones_are_like_them() -> None:
    buffer = TextBuffer("one\r\ntwo\r\n", multiline=True)
    assert shown_of(buffer) == ["one", "two", ""]
    typed(buffer, "x", "enter", "y")
    buffer.paste("a\nb\r\nc")
    assert buffer.text == "one\r\ntwo\r\nx\r\nya\r\nb\r\nc"
    assert typed(TextBuffer("a\r\n", multiline=True), "backspace").text == "a"
    assert typed(TextBuffer("a\r\nb", multiline=True), "home", "left", "!").text == "a!\r\nb"
    assert (
        typed(TextBuffer("a\r\nb", multiline=True), "left", "ctrl+u", "left", "end", "!").text
        == "a!\r\nb"
    )
    assert typed(TextBuffer("a\nb", multiline=True), "enter").text == "a\nb\n"


def test_up_and_down_keep_the_cell_and_not_the_number_of_letters() -> None:
    buffer = TextBuffer("漢字漢字\nab\nabcdefgh", multiline=True)
    buffer.lines(40, 5)
    typed(buffer, "left", "left", "up", "up", "!")
    assert buffer.text.startswith("漢字漢!字")
    assert typed(TextBuffer("漢字x\nabcd", multiline=True), "up", "!").text == "漢字!x\nabcd"


def test_a_row_that_is_full_does_not_hide_the_caret() -> None:
    for text in ("a" * 39, "漢" * 40, "one two " * 20, "👨\u200d👩\u200d👧" * 30):
        buffer = TextBuffer(text, multiline=True)
        while True:
            lines = buffer.lines(20, 100)
            assert all(line_width(line) <= 20 for line in lines), text
            if buffer.caret == 0:
                break
            typed(buffer, "left")


def test_what_is_selected_is_shown_and_is_replaced() -> None:
    buffer = typed(TextBuffer("one two"), "left", "shift+left", "shift+home")
    (line,) = buffer.lines(20, 1)
    assert line == (("", "text"), ("o", "caret"), ("ne tw", "on_accent@accent"), ("o", "text"))
    assert typed(buffer, "x").text == "xo"
    assert typed(TextBuffer("one two"), "ctrl+shift+left", "ctrl+u").text == "one "
    assert typed(TextBuffer("one two"), "ctrl+shift+left", "right", "!").text == "one two!"


def test_what_is_cut_out_in_a_row_is_put_in_as_one() -> None:
    buffer = typed(TextBuffer("one two three"), "ctrl+w", "ctrl+w", "home", "ctrl+y")
    assert buffer.text == "two threeone "
    assert typed(TextBuffer(""), "ctrl+y").text == "two three"
    assert typed(TextBuffer("x"), "home", "alt+d", "ctrl+y", "ctrl+y").text == "xx"


def test_undo_takes_back_word_by_word() -> None:
    buffer = typed(TextBuffer(""), *"one two")
    buffer.paste("three")
    assert typed(buffer, "ctrl+_").text == "one two"
    assert typed(buffer, "ctrl+_").text == "one"
    assert typed(buffer, "ctrl+underscore", "ctrl+_").text == ""


def test_every_character_but_controls_is_typed() -> None:
    for letter in ("\u3000", "\xa0", "\u200c", "\u200d", "\u202f", "\u202e"):
        buffer = TextBuffer("")
        assert press_text(buffer, "some_name", letter)
        assert buffer.text == letter
    for control in ("\x00", "\x1b", "\x7f", "\x85", "\x9b"):
        assert not press_text(TextBuffer(""), "some_name", control)
    assert not press_text(TextBuffer(""), "alt+x", "x")
    assert takes_in_text(TextBuffer(""), "alt+b") and not takes_in_text(TextBuffer(""), "alt+x")
