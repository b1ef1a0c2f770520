from fdtui.tui.cells import line_width
from fdtui.tui.edit import MAX_LENGTH, LineEdit


def edited(text: str, *keys: str) -> LineEdit:
    edit = LineEdit(text)
    for key in keys:
        edit.press(key, key if len(key) == 1 else None)
    return edit


def test_typing_and_erasing() -> None:
    assert edited("ab", "c", "left", "x").text == "abxc"
    assert edited("abc", "left", "backspace").text == "ac"
    assert edited("abc", "home", "delete").text == "bc"
    assert edited("one two three", "ctrl+w").text == "one two "
    assert edited("one two", "ctrl+u").text == ""
    assert edited("one two", "home", "ctrl+k").text == ""
    assert edited("", "backspace", "left", "right", "delete").text == ""


def test_what_means_nothing_is_refused() -> None:
    assert not LineEdit().press("f5", None)
    assert not LineEdit().press("ctrl+z", "\x1a")


def test_a_paste_is_one_line_without_control_characters_and_has_an_end() -> None:
    edit = LineEdit("ab")
    edit.caret = 1
    edit.insert("x\n\x1b[31my\x00")
    assert edit.text == "ax [31myb"
    edit.insert("z" * 10_000_000)
    assert len(edit.text) == MAX_LENGTH


def test_the_caret_is_always_in_view() -> None:
    edit = LineEdit("東京" * 500)
    for caret in (0, 1, 500, 999, 1000):
        edit.caret = caret
        line = edit.line(20)
        assert line_width(line) <= 21
        assert line[1][1] == "caret"


def test_a_secret_is_not_shown() -> None:
    line = LineEdit("s3cret", secret=True).line(30)
    assert "".join(text for text, _ in line).strip() == "••••••"


def test_a_proposal_gives_way_to_what_is_typed_and_stays_where_nothing_is() -> None:
    edit = LineEdit("https://app.flowdash.com", offered=True)
    for letter in "http":
        edit.press(letter, letter)
    assert edit.text == "http"
    kept = LineEdit("https://app.flowdash.com", offered=True)
    kept.press("backspace", None)
    kept.press("m", "m")
    assert kept.text == "https://app.flowdash.com"
