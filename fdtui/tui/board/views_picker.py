"""The views of a workflow to choose from, each with its digit, and what can be done with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.views import ALL_CARDS, Arrangement, NamedView
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.frame import BORDER
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.picker import MAX_ROWS, PICKER_WIDTH, Item, ItemList

DIGITS = 9
"""Tabs that have a digit."""


class ViewDeed(Enum):
    """What can be done with a view."""

    SHOW = "show"
    NEW = "new"
    SAVE = "save"
    RENAME = "rename"
    DEFAULT = "default"
    EARLIER = "earlier"
    LATER = "later"
    ACROSS = "across"
    DELETE = "delete"


@frozen
class ViewWish:
    """What is to be done, and with which tab; 0 is the board without a view."""

    deed: ViewDeed
    tab: int = 0


class ViewsPicker(ItemList[ViewWish]):
    """Answers what is to be done; whoever does it opens the list again."""

    def __init__(
        self, views: Sequence[NamedView], shown: int, is_changed: bool, glyphs: Glyphs, *, start: int
    ) -> None:
        """``shown`` is the tab that the board shows, ``is_changed`` whether it was changed since."""
        items = [_item(0, ALL_CARDS, "no view" if shown else "now", shown == 0)]
        for tab, view in enumerate(views, 1):
            words = "now, changed" if is_changed else "now"
            parts = [words if tab == shown else "", "default" if view.is_default else ""]
            parts.append("several workflows" if view.spans else "")
            says = f" {glyphs.middot} ".join(filter(None, (*parts, described(view.shows))))
            items.append(_item(tab, view.name, says, tab == shown))
        super().__init__("Views", items, glyphs, start=start, searchable=False, reversible=True)

    def place(self) -> None:
        """As wide as a list can be: a view says what it shows."""
        self.fit(PICKER_WIDTH, max(6, min(MAX_ROWS, len(self.items)) + self._head + BORDER + 1))

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """A list with keys of its own."""
        return ("views", *super().scopes)

    @property
    def letters(self) -> frozenset[str]:
        """The digits of the tabs."""
        return frozenset(str(tab + 1) for tab in range(min(DIGITS, len(self.items))))

    def _by_letter(self, name: str) -> Item | None:
        return self.items[int(name) - 1] if name in self.letters else None

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done with the view under the bar; the board without one can only be shown."""
        deeds = (ViewDeed.NEW,) if self.at == 0 else tuple(ViewDeed)[1:]
        return {**super().bindings(), **{f"views.{each.value}": self._doing(each) for each in deeds}}

    def _doing(self, deed: ViewDeed) -> Handler:
        return lambda _: self.answer(ViewWish(deed, self.at))

    def footer(self) -> Hints:
        """The same, in words."""
        known = self.bindings()
        words = (
            *(("list.choose", "show"), ("views.new", "new"), ("views.save", "save")),
            *(("views.rename", "rename"), ("views.default", "default"), ("views.later", "move")),
            *(("views.across", "all workflows"), ("views.delete", "delete"), ("list.close", "back")),
        )
        return tuple(each for each in words if each[0] in known)

    def choose(self, item: Item) -> None:
        """Show that view."""
        self.answer(ViewWish(ViewDeed.SHOW, int(item.id)))


def _item(tab: int, name: str, note: str, is_shown: bool) -> Item:
    digit = str(tab + 1) if tab < DIGITS else ""
    role = "bold accent" if is_shown else "accent"
    return Item(str(tab), safe(name), note=note, sign=(digit or " ", role))


def described(shows: Arrangement) -> str:
    """What an arrangement shows, in a few words."""
    parts = [shows.filter, f"by {shows.sort}" if shows.sort else ""]
    parts.append(f"grouped by {shows.group}" if shows.group else "")
    return ", ".join(filter(None, parts)) or "every card"
