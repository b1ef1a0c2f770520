"""A picker of actions: found by a few letters, or run by their number at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from fdtui.core.details import Action
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.actions import ACTION_KEYS_SHOWN
from fdtui.tui.toolkit.picker import Item, ItemList


class ActionPicker(ItemList[Action]):
    """Answers the action that is chosen; a digit chooses it while nothing has been typed."""

    eye_time = 0.0
    """Who knows the number need not read the list."""

    def __init__(
        self,
        title: str,
        actions: Sequence[Action],
        glyphs: Glyphs,
        *,
        running: Collection[str] = (),
        warning: str,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        self._by_id = {action.id: action for action in actions}
        numbers = (*ACTION_KEYS_SHOWN, *[" "] * len(actions))
        super().__init__(
            title,
            [
                Item(
                    action.id,
                    action.name,
                    sign=(number, "bold accent"),
                    note=f"{glyphs.running} running"
                    if action.id in running
                    else (notes or {}).get(action.id, ""),
                    why_not="It is already running on this task." if action.id in running else "",
                )
                for number, action in zip(numbers, actions, strict=False)
            ],
            glyphs,
            nothing="No action of that name is offered now.",
        )
        self.told = warning

    def is_final(self, command: str) -> bool:
        """To run an action is: no key does that which came together with the one that opened it."""
        return command == "list.choose"

    def choose(self, item: Item) -> None:
        """Answer the action."""
        self.answer(self._by_id[item.id])

    def irreversible(self, name: str) -> bool:
        """So it is by its number."""
        return name in self._digits

    @property
    def _digits(self) -> str:
        return (
            ACTION_KEYS_SHOWN[: len(self.items)] if self.edit is not None and not self.edit.text else ""
        )

    def type(self, name: str, character: str | None) -> bool:
        """A digit chooses while nothing has been typed."""
        if len(name) == 1 and name in self._digits:
            self._choose(self.items[ACTION_KEYS_SHOWN.index(name)])
            return True
        return super().type(name, character)
