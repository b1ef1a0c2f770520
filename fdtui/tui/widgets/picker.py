"""A short list to choose from: stages, people, workflows, commands. Type to narrow it down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.core.search import fuzzy
from fdtui.tui.cells import Line, Piece, spread, width_of
from fdtui.tui.edit import LineEdit
from fdtui.tui.look import Glyphs
from fdtui.tui.panekeys import LIST, QUESTION, Keys
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

GROUND = "panel"
MAX_WIDTH = 64
MAX_ROWS = 14


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose; ``why_not`` says why it cannot be chosen."""

    id: str
    text: str
    note: str = ""
    """Said dim at the right edge: keys, an e-mail, a count."""
    words: str = ""
    """What it is found by besides its text; never shown."""
    why_not: str = ""
    sign: Piece = ("", "dim")
    """A glyph before the text, with its role."""
    letter: str = ""
    """The key that chooses it at once, where the list cannot be searched."""


class Picker(Overlay):
    """Draws a title, a line to type into and the items that fit it, best first."""

    DEFAULT_CSS = """
    Picker { border: round $fd-accent; padding: 0 1; }
    Picker.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        glyphs: Glyphs,
        *,
        chosen: Callable[[Item], object],
        closed: Callable[[], None],
        start: int = 0,
        searchable: bool = True,
        free: Callable[[str], Item | None] | None = None,
        nothing: str = "Nothing fits.",
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading = title
        self.items = tuple(items)
        self._glyphs, self._nothing, self._free = glyphs, nothing, free
        self._chosen, self._leave = chosen, closed
        self.edit = LineEdit() if searchable else None
        self.found: tuple[tuple[Item, tuple[int, ...]], ...] = tuple((item, ()) for item in self.items)
        self.at = max(0, min(start, len(self.found) - 1))
        self._top = 0
        self._told = ""

    @property
    def item(self) -> Item | None:
        """The item under the bar."""
        return self.found[self.at][0] if self.at < len(self.found) else None

    @property
    def _head(self) -> int:
        return 3 if self.edit is not None else 2

    def place(self) -> None:
        """In the middle, a third from the top; as wide and high as it has to be."""
        screen = self.app.size
        texts = [width_of(safe(i.text[:200])) + width_of(i.note) + 8 for i in self.items[:200]]
        nothing = width_of(self._nothing) + 6 if self._free is not None else 0
        wanted = max([width_of(self.heading) + 6, 40, nothing, *texts])
        width = max(8, min(MAX_WIDTH, wanted, screen.width - 2))
        rows = min(MAX_ROWS, max(1, len(self.items)))
        height = max(5, min(rows + self._head + 3, screen.height))
        self.styles.width, self.styles.height = width, height
        x, y = (screen.width - width) // 2, max(0, (screen.height - height) // 3)
        self.styles.offset = (max(0, x), y)

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def on_resize(self) -> None:
        """Keep the bar in view."""
        self._reveal()

    def press(self, name: str, character: str | None) -> None:
        """Move the bar, choose, close, or type."""
        self._told = ""
        plain = self.edit is None
        if name == "escape" or (plain and name == "q" and not self._by_letter("q")):
            self._leave()
            return
        step = self._step(name)
        if step:
            self.at = max(0, min(self.at + step, len(self.found) - 1))
            self._reveal()
        elif name == "enter":
            self._choose(self.item)
            return
        elif self.edit is not None:
            if self.edit.press(name, character):
                self._search()
        elif (item := self._by_letter(name)) is not None:
            self._choose(item)
            return
        self.refresh()

    def hints(self) -> Keys:
        """One types, or one has letters to choose by."""
        return QUESTION if self.edit is None else LIST

    def _step(self, name: str) -> int:
        page = max(1, self._rows - 1)
        steps = {
            "down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "tab": 1, "shift+tab": -1,
            "pagedown": page, "pageup": -page, "ctrl+d": page,
        }  # fmt: skip
        if self.edit is None:
            steps |= {"j": 1, "k": -1}
        return steps.get(name, 0)

    def _by_letter(self, name: str) -> Item | None:
        return next((item for item in self.items if item.letter == name), None)

    def _choose(self, item: Item | None) -> None:
        if item is None:
            return
        if item.why_not:
            self._told = item.why_not
            self.refresh()
            return
        self._leave()
        self._chosen(item)

    def paste(self, text: str) -> None:
        """Type it."""
        if self.edit is not None:
            self.edit.insert(text)
            self._search()
            self.refresh()

    def _search(self) -> None:
        query = self.edit.text.strip()[:200] if self.edit is not None else ""
        if not query:
            self.found = tuple((item, ()) for item in self.items)
        else:
            scored = []
            for order, item in enumerate(self.items):
                hit = fuzzy(query, item.text[:500]) or fuzzy(query, item.note[:500])
                hit = hit or fuzzy(query, item.words)
                if hit is not None:
                    places = hit[1] if fuzzy(query, item.text[:500]) else ()
                    scored.append((-hit[0], order, item, places))
            scored.sort(key=lambda each: each[:2])
            self.found = tuple((item, places) for _, _, item, places in scored)
        extra = self._free(query) if self._free is not None and query else None
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

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, width = paint_of(self.app.theme), self.content_size.width
        line, ground = self._line(y, width)
        line = spread(line, (), width, "text", self._glyphs.cut)
        return paint.strip(line, width, ground)

    def _line(self, y: int, width: int) -> tuple[Line, str]:
        if y == 0:
            shown = f"{len(self.found)}" if len(self.found) > self._rows else ""
            return spread(((safe(self.heading), "bold text"),), ((shown, "dim"),), width, "dim"), GROUND
        if y == 1 and self.edit is not None:
            prompt: Line = ((f"{self._glyphs.more} ", "bold accent"),)
            return (*prompt, *self.edit.line(width - 2)), GROUND
        if y == self._head - 1:
            return ((self._glyphs.rule * width, "line"),), GROUND
        if y == self._head + self._rows:
            return ((self._told or "", "warn"),), GROUND
        at = self._top + y - self._head
        if at >= len(self.found):
            empty = at == 0 and not self.found
            return ((self._nothing if empty else "", "italic dim"),), GROUND
        return self._item_line(at, width)

    def _item_line(self, at: int, width: int) -> tuple[Line, str]:
        item, places = self.found[at]
        here = at == self.at
        bar = (f"{self._glyphs.bar} " if here else "  ", "accent")
        role = "dim" if item.why_not else "bold text" if here else "text"
        text = safe(item.text[:200])
        if text != item.text:
            places = ()
        pieces: list[Piece] = [bar]
        if item.sign[0]:
            pieces.append((f"{item.sign[0]} ", item.sign[1]))
        pieces += _marked(text, places, role)
        note: Line = ((safe(item.note), "accent" if item.letter else "dim"),) if item.note else ()
        return spread(tuple(pieces), note, width, "text", self._glyphs.cut), "cursor" if here else GROUND

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
        self.press("down", None)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """One item back."""
        event.stop()
        self.press("up", None)


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
