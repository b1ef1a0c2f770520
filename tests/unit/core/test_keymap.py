import pytest

from fdtui.core.commands import COMMANDS
from fdtui.core.errors import ConfigError
from fdtui.core.keymap import TAKEN_KEYS, Progress, build_keymap


def test_every_default_key_gives_its_command() -> None:
    keymap = build_keymap()
    for command in COMMANDS:
        for key in command.keys:
            assert keymap.resolve(tuple(key.split())) == command.id


def test_no_default_takes_a_key_of_the_terminal() -> None:
    assert not {key for command in COMMANDS for key in command.keys} & TAKEN_KEYS


def test_ids_are_unique() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_a_chord_is_a_prefix_until_it_is_whole() -> None:
    keymap = build_keymap()
    assert keymap.resolve(("g",)) is Progress.PREFIX
    assert keymap.resolve(("g", "g")) == "cursor.top"
    assert keymap.resolve(("g", "x")) is Progress.NONE


def test_plain_moves_with_arrows_only() -> None:
    keymap = build_keymap("plain")
    assert keymap.resolve(("j",)) is Progress.NONE
    assert keymap.resolve(("down",)) == "cursor.down"
    assert keymap.resolve(("m",)) == "task.move"


def test_a_users_key_replaces_the_defaults_and_is_taken_from_its_owner() -> None:
    keymap = build_keymap(changes={"task.move": ["r"], "cursor.down": ["J", "g j"]})
    assert keymap.resolve(("r",)) == "task.move"
    assert keymap.resolve(("m",)) is Progress.NONE
    assert keymap.keys_of("board.refresh") == ()
    assert keymap.resolve(("g", "j")) == "cursor.down"


def test_a_users_key_that_starts_a_default_chord_wins() -> None:
    assert build_keymap(changes={"board.refresh": ["g"]}).resolve(("g",)) == "board.refresh"


@pytest.mark.parametrize(
    ("preset", "changes", "says"),
    [
        ("emacs", {}, "vim, plain"),
        ("vim", {"task.mov": ["m"]}, "Did you mean task.move"),
        ("vim", {"task.move": ["entre"]}, "Did you mean enter"),
        ("vim", {"task.move": ["F"], "task.open": ["F"]}, "task.move and task.open"),
        ("vim", {"task.move": ["F"], "task.open": ["F x"]}, "hides"),
    ],
)
def test_what_is_wrong_is_named(preset: str, changes: dict[str, list[str]], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        build_keymap(preset, changes)
