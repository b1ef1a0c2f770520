"""A short list to choose from: stages, people, workflows, commands. Type to narrow it down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from textual import events

from fdtui.core.frozen import replace
from fdtui.core.fuzzy import fuzzy
from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, Piece, cut, line_width, spread, width_of, wrap
from fdtui.tui.toolkit.frame import BORDER, PANEL, Frame
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.line_editor import LineEditor
from fdtui.tui.toolkit.overlay import Handler, Hints

__all__ = ["HARMLESS", "Item", "ItemList", "Picker"]

T = TypeVar("T")
PICKER_WIDTH = 64
DESCRIBED_WIDTH = 96
"""Cells of a list whose items are described."""
MOST_TITLE = 24
"""Cells that titles share, where they are described; what is longer takes more."""
LEAST_ABOUT = 8
"""Cells below which a description says nothing."""
MAX_ROWS = 14
HARMLESS = frozenset({"keep", "no", "stay", "save", "wait", "make", "copy"})
"""The choices of questions after which nothing is lost."""


class ItemList(Frame[T]):
    """Draws a title, a line to type into and the items that fit it, best first."""

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        glyphs: Glyphs,
        *,
        start: int = 0,
        searchable: bool = True,
        free: Callable[[str], Item | None] | None = None,
        nothing: str = "Nothing fits.",
        text: str = "",
        changed: Callable[[], object] = lambda: None,
        reversible: bool = False,
    ) -> None:
        """``free`` makes an item of what is typed, all of it; ``changed`` is called at each letter."""
        super().__init__(title, glyphs)
        self._reversible = reversible or searchable
        self.items = tuple(items)
        self._nothing, self._free = nothing, free
        self.edit = LineEditor(text) if searchable else None
        self._changed = changed
        self._searched = ""
        self.found: tuple[tuple[Item, tuple[int, ...]], ...] = tuple((item, ()) for item in self.items)
        self.at = max(0, min(start, len(self.found) - 1))
        self._top = 0
        longest = max((width_of(each.text) for each in self.items if each.about), default=0)
        self._described_at = min(MOST_TITLE, longest)
        """Cells that titles have before what is said of them."""
        if text:
            self._search()

    @property
    def item(self) -> Item | None:
        """The item under the bar."""
        return self.found[self.at][0] if self.at < len(self.found) else None

    @property
    def _head(self) -> int:
        return 3 if self.edit is not None else 2

    def place(self) -> None:
        """In the middle, a third from the top; as wide and high as it has to be."""
        widest = DESCRIBED_WIDTH if any(item.about for item in self.items[:1]) else PICKER_WIDTH
        texts = [
            sum(map(width_of, (safe(i.text[:200]), i.note, i.about, i.sign[0], i.letter)))
            + (11 if i.about else 10)
            for i in self.items[:200]
        ]
        nothing = width_of(self._nothing) + 6 if self._free is not None else 0
        wanted = (width_of(self.heading) + 6, 40, nothing, *texts)
        lines = len(wrap(self._nothing, self.room_for(min(widest, max(wanted)))))
        rows = min(MAX_ROWS, max(lines if self._free is not None else 1, len(self.items)))
        self.fit(min(widest, max(wanted)), max(5, rows + self._head + BORDER + 1))

    def on_resize(self) -> None:
        """Keep the bar in view."""
        self._reveal()

    def tell(self, notes: Mapping[str, str]) -> None:
        """Say something else at the edge of some items, by their ids."""
        self.items = tuple(replace(each, note=notes.get(each.id, each.note)) for each in self.items)
        known = {each.id: each for each in self.items}
        self.found = tuple((known.get(item.id, item), places) for item, places in self.found)
        self.refresh()

    def show_again(self, items: Iterable[Item]) -> None:
        """Search ``items`` from now on; the bar stays at its place."""
        at, self.items = self.at, tuple(items)
        self._search()
        self.at = min(at, max(0, len(self.found) - 1))
        self._reveal()
        self.refresh()

    # Keys

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """A list, and a line to type into where it is searched."""
        return ("list",) if self.edit is None else ("list", "text")

    @property
    def is_typing(self) -> bool:
        """Where the list is searched."""
        return self.edit is not None

    @property
    def letters(self) -> frozenset[str]:
        """Those of the items, where no text is typed."""
        return frozenset(item.letter for item in self.items if item.letter and self.edit is None)

    def bindings(self) -> Mapping[str, Handler]:
        """Move the bar, choose, leave; and what the line to type into can do."""
        page = max(1, self._rows - 1)
        return {
            **(self.edit.bindings(self._edited) if self.edit is not None else {}),
            "list.choose": lambda _: self._choose(self.item),
            "list.down": lambda _: self.move(1),
            "list.up": lambda _: self.move(-1),
            "list.page-down": lambda _: self.move(page),
            "list.page-up": lambda _: self.move(-page),
            "list.close": lambda _: self.answer(),
        }

    def footer(self) -> Hints:
        """How to choose, and to leave."""
        return (("list.choose", "choose"), ("list.close", "back"))

    def type(self, name: str, character: str | None) -> bool:
        """Narrow the list down, or choose by a letter."""
        self.told = ""
        if self.edit is None:
            self._choose(self._by_letter(name))
            return True
        if not self.edit.text and name.isdecimal() and (item := self._by_letter(name)) is not None:
            self._choose(item)
            return True
        typed = self.edit.type(name, character)
        self._edited()
        return typed

    def _edited(self) -> None:
        if self.edit is not None and self.edit.text != self._searched:
            self._search()
            self._changed()
        self.refresh()

    def move(self, step: int) -> None:
        """Move the bar by this many items."""
        self.told = ""
        self.at = max(0, min(self.at + step, len(self.found) - 1))
        self._reveal()
        self.refresh()

    def is_final(self, command: str) -> bool:
        """In a question, to choose what does not leave things as they are."""
        return command == "list.choose" and self._loses(self.item)

    def irreversible(self, name: str) -> bool:
        """The same for the letters of the items."""
        return self.edit is None and self._loses(self._by_letter(name))

    def _loses(self, item: Item | None) -> bool:
        return not self._reversible and item is not None and item.id not in HARMLESS

    def _by_letter(self, name: str) -> Item | None:
        return next((item for item in self.items if item.letter == name), None)

    def _choose(self, item: Item | None) -> None:
        if item is not None and item.why_not:
            self.told = item.why_not
            self.refresh()
        elif item is not None:
            self.choose(item)

    def choose(self, item: Item) -> None:
        """Do what it means to choose an item that can be chosen."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Type it."""
        if self.edit is not None:
            self.told = self.edit.paste(text)
            self._edited()

    def _search(self) -> None:
        typed = self._searched = self.edit.text if self.edit is not None else ""
        query = typed.strip()[:200]
        if not query:
            self.found = tuple((item, ()) for item in self.items)
        else:
            scored = []
            for order, item in enumerate(self.items):
                by_text = fuzzy(query, item.text[:500])
                hit = by_text or fuzzy(query, item.note[:500]) or fuzzy(query, item.words)
                if hit is not None:
                    scored.append((-hit[0], order, item, by_text[1] if by_text else ()))
            scored.sort(key=lambda each: each[:2])
            self.found = tuple((item, places) for _, _, item, places in scored)
        extra = self._free(typed) if self._free is not None and typed.strip() else None
        if extra is not None:
            self.found += ((extra, ()),)
        self.at = 0
        self._reveal()

    @property
    def _rows(self) -> int:
        return max(1, self.content_size.height - self._head - 1)

    def _reveal(self) -> None:
        if not self._top <= self.at < self._top + self._rows:
            self._top = max(0, self.at - self._rows // 2)
        self._top = max(0, min(self._top, len(self.found) - self._rows))

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The title, the line to type into, the items, and what is said of one."""
        if y == 0:
            note = f"{len(self.found)}" if len(self.found) > self._rows else ""
            return self.title_line(width, note), PANEL
        if y == 1 and self.edit is not None:
            prompt: Line = ((f"{self.glyphs.more} ", "bold accent"),)
            hint: Line = () if self.edit.text else (("type to search", "dim"),)
            return spread(
                (*prompt, *self.edit.line(width - 2)), hint, width, "text", self.glyphs.cut
            ), PANEL
        if y == self._head - 1:
            return self.rule_line(width), PANEL
        if y == self._head + self._rows:
            return self.told_line(), PANEL
        at = self._top + y - self._head
        if at >= len(self.found):
            words = wrap(self._nothing, width) if not self.found else []
            return ((words[at] if at < len(words) else "", "italic dim"),), PANEL
        return self._item_line(at, width)

    def _item_line(self, at: int, width: int) -> tuple[Line, str]:
        item, places = self.found[at]
        here = at == self.at
        bar = (f"{self.glyphs.bar} " if here else "  ", "accent")
        role = "dim" if item.why_not else "bold text" if here else "text"
        text = safe(item.text[:200])
        if text != item.text:
            places = ()
        pieces: list[Piece] = [bar]
        if item.sign[0]:
            pieces.append((f"{item.sign[0]} ", item.sign[1]))
        if item.letter and self.edit is not None:
            pieces.append((f"{item.letter} ", "bold accent"))
        pieces += _marked(text, places, role)
        if item.about:
            pieces.append((" " * max(0, self._described_at - width_of(text)), "dim"))
        taken = line_width(tuple(pieces)) + width_of(item.note) + 4
        if item.about and width - taken > LEAST_ABOUT:
            pieces.append((f"  {cut(item.about, width - taken, self.glyphs.cut)}", "dim"))
        room = width - min(line_width(tuple(pieces)), width * 2 // 3) - 1
        words = cut(safe(item.note), room, self.glyphs.cut)
        is_key = item.letter and self.edit is None
        note: Line = ((words, "accent" if is_key else "dim"),) if words else ()
        return spread(tuple(pieces), note, width, "text", self.glyphs.cut), "cursor" if here else PANEL

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        event.stop()
        at = self._top + event.y - self.gutter.top - self._head
        if 0 <= at < len(self.found) and event.y - self.gutter.top >= self._head:
            self.at = at
            self._choose(self.item)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """One item further."""
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """One item back."""
        event.stop()
        self.move(-1)


class Picker(ItemList[Item]):
    """Answers the item that is chosen."""

    def choose(self, item: Item) -> None:
        """Answer it."""
        self.answer(item)


def _marked(text: str, places: tuple[int, ...], role: str) -> list[Piece]:
    if not places:
        return [(text, role)]
    hits, pieces = set(places), list[Piece]()
    for index, letter in enumerate(text):
        wanted = "bold accent" if index in hits else role
        if pieces and pieces[-1][1] == wanted:
            pieces[-1] = (pieces[-1][0] + letter, wanted)
        else:
            pieces.append((letter, wanted))
    return pieces
