import pytest

from fdtui.core.commands import BY_ID, COMMANDS
from fdtui.core.errors import ConfigError
from fdtui.core.keymap import RENAMED, Progress, build_keymap

TAKEN_KEYS = frozenset({"ctrl+h", "ctrl+j", "ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q"})
"""Keys that tmux, screen and terminals take for themselves; no default uses them."""


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


def test_the_old_id_of_a_renamed_command_still_gives_it() -> None:
    keymap = build_keymap(changes={"task.mend": ["F"]})
    assert keymap.resolve(("F",)) == "task.fix"
    assert keymap.keys_of("task.fix") == ("F",)


def test_the_old_and_the_new_id_of_a_command_may_share_a_key() -> None:
    keymap = build_keymap(changes={"task.mend": ["F", "&"], "task.fix": ["F"]})
    assert keymap.keys_of("task.fix") == ("F", "&")


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_renamed_command_has_an_id_of_today(old: str, new: str) -> None:
    assert old not in BY_ID
    assert new in BY_ID


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


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("ctrl+ö", "nothing for ctrl"),
        ("ctrl+1", "nothing for ctrl"),
        ("ctrl+i", "tab"),
        ("ctrl+m", "enter"),
        ("ctrl+L", "with and without shift"),
        ("shift+l", "“L”"),
        ("alt+[", "codes of other keys"),
    ],
)
def test_a_key_that_no_terminal_sends_is_refused(key: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build_keymap(changes={"board.refresh": (key,)})
    assert why in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    "key", ["alt+l", "alt+L", "ctrl+l", "alt+enter", "shift+tab", "ctrl+left", "ö", "f5"]
)
def test_a_key_that_terminals_send_is_taken(key: str) -> None:
    assert build_keymap(changes={"board.refresh": (key,)}).resolve((key,)) == "board.refresh"
