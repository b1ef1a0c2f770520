from fdtui.tui.toolkit.cells import line_width
from fdtui.tui.toolkit.line_editor import MAX_LENGTH, LineEditor
from fdtui.tui.toolkit.text_undo import CUT
from tests.unit.tui.toolkit.text_keys import press_text


def edited(text: str, *keys: str) -> LineEditor:
    edit = LineEditor(text)
    for key in keys:
        press_text(edit, key, key if len(key) == 1 else None)
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
    assert not press_text(LineEditor(), "f5", None)
    assert not press_text(LineEditor(), "ctrl+z", "\x1a")


def test_a_paste_is_one_line_without_control_characters_and_has_an_end() -> None:
    edit = LineEditor("ab")
    edit.caret = 1
    assert "2 control characters" in edit.paste("x\n\x1b[31my\x00")
    assert edit.text == "ax [31myb"
    assert "Nothing was pasted" in edit.paste("z" * 10_000_000)
    assert edit.paste("z" * (MAX_LENGTH - len(edit.text))) == ""
    assert not edit.insert("z")


def test_the_caret_is_always_in_view() -> None:
    edit = LineEditor("東京" * 500)
    for caret in (0, 1, 500, 999, 1000):
        edit.caret = caret
        line = edit.line(20)
        assert line_width(line) <= 21
        assert line[1][1] == "caret"


def test_a_secret_is_not_shown() -> None:
    line = LineEditor("s3cret", secret=True).line(30)
    assert "".join(text for text, _ in line).strip() == "••••••"


def test_a_proposal_gives_way_to_what_is_typed_and_stays_where_nothing_is() -> None:
    edit = LineEditor("https://app.flowdash.com", offered=True)
    for letter in "http":
        press_text(edit, letter, letter)
    assert edit.text == "http"
    kept = LineEditor("https://app.flowdash.com", offered=True)
    press_text(kept, "end", None)
    press_text(kept, "/", "/")
    assert kept.text == "https://app.flowdash.com/"


def test_what_is_cut_out_of_a_secret_is_not_put_in_elsewhere() -> None:
    CUT.text = ""
    secret = LineEditor("s3cret", secret=True)
    press_text(secret, "ctrl+u", None)
    assert secret.text == ""
    assert CUT.text == ""
    press_text(secret, "ctrl+y", None)
    assert secret.text == "s3cret"
