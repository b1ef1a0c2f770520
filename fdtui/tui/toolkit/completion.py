"""The names that fit what is typed after an ``@``: a list beside the text, never in its way. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from fdtui.core.fuzzy import fuzzy
from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, Piece, spread
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.overlay import Handler
from fdtui.tui.toolkit.text_buffer import TextBuffer

MOST_SHOWN = 5
"""Names that are shown at once."""

_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])@([^\s@]{0,64})\Z")
"""An ``@`` that begins a word, and what was typed of it; within an e-mail address there is none."""


class Completion:
    """Follows a buffer; has no key of its own but while it is open.

    Of an item its text is put in, and its note helps to find it.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = sorted(items, key=lambda each: each.text.casefold())
        self.found: tuple[Item, ...] = ()
        """What fits, the best first; empty while nothing is to be completed."""
        self.at = 0
        self._start = 0
        self._closed_at: int | None = None
        """The ``@`` whose list was closed: it stays closed."""

    def on_text(self, buffer: TextBuffer) -> None:
        """Something was typed: show what fits."""
        match = _MENTION.search(buffer.text[: buffer.caret][-80:])
        if match is None:
            self._closed_at, self.found = None, ()
            return
        self._start = buffer.caret - len(match[1])
        if self._start == self._closed_at:
            return
        self.found, self.at = self._fitting(match[1]), 0

    def _fitting(self, typed: str) -> tuple[Item, ...]:
        if not typed:
            return tuple(self._items)
        scored = []
        for order, item in enumerate(self._items):
            hits = [fuzzy(typed, text[:500]) for text in (item.text, item.note)]
            best = max((hit[0] for hit in hits if hit is not None), default=None)
            if best is not None:
                scored.append((-best, order, item))
        return tuple(item for _, _, item in sorted(scored, key=lambda each: each[:2]))

    def close(self) -> None:
        """Leave this ``@`` alone."""
        self._closed_at, self.found = self._start, ()

    def clear(self) -> None:
        """The caret went elsewhere: there is nothing to complete."""
        self.found = ()

    def bindings(self, buffer: TextBuffer, then: Callable[[], object]) -> dict[str, Handler]:
        """The list's commands while it is open; ``then`` is called after each."""

        def handler(run: Callable[[], object]) -> Handler:
            def handle(_: int | None) -> None:
                run()
                then()

            return handle

        if not self.found:
            return {}
        return {
            "mention.down": handler(lambda: self._move(1)),
            "mention.up": handler(lambda: self._move(-1)),
            "mention.take": handler(lambda: self._take(buffer)),
            "mention.close": handler(self.close),
        }

    def _move(self, step: int) -> None:
        self.at = max(0, min(self.at + step, len(self.found) - 1))

    def _take(self, buffer: TextBuffer) -> None:
        follows = buffer.text[buffer.caret : buffer.caret + 1]
        blank = "" if follows in (" ", "\u3000") else " "
        buffer.replace(self._start, buffer.caret, self.found[self.at].text + blank)
        self.clear()

    def lines(self, width: int, glyphs: Glyphs) -> list[Line]:
        """A line for each of the names in view, the marked one with a bar."""
        top = max(0, min(self.at - MOST_SHOWN // 2, len(self.found) - MOST_SHOWN))
        return [
            self._line(index, width, glyphs)
            for index in range(top, min(top + MOST_SHOWN, len(self.found)))
        ]

    def _line(self, index: int, width: int, glyphs: Glyphs) -> Line:
        item, here = self.found[index], index == self.at
        bar: Piece = (f"{glyphs.bar} " if here else "  ", "accent")
        sign: Piece = (f"{item.sign[0]} ", item.sign[1])
        name: Piece = (safe(item.text[:200]), "bold text" if here else "text")
        note: Line = ((safe(item.note[:200]), "dim"),) if item.note != item.text else ()
        return spread((bar, sign, name), note, width, "text", glyphs.cut)
