"""The commands as items of the palette: what one did last, what acts, and movements at the end. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from fdtui.core.commands import BY_ID, COMMANDS, Group
from fdtui.core.keymap import Keymap
from fdtui.tui.focus import FocusStack
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.key_names import key_label

PALETTE = "app.palette"
_ORDER = {Group.CARD: 0, Group.BOARD: 1, Group.ANYWHERE: 2, Group.MOVE: 3}


def palette_items(focus: FocusStack, keymap: Keymap, recent: Iterable[str]) -> list[Item]:
    """All that means something here; what cannot be done says why."""
    own = [command for layer in focus.layers for command in layer.bindings()]
    places = {each.id: at for at, each in enumerate(COMMANDS)}
    latest = {each: at for at, each in enumerate(recent)}

    def place(command: str) -> tuple[int, int]:
        if command in latest:
            return -2, latest[command]
        if command not in places:  # only the pane with the keys can do it
            return -1, 0
        return _ORDER.get(BY_ID[command].group, 0), places[command]

    items: list[Item] = []
    for command in sorted(dict.fromkeys((*own, *places)), key=place):
        given = focus.command(command)
        if given is not None and command != PALETTE:
            known = BY_ID[command]
            keys = "  ".join(key_label(keys) for keys in keymap.keys_of(command))
            reason = given.layer.refuses(command)
            items.append(Item(command, known.title, keys, known.help, words=command, why_not=reason))
    return items
