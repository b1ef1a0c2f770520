"""A few lines to write into, over the foot of the board: comments, and whatever else is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.completion import Completion
from fdtui.tui.toolkit.frame import BORDER, PANEL, SIDES, Frame
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.text_buffer import TextBuffer

MAX_TEXT_LINES = 8
COMPOSER_WIDTH = 90


class Composer(Frame[str]):
    """Answers what was typed; ``None`` where it was left.

    Who keeps drafts gives the ``text`` that waits, is called at each letter by ``changed``, and may say
    by ``warn`` that it could not be kept.
    """

    def __init__(
        self,
        heading: str,
        glyphs: Glyphs,
        *,
        text: str = "",
        changed: Callable[[], object] = lambda: None,
        send: Callable[[str], bool] = lambda _: True,
        people: Sequence[Item] = (),
    ) -> None:
        """``send`` answers whether it took the text, else it stays; ``people`` come after ``@``."""
        super().__init__(heading, glyphs)
        self.buffer = TextBuffer(text, multiline=True)
        self.completion = Completion(people)
        self._has_people = bool(people)
        self._changed, self._send = changed, send
        self._known = text
        self._lines: list[Line] = []

    @property
    def text(self) -> str:
        """What stands there now."""
        return self.buffer.text

    def place(self) -> None:
        """Over the foot of the board, as high as the text and the list beside it need."""
        screen = self.app.size
        width = max(8, min(COMPOSER_WIDTH, screen.width - 2))
        people = self.completion.lines(width - SIDES, self.glyphs)
        rows = max(1, min(MAX_TEXT_LINES, screen.height - 5 - len(people)))
        text = self.buffer.lines(width - SIDES, rows)
        self._lines = [*text, *people]
        height = min(max(3, len(self._lines)) + BORDER + 3, screen.height)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = ((screen.width - width) // 2, max(0, screen.height - height - 2))

    # Keys

    is_typing = True

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of a text; while names are offered, theirs come first."""
        return ("mention", "composer", "text") if self.completion.found else ("composer", "text")

    def bindings(self) -> Mapping[str, Handler]:
        """Type, choose from the list beside the text, send, or leave."""
        return {
            **self.buffer.bindings(self._edited),
            **self.completion.bindings(self.buffer, self._show),
            "composer.send": lambda _: self._enter(),
            "composer.new-line": lambda _: self._new_line(),
            "composer.later": lambda _: self.answer(),
        }

    def footer(self) -> Hints:
        """What enter does now, and how to leave."""
        if self.completion.found:
            return (("mention.take", "take the name"), ("mention.close", "close the list"))
        people = (("@", "people"),) if self._has_people else ()
        return (
            ("composer.send", "send"),
            ("composer.new-line", "new line"),
            *people,
            ("composer.later", "later"),
        )

    def type(self, name: str, character: str | None) -> bool:
        """Put in what the key prints."""
        self.told = ""
        typed = self.buffer.type(name, character)
        self._edited()
        return typed

    def _enter(self) -> None:
        if self.text[: self.buffer.caret].endswith("\\"):
            self.buffer.do("text.backspace")
            self._new_line()
        elif not self.text.strip():
            self.warn("There is nothing to send yet.")
        elif self._send(self.text):
            self.answer(self.text)

    def _new_line(self) -> None:
        self.buffer.do("text.new-line")
        self._edited()

    def paste(self, text: str) -> None:
        """Type it; nothing of it is a key."""
        self.told = self.buffer.paste(text)
        self.completion.clear()
        self._show()

    def _edited(self) -> None:
        if self.text != self._known:
            self.completion.on_text(self.buffer)
        else:
            self.completion.clear()
        self._show()

    def _show(self) -> None:
        if self.text != self._known:
            self._known = self.text
            self.told = ""
            self._changed()
        if self.is_attached:
            self.place()
            self.refresh()

    def warn(self, text: str) -> None:
        """Say something at the foot, until something is typed."""
        self.told = text
        if self.is_attached:
            self.refresh()

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The heading, a rule, the text with the names below it, and what is said."""
        if y == 0:
            return self.title_line(width), PANEL
        if y == 1:
            return self.rule_line(width), PANEL
        if y == self.content_size.height - 1:
            return self.told_line(), PANEL
        return (self._lines[y - 2] if y - 2 < len(self._lines) else ()), PANEL
