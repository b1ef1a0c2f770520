"""What a user sees on the board: which card is where, and with which mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.office import NAMES, STAGES

MARKS = {"↑": "waiting", "◌": "saving", "✗": "refused", "≠": "conflict", "?": "doubtful", "◆": ""}
_COLUMN = re.compile(rf"● ({'|'.join(STAGES)}) +(\d+)")
_TOP, _BOTTOM = 4, 2
"""Lines above the first card, and below the last."""


@dataclass(frozen=True)
class Card:
    """A card as it is drawn; ``uid`` is empty for a task that the server has not numbered yet."""

    title: str
    uid: str
    stage: str
    who: str | None
    mark: str
    has_cursor: bool
    at: int
    """Its place in the column, from 0."""


@dataclass(frozen=True)
class Screen:
    """One picture of the program."""

    lines: tuple[str, ...]
    cards: tuple[Card, ...] = ()
    is_bare: bool = False
    """Whether it is the board with nothing over it, every card of it in sight."""
    column: int = 0
    """The column that has the cursor."""

    @property
    def is_live(self) -> bool:
        """Whether the header says so."""
        return "● live" in self.lines[0]

    @property
    def waiting(self) -> int:
        """What the header says is still to be sent."""
        found = re.search(r"↑ (\d+)", self.lines[0])
        return int(found[1]) if found else 0

    def card(self, uid: str) -> Card | None:
        """The card of that unique id."""
        return next((each for each in self.cards if each.uid == uid), None)

    def titled(self, title: str) -> Card | None:
        """The card of that title."""
        return next((each for each in self.cards if each.title == title), None)

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return next((each for each in self.cards if each.has_cursor), None)

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)


def read_screen(lines: Sequence[str]) -> Screen:
    """The board that these lines draw."""
    text = tuple(lines)
    heads = list(_COLUMN.finditer(text[2]))
    is_covered = any(sign in line for line in text[3:-_BOTTOM] for sign in "╭│")
    if [head[1] for head in heads] != list(STAGES) or is_covered:
        return Screen(text)
    cards: list[Card] = []
    starts = [head.start() for head in heads]
    ends = [*(start - 1 for start in starts[1:]), len(text[0])]
    for start, end, head in zip(starts, ends, heads, strict=True):
        found = _column([line[start:end] for line in text[_TOP:-_BOTTOM]], head[1])
        if len(found) != int(head[2]):
            return Screen(text)
        cards += found
    column = next((at for at, start in enumerate(starts) if text[3][start] == "━"), 0)
    return Screen(text, tuple(cards), is_bare=True, column=column)


def _column(lines: list[str], stage: str) -> list[Card]:
    """The cards of one column: three lines each, and a blank one between."""
    blocks = [lines[at : at + 3] for at in range(0, len(lines) - 2, 4)]
    drawn = [block for block in blocks if block[0].strip() not in {"", "no cards"}]
    return [_card(block, stage, at) for at, block in enumerate(drawn)]


def _card(block: list[str], stage: str, at: int) -> Card:
    title, uid, who = (line[1:].strip() for line in block)
    mark = ""
    if title[-1:] in MARKS and title[-2:-1] == " ":
        title, mark = title[:-1].strip(), title[-1]
    has_cursor = block[0].startswith("▌")
    return Card(title, uid, stage, NAMES.get(who, who), MARKS.get(mark, ""), has_cursor, at)
