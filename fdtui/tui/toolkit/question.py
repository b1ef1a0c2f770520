"""A question before something that cannot be taken back: all of its words, and the safe answer first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events

from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, spread, width_of, wrap, wrapped
from fdtui.tui.toolkit.frame import BORDER, PANEL, SIDES, Frame
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.picker import HARMLESS, Item

QUESTION_WIDTH = 72
YES_NO = frozenset({"yes", "no"})
"""The answers that have commands of their own; others have letters."""
MAX_WRAPPED_TEXT = 20_000
"""Letters of a heading or a line that are wrapped; no title that a person reads is longer."""


class Question(Frame[str]):
    """Answers the id of the chosen item. The first is the safe one: the bar begins there.

    Left without an answer it is ``None``, which means the safe one too. The words are wrapped, never
    cut. Where they are longer than the screen they scroll, and an answer other than the safe one
    counts only once ``must_read`` of them were in view.
    """

    is_question = True

    def __init__(
        self,
        heading: str,
        answers: Sequence[Item],
        glyphs: Glyphs,
        *,
        subject: Sequence[str] = (),
        listed: Sequence[str] = (),
        leave: str = "back",
    ) -> None:
        """``leave`` is the word for leaving it without an answer."""
        super().__init__(heading, glyphs)
        self.items = tuple(answers)
        self._subject, self._listed = subject, listed
        self._leave_word = leave
        self.at = 0
        self._lines: list[Line] = []
        self._must_read = 0
        self._seen = 0
        self._top = 0

    @property
    def item(self) -> Item:
        """The answer under the bar."""
        return self.items[self.at]

    def place(self) -> None:
        """In the middle, a third from the top; as wide and high as its words need."""
        texts = (self.heading, *self._subject, *self._listed[:200])
        longest = max(width_of(safe(text[:400])) for text in texts)
        answers = [width_of(item.text) + width_of(item.note) + 8 for item in self.items]
        width = min(QUESTION_WIDTH, max(longest + SIDES, 40, *answers))
        self._wrap(self.room_for(width))
        self.fit(width, max(4, len(self._lines) + len(self.items) + BORDER + 1))

    def _wrap(self, width: int) -> None:
        self._lines = wrapped(safe(self.heading[:MAX_WRAPPED_TEXT]), "bold text", width)
        for text in self._subject:
            self._lines += wrapped(safe(text[:MAX_WRAPPED_TEXT]), "text", width)
        self._must_read, self._seen = len(self._lines), 0
        if self._listed:
            self._lines.append(())
        for text in self._listed:
            first, *rest = wrap(safe(text[:MAX_WRAPPED_TEXT]), max(4, width - 2))
            self._lines.append(((f"{self.glyphs.middot} ", "dim"), (first, "text")))
            self._lines += [(("  ", "dim"), (part, "text")) for part in rest]

    def on_resize(self) -> None:
        """Show what fits by now."""
        self._scroll(0)

    @property
    def _room(self) -> int:
        """Lines of words that are in view at once."""
        return max(0, self.content_size.height - self._answers - 1)

    @property
    def _answers(self) -> int:
        """Answers that are in view at once: all of them, unless nothing of the words would be left."""
        return max(1, min(len(self.items), self.content_size.height - 2))

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, len(self._lines) - self._room))
        self.refresh()

    # Keys

    scopes = ("question",)

    @property
    def letters(self) -> frozenset[str]:
        """Those of the answers, but ``yes`` and ``no``, which are commands."""
        return frozenset(item.letter for item in self.items if item.letter and item.id not in YES_NO)

    def bindings(self) -> Mapping[str, Handler]:
        """Move the bar, scroll, answer, or leave it with the safe answer."""
        page = max(1, self._room - 1)
        return {
            **{f"question.{item.id}": self._chooser(item) for item in self.items if item.id in YES_NO},
            "question.choose": lambda _: self._choose(self.item),
            "question.down": lambda _: self._move(1),
            "question.up": lambda _: self._move(-1),
            "question.read-on": lambda _: self._scroll(page),
            "question.read-back": lambda _: self._scroll(-page),
            "question.close": lambda _: self.answer(),
        }

    def _chooser(self, item: Item) -> Handler:
        return lambda _: self._choose(item)

    def footer(self) -> Hints:
        """How to answer, and how to read on."""
        more = (("question.read-on", "read on"),) if len(self._lines) > self._room else ()
        return (("question.choose", "choose"), *more, ("question.close", self._leave_word))

    def type(self, name: str, character: str | None) -> bool:
        """The letter of an answer."""
        item = self._by_letter(name)
        if item is not None:
            self._choose(item)
        return item is not None

    def _move(self, step: int) -> None:
        self.told = ""
        self.at = max(0, min(self.at + step, len(self.items) - 1))
        self.refresh()

    def is_final(self, command: str) -> bool:
        """Whether this command gives an answer after which something is lost."""
        if command == "question.choose":
            return self._loses(self.item)
        return any(self._loses(item) for item in self.items if command == f"question.{item.id}")

    def irreversible(self, name: str) -> bool:
        """The same for the letter of an answer."""
        item = self._by_letter(name)
        return item is not None and item.id not in YES_NO and self._loses(item)

    def _loses(self, item: Item) -> bool:
        return item is not self.items[0] and item.id not in HARMLESS

    def _by_letter(self, name: str) -> Item | None:
        return next((item for item in self.items if item.letter == name), None)

    def _choose(self, item: Item) -> None:
        if item is not self.items[0] and self._seen < self._must_read:
            self.told = "Read on first."
            self.refresh()
            return
        self.answer(item.id)

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The words that are in view, a rule, the answers."""
        room, height = self._room, self.content_size.height
        self._seen = max(self._seen, self._top + room)
        first = height - self._answers
        if y >= first:
            return self._answer_line(y - first + self._first_answer, width)
        if y == first - 1:
            return self._rule(room, width), PANEL
        at = self._top + y
        return (self._lines[at] if y < room and at < len(self._lines) else ()), PANEL

    @property
    def _first_answer(self) -> int:
        return max(0, min(self.at - self._answers + 1, len(self.items) - self._answers))

    def _rule(self, room: int, width: int) -> Line:
        below = len(self._lines) - self._top - room
        if self.told:
            return self.told_line()
        if below <= 0:
            return self.rule_line(width)
        words = f" {self.glyphs.down} {below} more {'line' if below == 1 else 'lines'} "
        return ((self.glyphs.rule * 2, "line"), (words, "italic dim"))

    def _answer_line(self, at: int, width: int) -> tuple[Line, str]:
        item, here = self.items[at], at == self.at
        bar = (f"{self.glyphs.bar} " if here else "  ", "accent")
        text: Line = (bar, (safe(item.text), "bold text" if here else "text"))
        note: Line = ((item.note, "accent"),) if item.note else ()
        return spread(text, note, width, "text", self.glyphs.cut), "cursor" if here else PANEL

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        event.stop()
        at = event.y - self.gutter.top - (self.content_size.height - self._answers)
        if 0 <= at < self._answers:
            self.at = at + self._first_answer
            self._choose(self.item)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Read on."""
        event.stop()
        self._scroll(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Read what was before."""
        event.stop()
        self._scroll(-1)
