"""The steps of the welcome: a choice of a few, and a form. Pure; the screen draws their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.tui.focus import Handler
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, fit, width_of, wrap
from fdtui.tui.toolkit.line_editor import LineEditor

MOST_NUMBERED = 9
"""Options that a digit chooses at once."""


@frozen
class StepRow:
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

    scopes = ("welcome",)
    is_typing = False

    def __init__(
        self, title: str, intro: str, options: Sequence[Option], chosen: Callable[[str], None]
    ) -> None:
        self.title, self.intro, self.options = title, intro, tuple(options)
        self.at = 0
        self._chosen = chosen

    def bindings(self) -> dict[str, Handler]:
        """Move, or choose; a digit chooses at once."""
        keys: dict[str, Handler] = {
            "welcome.choose": lambda _: self._choose(self.at),
            "welcome.next": lambda _: self._step(1),
            "welcome.previous": lambda _: self._step(-1),
        }
        for at in range(min(len(self.options), MOST_NUMBERED)):
            keys[f"welcome.choose-{at + 1}"] = partial(self._choose_number, at)
        return keys

    def _step(self, step: int) -> None:
        self.at = (self.at + step) % len(self.options)

    def _choose(self, at: int) -> None:
        self.at = at
        self._chosen(self.options[at].id)

    def _choose_number(self, at: int, _: int | None) -> None:
        self._choose(at)

    def type(self, name: str, character: str | None) -> bool:
        """No other key means anything here."""
        return False

    def paste(self, text: str) -> None:
        """There is nothing to type here."""

    def rows(self, width: int, glyphs: Glyphs) -> tuple[list[StepRow], int]:
        """The step's lines and the one that has to be in view."""
        rows = _head(self.title, self.intro, width)
        seen = 0
        for index, option in enumerate(self.options):
            here = index == self.at
            ground = "cursor" if here else "card"
            bar = (glyphs.bar if here else " ", "accent")
            number = (f" {index + 1}  ", "bold accent")
            rows.append(StepRow((bar, number, (safe(option.title), "bold text")), ground))
            rows += [
                StepRow((bar, ("    ", "dim"), (part, "dim")), ground)
                for part in wrap(safe(option.sentence), max(8, width - 7))
            ]
            seen = len(rows) - 1 if here else seen
            rows.append(StepRow(()))
        return rows, seen


class StepForm:
    """A few lines to type into; what is typed stays whatever happens."""

    scopes = ("connect", "text")
    is_typing = True

    def __init__(
        self, title: str, intro: str, fields: Sequence[tuple[str, LineEditor]], done: Callable[[], None]
    ) -> None:
        self.title, self.intro, self.fields = title, intro, tuple(fields)
        self.at = 0
        self.told: tuple[str, str] = ("", "dim")
        """What is said under the form, and its role."""
        self._done = done

    def bindings(self) -> dict[str, Handler]:
        """Go to another line, finish, or edit the text of this one."""
        return {
            **self.fields[self.at][1].bindings(),
            "connect.next": lambda _: self._step(1),
            "connect.previous": lambda _: self._step(-1),
            "connect.try": lambda _: self._finish(),
        }

    def _step(self, step: int) -> None:
        self.at = (self.at + step) % len(self.fields)

    def _finish(self) -> None:
        empty = (at for at, (_, edit) in enumerate(self.fields) if not edit.text.strip())
        first = next(empty, None)
        if first is None:
            self._done()
        elif first == self.at:
            self.told = (f"{self.fields[first][0]} is needed.", "warn")
        else:
            self.at = first

    def type(self, name: str, character: str | None) -> bool:
        """A letter."""
        return self.fields[self.at][1].type(name, character)

    def paste(self, text: str) -> None:
        """Type it."""
        said = self.fields[self.at][1].paste(text.strip())
        if said:
            self.told = (said, "warn")

    def rows(self, width: int, glyphs: Glyphs) -> tuple[list[StepRow], int]:
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
            rows.append(StepRow(line, "cursor" if here else "card"))
            seen = len(rows) - 1 if here else seen
            rows.append(StepRow(()))
        text, role = self.told
        rows += [
            StepRow((("  ", "dim"), (part, role)))
            for part in wrap(safe(text), max(8, width - 4))
            if text
        ]
        return rows, seen


def _head(title: str, intro: str, width: int) -> list[StepRow]:
    rows = [StepRow(((title, "bold text"),))]
    rows += [StepRow(((part, "dim"),)) for part in wrap(intro, width)]
    return [*rows, StepRow(())]
