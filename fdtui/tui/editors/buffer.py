"""Text being typed, on one line or on many, wrapped to the cells there are. Pure."""

from __future__ import annotations

from functools import lru_cache

from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, width_of

MAX_LETTERS = 65_536
"""Letters that are edited here; a longer text is one for an editor of its own."""


class Buffer:
    """A text and a caret in it."""

    def __init__(self, text: str, *, multiline: bool = False) -> None:
        self.text, self.caret = text, len(text)
        self.multiline = multiline
        self._width = 80

    def press(self, name: str, character: str | None) -> bool:
        """Take a key; false if it means nothing here, or would leave the text at its top or end."""
        text, at = self.text, self.caret
        match name:
            case "backspace" | "ctrl+h":
                self._set(text[: max(0, at - 1)] + text[at:], max(0, at - 1))
            case "delete":
                self._set(text[:at] + text[at + 1 :], at)
            case "left" | "ctrl+b":
                self.caret = max(0, at - 1)
            case "right" | "ctrl+f":
                self.caret = min(len(text), at + 1)
            case "home" | "ctrl+a":
                self.caret = text.rfind("\n", 0, at) + 1
            case "end" | "ctrl+e":
                self.caret = self._line_end(at)
            case "ctrl+u":
                start = text.rfind("\n", 0, at) + 1
                self._set(text[:start] + text[at:], start)
            case "ctrl+k":
                self._set(text[:at] + text[self._line_end(at) :], at)
            case "ctrl+w":
                kept = text[:at].rstrip(" ")
                kept = kept[: max(kept.rfind(" "), kept.rfind("\n")) + 1]
                self._set(kept + text[at:], len(kept))
            case "up" | "down":
                return self._step(-1 if name == "up" else 1)
            case "enter" if self.multiline:
                self._insert("\n")
            case _:
                if character is None or len(character) != 1 or not character.isprintable():
                    return False
                self._insert(character)
        return True

    def paste(self, text: str) -> str:
        """Type ``text``, and answer what has to be said about it.

        Nothing of it is a key. Control characters are left out; all others are kept as they are.
        """
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(self.text) + len(text) > MAX_LETTERS:
            return (
                f"Nothing was pasted: with it the field would hold {len(self.text) + len(text):,} "
                f"letters, and {MAX_LETTERS:,} can be edited here."
            )
        kept = "\n\t" if self.multiline else ""
        if not self.multiline:
            text = text.strip("\n").replace("\n", " ").replace("\t", " ")
        clean = "".join(letter for letter in text if letter in kept or not _is_control(letter))
        self._insert(clean)
        lost = len(text) - len(clean)
        return f"{lost} control characters of the paste were left out." if lost else ""

    def _insert(self, text: str) -> None:
        if len(self.text) + len(text) <= MAX_LETTERS:
            self._set(self.text[: self.caret] + text + self.text[self.caret :], self.caret + len(text))

    def _set(self, text: str, caret: int) -> None:
        self.text, self.caret = text, caret

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _step(self, step: int) -> bool:
        """One row up or down, in the same cell as far as there is one."""
        rows = self._rows()
        here = self._row_of_caret(rows)
        there = here + step
        if not self.multiline or not 0 <= there < len(rows):
            return False
        column = self.caret - rows[here][0]
        start, end = rows[there]
        last = end if there + 1 == len(rows) or self.text[end : end + 1] == "\n" else max(start, end - 1)
        self.caret = min(start + column, last)
        return True

    def _rows(self) -> list[tuple[int, int]]:
        """Where each row of the wrapped text begins and ends."""
        rows, offset = [], 0
        for paragraph in self.text.split("\n"):
            rows += [(offset + start, offset + end) for start, end in _wrapped(paragraph, self._width)]
            offset += len(paragraph) + 1
        return rows

    def _row_of_caret(self, rows: list[tuple[int, int]]) -> int:
        found = 0
        for index, (start, _) in enumerate(rows):
            if start > self.caret:
                break
            found = index
        return found

    def lines(self, width: int, most: int) -> list[Line]:
        """The rows around the caret, at most ``most``, the caret marked by its own role."""
        self._width = max(2, width - 1)  # the caret may stand behind the last letter
        rows = self._rows()
        here = self._row_of_caret(rows)
        top = max(0, min(here - most // 2, len(rows) - most))
        lines: list[Line] = []
        for index, (start, end) in enumerate(rows[top : top + most], top):
            if index != here:
                lines.append(((_shown(self.text[start:end]), "text"),))
                continue
            at = min(self.caret, end)
            under = self.text[at : at + 1] if at < end else ""
            lines.append(
                (
                    (_shown(self.text[start:at]), "text"),
                    (_shown(under) or " ", "caret"),
                    (_shown(self.text[at + 1 : end]), "text"),
                )
            )
        return lines


def _is_control(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter < "\xa0" or "\ud800" <= letter <= "\udfff"


def _shown(text: str) -> str:
    return safe(text.replace("\t", "    "))


@lru_cache(maxsize=1024)
def _wrapped(paragraph: str, width: int) -> tuple[tuple[int, int], ...]:
    """Where the rows of one paragraph begin and end; broken behind spaces where there are any."""
    if len(paragraph) <= width and paragraph.isascii() and paragraph.isprintable():
        return ((0, len(paragraph)),)
    rows, start, used, space = [], 0, 0, -1
    for index, letter in enumerate(paragraph):
        size = 1 if " " <= letter <= "~" else width_of(_shown(letter))
        if used + size > width and index > start:
            end = space + 1 if space >= start else index
            rows.append((start, end))
            start, space = end, -1
            used = sum(width_of(_shown(each)) for each in paragraph[start:index])
        used += size
        if letter == " ":
            space = index
    return (*rows, (start, len(paragraph)))
