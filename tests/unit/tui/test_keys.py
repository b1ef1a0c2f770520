from collections.abc import Mapping

from fdtui.core.commands import COMMANDS, IN_SCOPE, Scope
from fdtui.core.keymap import build_keymap
from fdtui.tui.board.help import NOTES, help_lines, note_on
from fdtui.tui.focus import FocusStack, Handler
from fdtui.tui.preferences import UNICODE


class Everything:
    """A board that does whatever it is told."""

    scopes = ("board",)
    is_modal = is_typing = False

    def bindings(self) -> Mapping[str, Handler]:
        return {each.id: lambda _: None for each in COMMANDS}

    def refuses(self, command: str) -> str:
        return ""

    def type(self, name: str, character: str | None) -> bool:
        return False

    def footer(self) -> tuple[tuple[str, str], ...]:
        return ()


def pressed(stack: FocusStack, key: str) -> tuple[str, int | None] | None:
    given = stack.press(key, key if len(key) == 1 else None)
    return (given.command, given.count) if given is not None else None


def typed(keys: str) -> list[tuple[str, int | None]]:
    stack = FocusStack(build_keymap(), Everything())
    return [given for key in keys.split() if (given := pressed(stack, key)) is not None]


def test_a_count_repeats() -> None:
    assert typed("1 2 j") == [("cursor.down", 12)]


def test_zero_alone_is_a_command_and_after_a_digit_a_digit() -> None:
    assert typed("0") == [("column.first", None)]
    assert typed("1 0 j") == [("cursor.down", 10)]


def test_a_chord_needs_both_keys() -> None:
    assert typed("g g") == [("cursor.top", None)]
    assert typed("3 g g") == [("cursor.top", 3)]
    assert typed("g x j") == [("cursor.down", None)]


def test_escape_forgets_and_is_then_a_command_again() -> None:
    assert typed("5 escape j") == [("cursor.down", None)]
    assert typed("g escape g escape") == []
    assert typed("escape") == [("app.cancel", None)]


def test_a_count_stays_with_its_command_so_that_one_can_say_it_means_nothing() -> None:
    assert typed("5 m") == [("task.move", 5)]


def test_a_count_has_a_limit() -> None:
    assert typed("9 " * 30 + "j") == [("cursor.down", 99_999)]


def test_what_is_pending_can_be_shown() -> None:
    sequence = FocusStack(build_keymap(), Everything())
    pressed(sequence, "5")
    pressed(sequence, "g")
    assert sequence.pending == "5 g"


def test_the_users_own_keys_count() -> None:
    sequence = FocusStack(
        build_keymap("vim", {"task.move": ["x y"], "cursor.down": ["5"]}), Everything()
    )
    assert pressed(sequence, "5") == ("cursor.down", None)
    assert pressed(sequence, "x") is None
    assert pressed(sequence, "y") == ("task.move", None)


def test_no_title_runs_into_what_it_does() -> None:
    for width in (80, 120):
        for line in help_lines(build_keymap(), [Scope.BOARD], width, UNICODE):
            texts = [text for text, _ in line]
            assert len(texts) < 3 or not texts[1].strip() or texts[1].endswith(" "), texts


def test_the_help_of_a_place_begins_with_every_key_of_that_place() -> None:
    """That of the filter with its language."""
    for scope in Scope:
        own = [command for command in IN_SCOPE[scope] if scope is not Scope.BOARD]
        lines = [
            "".join(text for text, _ in line)
            for line in help_lines(build_keymap(), [scope, Scope.BOARD], 80, UNICODE)
        ]
        assert lines[0] == f"Help for {scope.place}"
        named = "\n".join(lines if scope is Scope.FILTER else lines[: 4 + 2 * len(own)])
        assert all(command.title.rstrip(" 123456789")[:20] in named for command in own), (scope, named)
        assert all(len(line) <= 80 for line in lines)


def test_a_note_of_the_help_has_the_users_own_keys() -> None:
    keymap = build_keymap(changes={"form.save": ["f5"]})
    assert "f5 saves" in note_on("task.edit", keymap, "-")
    assert all("{" not in note_on(command, keymap, "-") for command in NOTES)
