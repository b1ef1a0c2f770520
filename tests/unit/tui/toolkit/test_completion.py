import pytest

from fdtui.core.commands import Scope
from fdtui.core.keymap import build_keymap
from fdtui.tui.toolkit.completion import Completion
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.text_buffer import TextBuffer
from tests.unit.tui.toolkit.text_keys import press_text

PEOPLE = (
    Item("ada", "Ada Lovelace", "ada@example.com"),
    Item("grace", "Grace Hopper", "grace@example.com"),
    Item("bob", "Bob", "bob@example.com"),
)


def typed(*keys: str) -> tuple[TextBuffer, Completion]:
    buffer, completion = TextBuffer("", multiline=True), Completion(PEOPLE)
    for key in keys:
        command = build_keymap().resolve((key,), Scope.MENTION)
        bound = completion.bindings(buffer, lambda: None)
        if command in bound:
            bound[str(command)](None)
        else:
            press_text(buffer, key, key if len(key) == 1 else None)
            completion.on_text(buffer)
    return buffer, completion


def names(completion: Completion) -> list[str]:
    return [each.text for each in completion.found]


def test_the_list_narrows_and_a_name_is_taken() -> None:
    assert names(typed("@")[1]) == ["Ada Lovelace", "Bob", "Grace Hopper"]
    assert names(typed(*"hi (@gr")[1])[0] == "Grace Hopper"
    for key in ("enter", "tab"):
        buffer, completion = typed(*"hi @gr", key, "!")
        assert buffer.text == "hi @Grace Hopper !"
        assert not completion.found
    assert typed("@", "down", "enter")[0].text == "@Bob "
    assert typed(*"@ada x", *["left"] * 2, "backspace", "enter")[0].text == "@Ada Lovelace x"


@pytest.mark.parametrize("text", ["ask bob@ex", "@ada, ", "@zzz", "a@", "@ ", "@a@b", "@ada\u3000"])
def test_running_text_is_left_alone(text: str) -> None:
    buffer, completion = typed(*text)
    assert not completion.found
    assert buffer.text == text


def test_escape_closes_the_list_of_this_word_only() -> None:
    buffer, completion = typed(*"@a", "escape", "d")
    assert not completion.found and buffer.text == "@ad"
    assert names(typed(*"@a", "escape", *"d @a")[1])[0] == "Ada Lovelace"
