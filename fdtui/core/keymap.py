"""Which keys give which command: presets, the user's own keys, chords such as ``g g``.

Key names are the character itself for what prints (``j``, ``G``, ``$``, ``?``) and a word for the
rest (``enter``, ``escape``, ``tab``, ``space``, ``up``, ``pagedown``, ``ctrl+d``, ``f5``).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeAlias

from fdtui.core.commands import BY_ID, IN_SCOPE, Scope
from fdtui.core.errors import ConfigError, all_of
from fdtui.core.frozen import frozen

PRESETS = ("vim", "plain")
_PLAIN_KEEPS = frozenset(
    {"down", "up", "left", "right", "home", "end", "pagedown", "pageup", "tab", "enter", "escape"}
)
_NAMED = _PLAIN_KEEPS | {"space", "backspace", "delete", "insert"} | {f"f{n}" for n in range(1, 13)}
_WITH_CTRL = frozenset("abcdefghijklmnopqrstuvwxyz")
_SAME_AS = {"i": "tab", "m": "enter", "[": "escape"}
_BEGINS_SEQUENCES = frozenset("[]OPX^_")

MAX_CHORD = 8
"""Keys that one after another may give a command."""

RENAMED: Mapping[str, str] = {"task.mend": "task.fix"}
"""Ids that a user's ``[keys]`` may still hold, and the commands that they now give."""


class KeySettingError(ConfigError):
    """Something wrong with the keys of ``command``; ``what`` is the sentence without its place."""

    def __init__(self, command: str, what: str, hint: str = "") -> None:
        what = what.rstrip(".")
        super().__init__(f"keys: {what}.", hint)
        self.command, self.what = command, what


class Progress(Enum):
    """What a sequence of keys amounts to so far."""

    NONE = "none"
    PREFIX = "prefix"


Sequence: TypeAlias = tuple[str, ...]
"""Keys in the order they are pressed, e.g. ``("g", "g")``."""


@frozen
class Keymap:
    """Key sequences to command ids, for each scope."""

    scopes: Mapping[Scope, Mapping[Sequence, str]]

    def resolve(self, pressed: Sequence, scope: Scope = Scope.BOARD) -> str | Progress:
        """The command that ``pressed`` gives in ``scope``, or whether more keys may make one."""
        sequences = self.scopes.get(scope, {})
        command = sequences.get(pressed)
        if command is not None:
            return command
        size = len(pressed)
        if any(sequence[:size] == pressed for sequence in sequences):
            return Progress.PREFIX
        return Progress.NONE

    def begun(self, pressed: Sequence, scope: Scope = Scope.BOARD) -> Iterator[tuple[Sequence, str]]:
        """The commands of ``scope`` that ``pressed`` begins, each with the keys that are left of it."""
        size = len(pressed)
        for sequence, command in self.scopes.get(scope, {}).items():
            if len(sequence) > size and sequence[:size] == pressed:
                yield sequence[size:], command

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, for people to read."""
        sequences = self.scopes.get(BY_ID[command_id].scope, {})
        return tuple(" ".join(keys) for keys, command in sequences.items() if command == command_id)


def build_keymap(preset: str = "vim", changes: Mapping[str, Iterable[str]] | None = None) -> Keymap:
    """The keymap of ``preset`` with the user's ``changes`` (command id to its new keys).

    A key that the user gives to one command is taken from any other of its scope that had it by
    default. The preset ``plain`` leaves out the letters that move.

    Raises `ConfigError` naming the id or key that is wrong and the nearest right one.
    """
    if preset not in PRESETS:
        raise ConfigError(f"keys.preset is “{preset}”; it is one of: {', '.join(PRESETS)}.")
    own, mistakes = read_keys(changes or {})
    if mistakes:
        raise all_of(mistakes)
    changed = frozenset(RENAMED.get(command, command) for command in changes or {})
    return Keymap({scope: _with_defaults(scope, preset, own.get(scope, {}), changed) for scope in Scope})


def _with_defaults(
    scope: Scope, preset: str, own: Mapping[Sequence, str], changed: frozenset[str]
) -> dict[Sequence, str]:
    """The user's own keys of a scope, and the defaults that they leave alone."""
    sequences = dict(own)
    for each in IN_SCOPE[scope]:
        for key in () if each.id in changed else each.keys:
            sequence = tuple(key.split())
            kept = preset == "vim" or each.group != "Move" or key in _PLAIN_KEEPS
            shadowed = any(sequence[:size] in sequences for size in range(1, len(sequence) + 1))
            # A default that is the beginning of the user's own would hide it.
            if kept and not shadowed and not any(each[: len(sequence)] == sequence for each in own):
                sequences[sequence] = each.id
    return sequences


def read_keys(
    changes: Mapping[str, Iterable[str]],
) -> tuple[dict[Scope, dict[Sequence, str]], list[KeySettingError]]:
    """The sequences that ``changes`` gives in each scope, and all that is wrong with them.

    An id that was renamed gives the command by its present id; a mistake names it as it is written.
    """
    scopes: dict[Scope, dict[Sequence, str]] = {}
    mistakes: list[KeySettingError] = []
    for command, keys in changes.items():
        known = BY_ID.get(RENAMED.get(command, command))
        if known is None:
            mistakes.append(_unknown(command))
        given = known.id if known is not None else command
        sequences = scopes.setdefault(known.scope if known is not None else Scope.BOARD, {})
        for key in [keys] if isinstance(keys, str) else keys:
            sequence = tuple(key.split(None, MAX_CHORD))
            if len(sequence) > MAX_CHORD:
                mistakes.append(_too_long(command))
                continue
            mistakes += [wrong for name in sequence if (wrong := _why_no_key(command, name))]
            if sequence and sequences.setdefault(sequence, given) != given:
                what = f"“{key}” is given to {sequences[sequence]} and {given}"
                mistakes.append(KeySettingError(command, what, "Give it to one of them in [keys]."))
    return scopes, mistakes + [each for own in scopes.values() for each in _hidden(own)]


def _unknown(command: str) -> KeySettingError:
    near = difflib.get_close_matches(command, BY_ID, 1)
    hint = f"Did you mean {near[0]}?" if near else "`?` in the program lists them."
    return KeySettingError(command, f"there is no command “{command}”", hint)


def _too_long(command: str) -> KeySettingError:
    what = f"{command} would need more than {MAX_CHORD} keys in a row"
    return KeySettingError(command, what, 'Write keys of the same command apart: ["j", "down"].')


def _why_no_key(command: str, name: str) -> KeySettingError | None:
    bare = name.removeprefix("ctrl+").removeprefix("alt+").removeprefix("shift+")
    if len(bare) == 1 or bare in _NAMED:
        reason = unsendable(name)
        if reason is None:
            return None
        return KeySettingError(command, f"“{name}” for {command} never arrives: {reason[0]}", reason[1])
    near = difflib.get_close_matches(bare, _NAMED, 1)
    hint = f"Did you mean {near[0]}?" if near else ""
    return KeySettingError(command, f"“{name}” for {command} is no key", hint)


def unsendable(name: str) -> tuple[str, str] | None:
    """Why no terminal sends a key under this name, and what to write instead; ``None`` if one does.

    Alt is an escape before the key; ctrl has a code of its own with few characters.
    """
    modifiers, _, key = name.rpartition("+") if len(name) > 1 else ("", "", name)
    held = modifiers.split("+") if modifiers else []
    if not held or len(key) != 1:
        return None
    if "ctrl" in held and key in _SAME_AS:
        return (
            f"terminals send {_SAME_AS[key]} for it.",
            f"Write “{_SAME_AS[key]}”, or take another key.",
        )
    if "ctrl" in held and key.lower() not in _WITH_CTRL:
        return f"terminals send nothing for ctrl with “{key}”.", "With ctrl take a letter from a to z."
    if "ctrl" in held and (key.isupper() or "shift" in held):
        return "terminals send the same for ctrl with and without shift.", f"Write “ctrl+{key.lower()}”."
    if "shift" in held:
        upper = key.upper() if key.isalpha() else key
        return "terminals send the character itself.", f"Write “{upper}”."
    if "alt" in held and key in _BEGINS_SEQUENCES:
        return f"alt with “{key}” begins the codes of other keys.", "Take another key."
    return None


def _hidden(sequences: Mapping[Sequence, str]) -> list[KeySettingError]:
    """What can never be typed, for its beginning is a command of its own."""
    return [
        KeySettingError(
            command, f"“{' '.join(sequence[:size])}” ({other}) hides “{' '.join(sequence)}” ({command})"
        )
        for sequence, command in sequences.items()
        for size in range(1, len(sequence))
        if (other := sequences.get(sequence[:size])) is not None
    ]
