"""Marks: a letter that the user gives to a card, and goes back to it by, from any workflow."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_letters
from typing import TYPE_CHECKING

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, cut, spread, width_of
from fdtui.tui.toolkit.frame import BORDER, PANEL, SIDES, Frame
from fdtui.tui.toolkit.overlay import Handler, Hints

if TYPE_CHECKING:
    from fdtui.tui.board.host import BoardHost
    from fdtui.tui.board.trail import Trail

TITLE_CELLS = 44


@frozen
class CardMark:
    """A card that has a letter, with the words it had then."""

    workflow: str
    key: str
    title: str
    note: str


class MarkDialog(Frame[str]):
    """Answers a letter; shows those that are given already."""

    scopes = ("list",)
    letters = frozenset(ascii_letters)

    def __init__(
        self, heading: str, marks: Mapping[str, CardMark], glyphs: Glyphs, nothing: str
    ) -> None:
        super().__init__(heading, glyphs)
        self._rows = [
            (letter, safe(mark.title), safe(mark.note)) for letter, mark in sorted(marks.items())
        ]
        self._nothing = nothing

    def place(self) -> None:
        """As high as there are marks."""
        texts = [width_of(title) + width_of(note) + 8 for _, title, note in self._rows]
        width = min(64, max(44, width_of(self.heading), *texts) + SIDES)
        self.fit(width, max(1, len(self._rows)) + 2 + BORDER)

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """What is asked, then a mark a line."""
        if y == 0:
            return self.title_line(width), PANEL
        if y == 1:
            return self.rule_line(width), PANEL
        if not self._rows:
            return (((self._nothing, "italic dim"),) if y == 2 else ()), PANEL
        if y - 2 >= len(self._rows):
            return (), PANEL
        letter, title, note = self._rows[y - 2]
        left: Line = ((f"{letter}  ", "bold accent"), (title, "text"))
        return spread(left, ((note, "dim"),), width, "text", self.glyphs.cut), PANEL

    def bindings(self) -> Mapping[str, Handler]:
        """Leave; every letter is an answer."""
        return {"list.close": lambda _: self.answer()}

    def type(self, name: str, character: str | None) -> bool:
        """A letter is the answer."""
        if name in self.letters:
            self.answer(name)
        return True

    def footer(self) -> Hints:
        """How to leave."""
        return (("list.close", "back"),)


class Marks:
    """The marks of one run of the program."""

    def __init__(self, host: BoardHost, trail: Trail) -> None:
        self._host, self._trail = host, trail
        self._marks: dict[str, CardMark] = {}

    def give(self) -> None:
        """Ask for a letter, and give it to the card under the cursor."""
        self._host.run(self._give())

    async def _give(self) -> None:
        host, here = self._host, self._trail.here
        task, workflow = host.current, host.state.workflow
        if task is None or here is None or workflow is None:
            host.notify("No card is under the cursor.", "warning")
            return
        title = host.label(task, TITLE_CELLS)
        letter = await self._ask(f"A letter for {title}", "None is given yet.")
        if letter is not None:
            plain = cut(title.strip("“”"), TITLE_CELLS, host.look.glyphs.cut)
            self._marks[letter] = CardMark(here.workflow, task.key, plain, workflow.name)
            key = host.key_of("cursor.to-mark")
            back = f" {key} {letter} comes back to it." if key else ""
            host.notify(f"{title} is mark {letter}.{back}")

    def go(self) -> None:
        """Ask for a letter, and go to its card."""
        self._host.run(self._go())

    async def _go(self) -> None:
        host = self._host
        key = host.key_of("cursor.mark")
        nothing = f"No marks yet; {key} on a card gives one." if key else "No marks yet."
        letter = await self._ask("Go to mark", nothing)
        mark = self._marks.get(letter or "")
        if mark is not None:
            self._trail.go_to_task(mark.workflow, mark.key)
        elif letter is not None:
            host.notify(f"No card is mark {letter}.", "warning")

    async def _ask(self, heading: str, nothing: str) -> str | None:
        dialog = MarkDialog(heading, self._marks, self._host.look.glyphs, nothing)
        return await self._host.ask(dialog)
