"""All commands that mean something now, as a list has them; those that cannot be given say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.commands import BY_ID, COMMANDS
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.key_names import key_label

if TYPE_CHECKING:
    from fdtui.core.keymap import Keymap
    from fdtui.tui.focus import FocusStack

LISTS = frozenset({"app.palette", "board.go-to"})
"""The commands that open such a list, which do not stand in it."""


def command_items(focus: FocusStack, keymap: Keymap) -> list[Item]:
    """What only the pane with the keys can do comes first, then the board's in its own order."""
    own = (command for layer in focus.layers for command in layer.bindings())
    ids = dict.fromkeys((*own, *(each.id for each in COMMANDS)))
    order = {each.id: at for at, each in enumerate(COMMANDS)}
    items: list[Item] = []
    for command in sorted(ids, key=lambda each: order.get(each, -1)):
        given = focus.command(command)
        if given is not None and command not in LISTS:
            known = BY_ID[command]
            keys = "  ".join(key_label(keys) for keys in keymap.keys_of(command))
            reason = given.layer.refuses(command)
            items.append(Item(command, known.title, note=keys, words=command, why_not=reason))
    return items
