"""The steps of the welcome: a choice of a few, and a form. Pure; the screen draws their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.tui.cells import Line, fit, width_of, wrap
from fdtui.tui.edit import LineEdit
from fdtui.tui.look import Glyphs


@frozen
class Row:
    """One line of a step and what lies behind it."""

    line: Line
    ground: str = "background"


@frozen
class Option:
    """One thing that can be chosen, with a sentence about it."""

    id: str
    title: str
    sentence: str = ""


class Menu:
    """A choice of a few, each a card."""

    keys = (("enter", "choose"), ("j k", "move"), ("esc", "back"))

    def __init__(
        self, title: str, intro: str, options: Sequence[Option], chosen: Callable[[str], None]
    ) -> None:
        self.title, self.intro, self.options = title, intro, tuple(options)
        self.at = 0
        self._chosen = chosen

    def press(self, name: str, character: str | None) -> None:
        """Move, or choose; a digit chooses at once."""
        step = {"j": 1, "down": 1, "tab": 1, "k": -1, "up": -1, "shift+tab": -1}.get(name, 0)
        self.at = (self.at + step) % len(self.options)
        if name in {"enter", "l", "right", "space"}:
            self._chosen(self.options[self.at].id)
        elif name in "123456789" and int(name) <= len(self.options):
            self.at = int(name) - 1
            self._chosen(self.options[self.at].id)

    def paste(self, text: str) -> None:
        """There is nothing to type here."""

    def rows(self, width: int, glyphs: Glyphs) -> tuple[list[Row], int]:
        """The step's lines and the one that has to be in view."""
        rows = _head(self.title, self.intro, width)
        seen = 0
        for index, option in enumerate(self.options):
            here = index == self.at
            ground = "cursor" if here else "card"
            bar = (glyphs.bar if here else " ", "accent")
            number = (f" {index + 1}  ", "bold accent")
            rows.append(Row((bar, number, (safe(option.title), "bold text")), ground))
            rows += [
                Row((bar, ("    ", "dim"), (part, "dim")), ground)
                for part in wrap(safe(option.sentence), max(8, width - 7))
            ]
            seen = len(rows) - 1 if here else seen
            rows.append(Row(()))
        return rows, seen


class Form:
    """A few lines to type into; what is typed stays whatever happens."""

    keys = (("enter", "go on"), ("tab", "next line"), ("esc", "back"))

    def __init__(
        self, title: str, intro: str, fields: Sequence[tuple[str, LineEdit]], done: Callable[[], None]
    ) -> None:
        self.title, self.intro, self.fields = title, intro, tuple(fields)
        self.at = 0
        self.told: tuple[str, str] = ("", "dim")
        """What is said under the form, and its role."""
        self._done = done

    def press(self, name: str, character: str | None) -> None:
        """Type, go to another line, or finish."""
        if name in {"tab", "down"}:
            self.at = (self.at + 1) % len(self.fields)
        elif name in {"shift+tab", "up"}:
            self.at = (self.at - 1) % len(self.fields)
        elif name == "enter":
            empty = (at for at, (_, edit) in enumerate(self.fields) if not edit.text.strip())
            first = next(empty, None)
            if first is None:
                self._done()
            elif first == self.at:
                self.told = (f"{self.fields[first][0]} is needed.", "warn")
            else:
                self.at = first
        else:
            self.fields[self.at][1].press(name, character)

    def paste(self, text: str) -> None:
        """Type it."""
        self.fields[self.at][1].insert(text.strip())

    def rows(self, width: int, glyphs: Glyphs) -> tuple[list[Row], int]:
        """The step's lines and the one that has to be in view."""
        rows = _head(self.title, self.intro, width)
        room = max(width_of(label) for label, _ in self.fields) + 2
        seen = 0
        for index, (label, edit) in enumerate(self.fields):
            here = index == self.at
            typed: Line
            if here:
                typed = edit.line(max(4, width - room - 4))
            else:
                shown = glyphs.middot * len(edit.text) if edit.secret else edit.text
                typed = ((fit(safe(shown), max(4, width - room - 4), glyphs.cut), "text"),)
            bar = (f"{glyphs.bar if here else ' '} ", "accent")
            line = (bar, (fit(label, room), "bold text" if here else "dim"), *typed)
            rows.append(Row(line, "cursor" if here else "card"))
            seen = len(rows) - 1 if here else seen
            rows.append(Row(()))
        text, role = self.told
        rows += [
            Row((("  ", "dim"), (part, role))) for part in wrap(safe(text), max(8, width - 4)) if text
        ]
        return rows, seen


def _head(title: str, intro: str, width: int) -> list[Row]:
    rows = [Row(((title, "bold text"),))]
    rows += [Row(((part, "dim"),)) for part in wrap(intro, width)]
    return [*rows, Row(())]
