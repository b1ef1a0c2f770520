"""A picker of actions: found by a few letters, or run by their number at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from fdtui.core.details import Action
from fdtui.tui.actionrow import DIGITS
from fdtui.tui.look import Glyphs
from fdtui.tui.widgets.picker import Item, Picker


class ActionPicker(Picker):
    """Names in whose name an action runs; a digit runs it while nothing has been typed."""

    def __init__(
        self,
        title: str,
        who: str,
        actions: Sequence[Action],
        glyphs: Glyphs,
        *,
        running: Collection[str],
        warning: str,
        chosen: Callable[[Action], object],
        closed: Callable[[], None],
        notes: Mapping[str, str] | None = None,
    ) -> None:
        by_id = {action.id: action for action in actions}
        numbers = (*DIGITS, *[" "] * len(actions))
        super().__init__(
            f"{title} {who}",
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
            chosen=lambda item: chosen(by_id[item.id]),
            closed=closed,
            nothing="No action of that name is offered now.",
        )
        self._told = warning

    def press(self, name: str, character: str | None) -> None:
        """A digit chooses while nothing has been typed."""
        at = DIGITS.find(name) if len(name) == 1 else -1
        if self.edit is not None and not self.edit.text and 0 <= at < len(self.items):
            self._choose(self.items[at])
        else:
            super().press(name, character)
