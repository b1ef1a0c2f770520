"""A key goes to the topmost layer that has a meaning for it, and never past a dialog."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from fdtui.core.keymap import build_keymap
from fdtui.tui.focus import FocusStack, Handler


@dataclass(eq=False)
class Layer:
    """A layer that writes down what it is given."""

    scopes: tuple[str, ...]
    does: tuple[str, ...] = ()
    is_modal: bool = False
    is_typing: bool = False
    refused: tuple[str, ...] = ()
    typed: list[str] = field(default_factory=list)

    def bindings(self) -> Mapping[str, Handler]:
        return {each: lambda _: None for each in self.does}

    def refuses(self, command: str) -> str:
        return "Not here." if command in self.refused else ""

    def footer(self) -> tuple[tuple[str, str], ...]:
        return ()

    def type(self, name: str, character: str | None) -> bool:
        self.typed.append(name)
        return True


BOARD = ("cursor.down", "cursor.top", "task.move", "task.assign", "app.help", "app.cancel")


@pytest.fixture
def board() -> Layer:
    return Layer(("board",), BOARD)


@pytest.fixture
def stack(board: Layer) -> FocusStack:
    return FocusStack(build_keymap(), board)


def press(stack: FocusStack, keys: str) -> list[tuple[str, int | None, Layer]]:
    given = []
    for key in keys.split():
        found = stack.press(key, key if len(key) == 1 else None)
        if found is not None:
            given.append((found.command, found.count, found.layer))
    return given


def test_the_board_alone_takes_counts_and_chords(stack: FocusStack, board: Layer) -> None:
    assert press(stack, "5 j g g") == [("cursor.down", 5, board), ("cursor.top", None, board)]


def test_a_pane_does_the_boards_movements_and_its_own_keys(stack: FocusStack, board: Layer) -> None:
    pane = Layer(("checklist", "detail"), ("cursor.down", "checklist.skip"))
    stack.push(pane)
    given = press(stack, "j s m")
    assert given == [
        ("cursor.down", None, pane), ("checklist.skip", None, pane), ("task.move", None, board)
    ]  # fmt: skip


def test_a_key_that_the_pane_does_not_do_now_is_the_boards(stack: FocusStack, board: Layer) -> None:
    stack.push(Layer(("checklist",), ()))
    assert press(stack, "a") == []  # nobody here does either of its two meanings
    stack.push(pane := Layer(("checklist",), ("checklist.all-stages",)))
    assert press(stack, "a") == [("checklist.all-stages", None, pane)]


def test_a_layer_refuses_a_command_of_the_board(stack: FocusStack) -> None:
    pane = Layer(("triage",), refused=("task.move",))
    stack.push(pane)
    assert press(stack, "m") == [("task.move", None, pane)]
    assert pane.refuses("task.move") == "Not here."


def test_nothing_goes_past_a_dialog(stack: FocusStack) -> None:
    stack.push(dialog := Layer(("question",), is_modal=True))
    assert press(stack, "j m 5 escape") == []
    assert dialog.typed == ["j", "m", "5", "escape"]


def test_what_prints_is_text_where_one_types(stack: FocusStack) -> None:
    stack.push(line := Layer(("board",), ("task.move", "cursor.down"), is_modal=True, is_typing=True))
    assert press(stack, "m 5 j") == []
    assert line.typed == ["m", "5", "j"]
    assert [each[0] for each in press(stack, "down")] == ["cursor.down"]


def test_escape_drops_a_count_before_anything_else(stack: FocusStack, board: Layer) -> None:
    assert press(stack, "5 escape escape") == [("app.cancel", None, board)]


def test_a_layer_that_goes_gives_the_keys_back(stack: FocusStack, board: Layer) -> None:
    dialog = Layer(("list",), is_modal=True)
    stack.push(dialog)
    press(stack, "g")
    stack.pop(dialog)
    assert stack.top is board
    assert not stack.pending
    stack.pop(board)
    assert stack.top is board


def test_pushing_a_layer_again_brings_it_to_the_top(stack: FocusStack) -> None:
    first, second = Layer(("detail",)), Layer(("runs",))
    stack.push(first)
    stack.push(second)
    stack.push(first)
    assert stack.top is first
    stack.pop(first)
    assert stack.top is second
    assert first not in stack
