"""Which keys give which command: presets, the user's own keys, chords such as ``g g``.

Key names are the character itself for what prints (``j``, ``G``, ``$``, ``?``) and a word for the
rest (``enter``, ``escape``, ``tab``, ``space``, ``up``, ``pagedown``, ``ctrl+d``, ``f5``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from enum import Enum

from fdtui.core.commands import BY_ID, COMMANDS
from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen

PRESETS = ("vim", "plain")
_PLAIN_KEEPS = frozenset(
    {"down", "up", "left", "right", "home", "end", "pagedown", "pageup", "tab", "enter", "escape"}
)
_NAMED = _PLAIN_KEEPS | {"space", "backspace", "delete", "insert"} | {f"f{n}" for n in range(1, 13)}
TAKEN_KEYS = frozenset({"ctrl+h", "ctrl+j", "ctrl+k", "ctrl+l", "ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q"})
"""Keys that tmux, screen and terminals take for themselves; no default uses them."""


class Progress(Enum):
    """What a sequence of keys amounts to so far."""

    NONE = "none"
    PREFIX = "prefix"


@frozen
class Keymap:
    """Key sequences to command ids."""

    sequences: Mapping[tuple[str, ...], str]

    def resolve(self, pressed: tuple[str, ...]) -> str | Progress:
        """The command that ``pressed`` gives, or whether more keys may make one."""
        command = self.sequences.get(pressed)
        if command is not None:
            return command
        size = len(pressed)
        if any(sequence[:size] == pressed for sequence in self.sequences):
            return Progress.PREFIX
        return Progress.NONE

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, for people to read."""
        return tuple(" ".join(s) for s, command in self.sequences.items() if command == command_id)


def build_keymap(preset: str = "vim", changes: Mapping[str, Iterable[str]] | None = None) -> Keymap:
    """The keymap of ``preset`` with the user's ``changes`` (command id to its new keys).

    A key that the user gives to one command is taken from any other that had it by default.

    Raises `ConfigError` naming the id or key that is wrong and the nearest right one.
    """
    if preset not in PRESETS:
        raise ConfigError(f"keys.preset is “{preset}”; it is one of: {', '.join(PRESETS)}.")
    own = {_known(command): _parsed(command, keys) for command, keys in (changes or {}).items()}
    sequences: dict[tuple[str, ...], str] = {}
    for command, given in own.items():
        for sequence in given:
            if sequences.setdefault(sequence, command) != command:
                raise ConfigError(
                    f"keys: “{' '.join(sequence)}” is given to {sequences[sequence]} and {command}.",
                    "Give it to one of them in [keys].",
                )
    _check_prefixes(sequences)
    begun = tuple(sequences)  # a default that is the beginning of the user's own would hide it
    for each in COMMANDS:
        if each.id in own:
            continue
        for key in each.keys:
            sequence = tuple(key.split())
            kept = preset == "vim" or each.group != "Move" or key in _PLAIN_KEEPS
            shadowed = any(sequence[:size] in sequences for size in range(1, len(sequence) + 1))
            if kept and not shadowed and not any(own[: len(sequence)] == sequence for own in begun):
                sequences[sequence] = each.id
    return Keymap(sequences)


def _known(command_id: str) -> str:
    if command_id in BY_ID:
        return command_id
    near = difflib.get_close_matches(command_id, BY_ID, 1)
    hint = f"Did you mean {near[0]}?" if near else "`?` in the program lists them."
    raise ConfigError(f"keys: there is no command “{command_id}”.", hint)


def _parsed(command_id: str, keys: Iterable[str]) -> list[tuple[str, ...]]:
    sequences = []
    for key in [keys] if isinstance(keys, str) else keys:
        sequence = tuple(key.split())
        for name in sequence:
            bare = name.removeprefix("ctrl+").removeprefix("alt+").removeprefix("shift+")
            if len(bare) != 1 and bare not in _NAMED:
                near = difflib.get_close_matches(bare, _NAMED, 1)
                hint = f"Did you mean {near[0]}?" if near else ""
                raise ConfigError(f"keys: “{name}” for {command_id} is no key.", hint)
        if sequence:
            sequences.append(sequence)
    return sequences


def _check_prefixes(sequences: Mapping[tuple[str, ...], str]) -> None:
    for sequence, command in sequences.items():
        for size in range(1, len(sequence)):
            other = sequences.get(sequence[:size])
            if other is not None:
                hidden, short = " ".join(sequence), " ".join(sequence[:size])
                raise ConfigError(f"keys: “{short}” ({other}) hides “{hidden}” ({command}).")
