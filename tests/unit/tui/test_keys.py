from fdtui.core.keymap import build_keymap
from fdtui.tui.keys import Given, KeySequence
from fdtui.tui.look import UNICODE
from fdtui.tui.widgets.help import help_lines


def typed(keys: str) -> list[Given]:
    sequence = KeySequence(build_keymap())
    pressed = [sequence.press(key) for key in keys.split()]
    return [given for given in pressed if given is not None]


def test_a_count_repeats() -> None:
    assert typed("1 2 j") == [Given("cursor.down", 12)]


def test_zero_alone_is_a_command_and_after_a_digit_a_digit() -> None:
    assert typed("0") == [Given("column.first")]
    assert typed("1 0 j") == [Given("cursor.down", 10)]


def test_a_chord_needs_both_keys() -> None:
    assert typed("g g") == [Given("cursor.top")]
    assert typed("3 g g") == [Given("cursor.top", 3)]
    assert typed("g x j") == [Given("cursor.down")]


def test_escape_forgets_and_is_then_a_command_again() -> None:
    assert typed("5 escape j") == [Given("cursor.down")]
    assert typed("g escape g escape") == []
    assert typed("escape") == [Given("app.cancel")]


def test_a_count_before_what_does_not_count_is_dropped() -> None:
    assert typed("5 m") == [Given("task.move")]


def test_a_count_has_a_limit() -> None:
    assert typed("9 " * 30 + "j") == [Given("cursor.down", 99_999)]


def test_what_is_pending_can_be_shown() -> None:
    sequence = KeySequence(build_keymap())
    sequence.press("5")
    sequence.press("g")
    assert sequence.pending == "5 g"


def test_the_users_own_keys_count() -> None:
    sequence = KeySequence(build_keymap("vim", {"task.move": ["x y"], "cursor.down": ["5"]}))
    assert sequence.press("5") == Given("cursor.down")
    assert sequence.press("x") is None
    assert sequence.press("y") == Given("task.move")


def test_no_title_runs_into_what_it_does() -> None:
    for width in (80, 120):
        for line in help_lines(build_keymap(), "board", width, UNICODE):
            texts = [text for text, _ in line]
            assert len(texts) < 3 or not texts[1].strip() or texts[1].endswith(" "), texts
