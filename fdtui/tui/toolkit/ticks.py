"""Several of a list: a box before each, ticked and unticked as one goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.picker import Item, ItemList


class Ticks(ItemList[tuple[str, ...]]):
    """Answers the ids of all that are ticked, in the order of the list; unknown ones come first."""

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        glyphs: Glyphs,
        *,
        ticked: Sequence[str],
        text: str = "",
    ) -> None:
        self._ticked = list(ticked)
        self._plain, self._marks = tuple(items), glyphs
        super().__init__(title, self._with_boxes(), glyphs, text=text)

    def _with_boxes(self) -> list[Item]:
        on, off = (self._marks.ticked, "good"), (self._marks.box, "dim")
        return [replace(each, sign=on if each.id in self._ticked else off) for each in self._plain]

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Like a list, but that there are several."""
        return ("ticks", *super().scopes)

    def bindings(self) -> Mapping[str, Handler]:
        """Tick, finish, or go on as in any list."""
        return {
            **super().bindings(),
            "ticks.tick": lambda _: self._choose(self.item),
            "ticks.done": lambda _: self._finish(),
        }

    def footer(self) -> Hints:
        """As in any list, but that there are several."""
        return (("ticks.tick", "tick"), ("ticks.done", "done"), ("list.close", "back"))

    def _finish(self) -> None:
        order = [each.id for each in self._plain]
        known = [each for each in order if each in self._ticked]
        self.answer((*(each for each in self._ticked if each not in order), *known))

    def choose(self, item: Item) -> None:
        """Tick it, or take that back."""
        if item.id in self._ticked:
            self._ticked.remove(item.id)
        else:
            self._ticked.append(item.id)
        self.show_again(self._with_boxes())
