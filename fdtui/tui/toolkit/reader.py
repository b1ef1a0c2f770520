"""Lines to read over the board, with a heading and the keys that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events

from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, line_width, shifted
from fdtui.tui.toolkit.frame import BORDER, PANEL, Frame
from fdtui.tui.toolkit.overlay import ANSWER_DELAY, Handler, Hints
from fdtui.tui.toolkit.picker import Item

ACCEPT = "accept"
"""Stands for a letter in the answer that `reader.accept` gives."""
TITLE_LINES = 2
"""Lines above the text."""
READER_WIDTH = 96
MAX_WIDE = 160
SIDE_STEP = 8
"""Cells of a step to the side."""


class Reader(Frame[str]):
    """Scrolls with the movement keys; answers the id of one of ``answers``.

    Of an answer its ``text`` is the word at the foot, and its ``letter`` the key, or
    ``ACCEPT`` for the one that `reader.accept` gives.
    """

    def __init__(
        self,
        heading: str,
        lines: Callable[[int], list[Line]],
        glyphs: Glyphs,
        *,
        answers: Sequence[Item] = (),
        leave: str = "close",
        wide: bool = False,
        final: bool = False,
    ) -> None:
        super().__init__(heading, glyphs)
        self._lines_of = lines
        self._leave_word = leave
        self._answers = {item.letter: item for item in answers}
        self._most = MAX_WIDE if wide else READER_WIDTH
        self.eye_time = ANSWER_DELAY if final else 0.0
        self._lines: list[Line] = []
        self._top = self._aside = self._widest = 0

    def place(self) -> None:
        """In the middle, a third from the top; as high as the lines need."""
        self._lines = self._lines_of(self.room_for(self._most))
        self._widest = max(map(line_width, self._lines), default=0)
        self.fit(self._most, max(6, len(self._lines) + TITLE_LINES + BORDER))

    def on_resize(self) -> None:
        """Keep the end in view."""
        self._scroll(0)

    @property
    def _rows(self) -> int:
        return max(1, self.content_size.height - TITLE_LINES)

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, len(self._lines) - self._rows))
        self.refresh()

    def _move_aside(self, cells: int) -> None:
        """Show what stands further to the right, or back to the left."""
        self._aside = max(0, min(self._aside + cells, self._widest - self.content_size.width))
        self.refresh()

    # Keys

    scopes: tuple[str, ...] = ("reader",)

    @property
    def letters(self) -> frozenset[str]:
        """Those of the answers, but the one that `reader.accept` gives."""
        return frozenset(self._answers) - {ACCEPT}

    def bindings(self) -> Mapping[str, Handler]:
        """Scroll, close, and accept where there is something to be accepted."""
        page = max(1, self._rows - 1)
        keys: dict[str, Handler] = {
            "reader.down": lambda _: self._scroll(1),
            "reader.up": lambda _: self._scroll(-1),
            "reader.half-down": lambda _: self._scroll(page // 2),
            "reader.half-up": lambda _: self._scroll(-(page // 2)),
            "reader.page-down": lambda _: self._scroll(page),
            "reader.page-up": lambda _: self._scroll(-page),
            "reader.top": lambda _: self._scroll(-len(self._lines)),
            "reader.bottom": lambda _: self._scroll(len(self._lines)),
            "reader.right": lambda _: self._move_aside(SIDE_STEP),
            "reader.left": lambda _: self._move_aside(-SIDE_STEP),
            "reader.start": lambda _: self._move_aside(-self._widest),
            "reader.close": lambda _: self.answer(),
        }
        if ACCEPT in self._answers:
            keys["reader.accept"] = lambda _: self.answer(self._answers[ACCEPT].id)
        return keys

    def footer(self) -> Hints:
        """The answers, and how to read on."""
        answers = (
            ("reader.accept" if key == ACCEPT else key, item.text) for key, item in self._answers.items()
        )
        more = (("reader.page-down", "read on"),) if len(self._lines) > self._rows else ()
        wide = (("reader.right", "right"),) if self._widest > self.content_size.width else ()
        return (*answers, *more, *wide, ("reader.close", self._leave_word))

    def type(self, name: str, character: str | None) -> bool:
        """The letter of an answer."""
        answer = self._answers.get(name) if name in self.letters else None
        if answer is not None:
            self.answer(answer.id)
        return answer is not None

    def is_final(self, command: str) -> bool:
        """To do a plan; where it can be undone, only a burst is kept from it."""
        return command == "reader.accept"

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The title and what is in view, then the lines."""
        if y == 0:
            more = len(self._lines) - self._rows
            place = f"{self._top + 1}-{self._top + self._rows} of {len(self._lines)}" if more > 0 else ""
            return self.title_line(width, place), PANEL
        if y == 1:
            return self.rule_line(width), PANEL
        at = self._top + y - TITLE_LINES
        return (shifted(self._lines[at], self._aside) if at < len(self._lines) else ()), PANEL

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three lines further."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three lines back."""
        event.stop()
        self._scroll(-3)
