"""One line of text being typed. Pure; whoever draws it asks for its pieces."""

from __future__ import annotations

from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, width_of

MAX_LENGTH = 4_000
"""Letters that a line takes; a pasted book is cut here."""


class LineEdit:
    """A text and a caret in it."""

    def __init__(self, text: str = "", *, secret: bool = False, offered: bool = False) -> None:
        self.text = text
        self.caret = len(text)
        self.offered = offered
        """Whether the text is a proposal still: what is typed first takes its place."""
        self.secret = secret
        """Whether only dots are shown of it."""

    def press(self, name: str, character: str | None) -> bool:
        """Take a key; false if it means nothing here."""
        text, at = self.text, self.caret
        if character is None or not character.isprintable():
            self.offered = False
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
                self.caret = 0
            case "end" | "ctrl+e":
                self.caret = len(text)
            case "ctrl+u":
                self._set(text[at:], 0)
            case "ctrl+k":
                self._set(text[:at], at)
            case "ctrl+w":
                kept = text[:at].rstrip()
                kept = kept[: kept.rfind(" ") + 1]
                self._set(kept + text[at:], len(kept))
            case _:
                if character is None or not character.isprintable():
                    return False
                self.insert(character)
        return True

    def insert(self, text: str) -> None:
        """Type or paste ``text``; line breaks become spaces, what does not print is dropped."""
        text = text[: MAX_LENGTH * 2].replace("\r\n", "\n")
        clean = "".join(" " if letter in "\n\t" else letter for letter in text)
        clean = "".join(letter for letter in clean if letter.isprintable())
        if self.offered:
            self._set("", 0)
            self.offered = False
        clean = clean[: max(0, MAX_LENGTH - len(self.text))]
        self._set(self.text[: self.caret] + clean + self.text[self.caret :], self.caret + len(clean))

    def _set(self, text: str, caret: int) -> None:
        self.text, self.caret = text, caret

    def line(self, width: int, role: str = "text", dot: str = "•") -> Line:
        """The text around the caret in at most ``width`` cells, the caret marked by its own role."""
        shown = dot * len(self.text) if self.secret else self.text
        before, after = shown[: self.caret], shown[self.caret :]
        while before and width_of(safe(before)) > width - 1:
            before = before[max(1, len(before) // 8) if len(before) > 64 else 1 :]
        at, rest = (after[:1] or " "), after[1:]
        room = width - width_of(safe(before)) - width_of(safe(at))
        while rest and width_of(safe(rest)) > room:
            rest = rest[: -max(1, len(rest) // 8)] if len(rest) > 64 else rest[:-1]
        return ((safe(before), role), (safe(at), "caret"), (safe(rest), role))
