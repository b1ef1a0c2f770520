"""The one text that is typed into, on one line or on many, with the keys of readline. Pure.

It holds the text exactly as it is, line ends too: a text with CR LF keeps them, and new ones are
like them. Who draws it asks `fdtui.tui.toolkit.text_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from fdtui.core.safetext import is_control, is_typed
from fdtui.tui.toolkit import graphemes
from fdtui.tui.toolkit import text_rows as rows
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.text_undo import CUT, Changes, Cut, TextChange

MAX_LETTERS = 65_536
"""Letters that are edited here; a longer text is one for an editor of its own."""


class TextBuffer:
    """A text, a caret in it, and what of it is selected."""

    def __init__(self, text: str = "", *, multiline: bool = False, most: int = MAX_LETTERS) -> None:
        self.text, self.caret = text, len(text)
        self.multiline, self.most = multiline, most
        self.anchor: int | None = None
        """Where the selection began; it goes from here to the caret."""
        self.cut: Cut = CUT
        self._newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"
        self._changes = Changes()
        self._is_cutting = False
        """Whether the last key cut something out: what the next one cuts is put to it."""
        self._column: int | None = None
        """The cell that ``up`` and ``down`` try to keep."""
        self._width = 80

    # Keys

    def type(self, name: str, character: str | None) -> bool:
        """Put in what a key prints; false for a key that prints nothing."""
        self._is_cutting = False
        if character is None or not is_typed(character) or name.startswith("alt+"):
            return False
        self.insert(character, typed=True)
        return True

    def do(self, command: str) -> bool:
        """Do a command of scope ``text``; false if it would leave the text at its top or end."""
        was_cutting, self._is_cutting = self._is_cutting, False
        if command.startswith(SELECT):
            return self._move(f"text.{command.removeprefix(SELECT)}", selects=True)
        if command in MOVES or command in ROW_STEPS:
            return self._move(command, selects=False)
        if command in CUTS:
            self._cut(CUTS[command], is_more=was_cutting)
        elif command == NEW_LINE:
            self.insert(self._newline)
        else:
            EDITS[command](self)
        return True

    def bindings(
        self, then: Callable[[], object] = lambda: None
    ) -> dict[str, Callable[[int | None], object]]:
        """The commands that mean something in this text; ``then`` is called after each."""

        def handler(command: str) -> Callable[[int | None], object]:
            def run(_: int | None) -> None:
                self.do(command)
                then()

            return run

        return {command: handler(command) for command in (WITH_ROWS if self.multiline else IN_A_LINE)}

    def _move(self, name: str, *, selects: bool) -> bool:
        self._changes.seal()
        here, anchor = self.caret, self.anchor
        if name in ROW_STEPS:
            if not self._step(ROW_STEPS[name]):
                return False
        else:
            self._column = None
            self.caret = MOVES[name](self)
        if selects:
            self.anchor = here if anchor is None else anchor
            return True
        if anchor is not None and name in ("text.left", "text.right"):
            self.caret = (min if name == "text.left" else max)(anchor, here)
        self.anchor = None
        return True

    def _step(self, step: int) -> bool:
        """One row up or down, in the same cell as far as there is one."""
        if not self.multiline:
            return False
        if self._column is None:
            self._column = rows.column_of(self.text, self.caret, self._width)
        there = rows.beside(self.text, self.caret, step, self._column, self._width)
        if there is None:
            return False
        self.caret = there
        return True

    # Changes

    @property
    def selection(self) -> tuple[int, int]:
        """Where the selected part begins and ends; twice the caret where nothing is selected."""
        anchor = self.caret if self.anchor is None else self.anchor
        return min(anchor, self.caret), max(anchor, self.caret)

    def insert(self, text: str, *, typed: bool = False) -> bool:
        """Put ``text`` in place of what is selected; false where there is no room for it."""
        start, end = self.selection
        return self.replace(start, end, text, typed=typed)

    def replace(self, start: int, end: int, text: str, *, typed: bool = False) -> bool:
        """Put ``text`` in place of a part; false where there is no room for it."""
        if len(self.text) - (end - start) + len(text) > self.most:
            return False
        if start < end or text:
            self._changes.add(TextChange(start, self.text[start:end], text, self.caret), typed=typed)
        self._put(start, end, text, start + len(text))
        return True

    def _put(self, start: int, end: int, text: str, caret: int) -> None:
        self.text = self.text[:start] + text + self.text[end:]
        self.caret, self.anchor, self._column = caret, None, None

    def paste(self, text: str) -> str:
        """Type ``text``, and answer what has to be said about it.

        Nothing of it is a key. Control characters are left out; all others are kept as they are.
        """
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not self.multiline:
            text = text.strip("\n").replace("\n", " ")
        clean = "".join(letter for letter in text if letter in "\n\t" or not is_control(letter))
        if not self.insert(clean.replace("\n", self._newline)):
            return (
                f"Nothing was pasted: with it the text would hold {len(self.text) + len(clean):,} "
                f"letters, and {self.most:,} can be edited here."
            )
        lost = len(text) - len(clean)
        return f"{lost} control characters of the paste were left out." if lost else ""

    def undo(self) -> None:
        """Take back the last change."""
        change = self._changes.take()
        if change is not None:
            self._put(change.at, change.at + len(change.inserted), change.removed, change.caret)

    def yank(self) -> None:
        """Put in what was cut out last."""
        text = self.cut.text.replace("\r\n", "\n")
        self.insert(text.replace("\n", self._newline if self.multiline else " "))

    def delete(self, place: Callable[[TextBuffer], int]) -> None:
        """Remove what is selected, else what lies between the caret and that place."""
        start, end = self.selection
        if start == end:
            there = place(self)
            start, end = min(there, self.caret), max(there, self.caret)
        self.replace(start, end, "")

    def _cut(self, place: Callable[[TextBuffer], int], *, is_more: bool) -> None:
        there = self.caret if self.anchor is not None else place(self)
        start, end = self.selection
        start, end = min(start, there), max(end, there)
        part = self.text[start:end]
        if not part:
            return
        kept = self.cut.text if is_more else ""
        self.cut.text = part + kept if there < self.caret else kept + part
        self._is_cutting = True
        self.replace(start, end, "")

    # Drawing

    def lines(self, width: int, most: int) -> list[Line]:
        """The rows around the caret, at most ``most``, the caret marked by its own role."""
        self._width = max(2, width - 1)  # the caret may stand behind the last letter
        return rows.lines(self.text, self.caret, self.selection, self._width, most)


Place = Callable[[TextBuffer], int]


def _left(it: TextBuffer) -> int:
    return graphemes.before(it.text, it.caret)


def _right(it: TextBuffer) -> int:
    return graphemes.after(it.text, it.caret)


def _word_left(it: TextBuffer) -> int:
    return graphemes.word_before(it.text, it.caret)


def _word_right(it: TextBuffer) -> int:
    return graphemes.word_after(it.text, it.caret)


def _blank_left(it: TextBuffer) -> int:
    return graphemes.blank_before(it.text, it.caret)


def _line_start(it: TextBuffer) -> int:
    return it.text.rfind("\n", 0, it.caret) + 1


def _line_end(it: TextBuffer) -> int:
    end = it.text.find("\n", it.caret)
    if end < 0:
        return len(it.text)
    return end - 1 if end > it.caret and it.text[end - 1] == "\r" else end


def _start(_: TextBuffer) -> int:
    return 0


def _end(it: TextBuffer) -> int:
    return len(it.text)


SELECT, NEW_LINE = "text.select-", "text.new-line"

ROW_STEPS = {"text.up": -1, "text.down": 1}
"""Commands that move the caret by rows, as far as there are any."""

MOVES: Mapping[str, Place] = {
    "text.left": _left,
    "text.right": _right,
    "text.line-start": _line_start,
    "text.line-end": _line_end,
    "text.word-left": _word_left,
    "text.word-right": _word_right,
    "text.start": _start,
    "text.end": _end,
}
"""Commands that move the caret, with where it goes; each has one that selects."""

CUTS: Mapping[str, Place] = {
    "text.kill-start": _line_start,
    "text.kill": _line_end,
    "text.kill-back": _blank_left,
    "text.kill-word-left": _word_left,
    "text.kill-word-right": _word_right,
}
"""Commands that cut out what lies between the caret and a place; ``text.yank`` puts it in again."""

EDITS: Mapping[str, Callable[[TextBuffer], None]] = {
    "text.backspace": lambda it: it.delete(_left),
    "text.delete": lambda it: it.delete(_right),
    "text.yank": TextBuffer.yank,
    "text.undo": TextBuffer.undo,
}


def _selecting(commands: Iterable[str]) -> list[str]:
    return [f"{SELECT}{command.removeprefix('text.')}" for command in commands]


IN_A_LINE: tuple[str, ...] = (*MOVES, *_selecting(MOVES), *CUTS, *EDITS)
"""Every command that means something in one line."""

WITH_ROWS: tuple[str, ...] = (*IN_A_LINE, *ROW_STEPS, *_selecting(ROW_STEPS), NEW_LINE)
"""The same for a text of several."""
