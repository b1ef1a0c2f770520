"""Who has the keys: a stack of layers, and the one place where a key becomes a command.

The board lies at the bottom; a pane that is given the keys, and each dialog, is a layer above. A key
means what the topmost scope says of it (`fdtui.core.commands`): first in the scopes of the layer on
top, then in those below it, down to the first layer that lets nothing through. The command that it
gives is done by the topmost layer that binds it, so that ``cursor.down`` moves whatever is on top.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from fdtui.core.commands import IN_SCOPE, Scope
from fdtui.core.frozen import frozen
from fdtui.core.keymap import Keymap, Progress

MAX_COUNT = 99_999
"""A number typed before a command is cut to this."""

Hints: TypeAlias = tuple[tuple[str, str], ...]
"""Command ids and words, e.g. ``(("task.open", "open"), …)``."""

Handler: TypeAlias = Callable[[int | None], object]
"""Does a command; its argument is the number typed before it, or ``None``."""


class Layer(Protocol):
    """What can have the keys."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes whose keys count here, the most special first (see `Scope`)."""

    # It may have ``meanings``: commands of layers below that it gives another sense, with a sentence
    # for the help.
    # It may have ``letters``: keys of single answers, which are typed before any command is looked for.

    @property
    def is_modal(self) -> bool:
        """Whether no key goes past it to the layers below."""

    @property
    def is_typing(self) -> bool:
        """Whether what prints is text here, and never a command or a count."""

    def bindings(self) -> Mapping[str, Handler]:
        """Command ids to what they do here, as things stand now."""

    def refuses(self, command: str) -> str:
        """Why a command of a layer below makes no sense here, in a sentence; empty where it does."""

    def type(self, name: str, character: str | None) -> bool:
        """Take a key that gives no command; false where it means nothing here."""

    def footer(self) -> Hints:
        """What can be done here, for the last line: command ids, each with a word for it."""


def declared_hints(*scopes: str) -> Hints:
    """The commands of these scopes that have a word for the footer."""
    return tuple(
        (each.id, each.footer) for name in scopes for each in IN_SCOPE[Scope(name)] if each.footer
    )


@frozen
class Given:
    """A command that a key has given: its id, the number before it, and who does it."""

    command: str
    count: int | None
    layer: Layer
    """The topmost layer that binds the command or refuses it."""


class FocusStack:
    """The layers, and what has been typed of a command so far."""

    def __init__(self, keymap: Keymap, bottom: Layer) -> None:
        self._keymap = keymap
        self._layers: list[Layer] = [bottom]
        self._keys: tuple[str, ...] = ()
        self._count = ""

    # The stack

    @property
    def top(self) -> Layer:
        """The layer that has the keys."""
        return self._layers[-1]

    @property
    def bottom(self) -> Layer:
        """The layer below all others."""
        return self._layers[0]

    def begin_with(self, bottom: Layer) -> None:
        """Lay ``bottom`` below all others, for a layer that needs what it will be the bottom of."""
        self._layers[0] = bottom

    @property
    def layers(self) -> tuple[Layer, ...]:
        """From the top down to the first that lets nothing through."""
        seen: list[Layer] = []
        for layer in reversed(self._layers):
            seen.append(layer)
            if layer.is_modal:
                break
        return tuple(seen)

    @property
    def stack(self) -> tuple[Layer, ...]:
        """All of them, from the top down."""
        return tuple(reversed(self._layers))

    def __contains__(self, layer: object) -> bool:
        return any(each is layer for each in self._layers)

    @property
    def pane(self) -> Layer:
        """The topmost layer that is no dialog."""
        return next(each for each in reversed(self._layers) if not each.is_modal)

    def push(self, layer: Layer) -> None:
        """Give the keys to ``layer``; a pane goes under the dialogs, and has them when those are gone.

        A layer that is in the stack already comes to its top.
        """
        self.pop(layer)
        at = len(self._layers)
        while not layer.is_modal and self._layers[at - 1].is_modal:
            at -= 1
        self._layers.insert(at, layer)
        self.forget()

    def pop(self, layer: Layer) -> None:
        """Take a layer away, wherever it is; the bottom stays."""
        rest = [each for each in self._layers[1:] if each is not layer]
        if len(rest) + 1 != len(self._layers):
            self._layers[1:] = rest
            self.forget()

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes whose keys count now, in the order in which they are asked."""
        return tuple(dict.fromkeys(Scope(name) for layer in self.layers for name in layer.scopes))

    # Keys

    @property
    def pending(self) -> str:
        """What has been typed of a command, for the footer; empty for nothing."""
        return " ".join(part for part in (self._count, *self._keys) if part)

    @property
    def following(self) -> tuple[tuple[str, str], ...]:
        """What may be typed after the keys so far: the rest of each command's keys, and its id."""
        found: dict[str, str] = {}
        for scope in self.scopes if self._keys else ():
            for keys, command in self._keymap.begun(self._keys, scope):
                if self.command(command) is not None:
                    found.setdefault(" ".join(keys), command)
        return tuple(found.items())

    def forget(self) -> bool:
        """Drop what has been typed of a command; false where there was nothing."""
        had = bool(self._count or self._keys)
        self._keys, self._count = (), ""
        return had

    def press(self, name: str, character: str | None) -> Given | None:
        """The command that is complete with this key; ``None`` where it is none, or text."""
        top = self.top
        if name in getattr(top, "letters", ()):
            top.type(name, character)
            return None
        if top.is_typing and character is not None and len(name) == 1:
            top.type(name, character)
            return None
        if name == "escape" and self.forget():
            return None
        if not top.is_modal and self._is_count(name):
            self._count = str(min(int(self._count + name), MAX_COUNT))
            return None
        keys = (*self._keys, name)
        found = self._resolve(keys)
        if found is Progress.PREFIX:
            self._keys = keys
            return None
        count = int(self._count) if self._count else None
        had_chord = bool(self._keys)
        self.forget()
        if isinstance(found, Progress):
            if not had_chord:
                top.type(name, character)
            return None
        return Given(found.command, count, found.layer)

    def meaning(self, name: str) -> str | None:
        """The command that the key would give; ``None`` where it gives none."""
        top = self.top
        if name in getattr(top, "letters", ()) or (top.is_typing and len(name) == 1):
            return None
        found = self._resolve((*self._keys, name))
        return None if isinstance(found, Progress) else found.command

    def means(self, name: str) -> bool:
        """Whether the key would be a command, or go on with one."""
        return self._resolve((*self._keys, name)) is not Progress.NONE

    def command(self, command: str, count: int | None = None) -> Given | None:
        """The command with who does it, wherever it comes from; ``None`` where nobody does it."""
        for layer in self.layers:
            if layer.refuses(command) or command in layer.bindings():
                return Given(command, count, layer)
        return None

    def _resolve(self, keys: tuple[str, ...]) -> Given | Progress:
        """The command of the topmost scope that has one that a layer does here."""
        is_prefix = False
        for scope in self.scopes:
            found = self._keymap.resolve(keys, scope)
            if found is Progress.PREFIX:
                is_prefix = True
            elif not isinstance(found, Progress) and (given := self.command(found)) is not None:
                return Progress.PREFIX if is_prefix else given
        return Progress.PREFIX if is_prefix else Progress.NONE

    def _is_count(self, name: str) -> bool:
        if self._keys or len(name) != 1 or name not in "0123456789":
            return False
        return bool(self._count) or self._resolve((name,)) is Progress.NONE
