"""The head of a group of cards as a line: who or what, how many, the sum. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fdtui.core.fields import show
from fdtui.core.grouping import NO_GROUP, GroupSection
from fdtui.core.safetext import safe
from fdtui.core.schema import FieldType
from fdtui.tui.presentation.cards import MAX_LINE, CardPlan, initials_of, person_of, person_role
from fdtui.tui.toolkit.cells import Line, cut, line_width, width_of

LEAST_NAME = {True: 4, False: 8}
"""Cells of a name that are drawn rather than numbers, with the initials of a person and without."""
MOST_PLACES = 2
"""Digits behind the point of a sum: what comes of adding fractions is none of the user's."""


@dataclass(frozen=True, slots=True)
class GroupFace:
    """What is to be seen of a group in one column; equal faces look the same."""

    section: GroupSection
    is_folded: bool
    is_at_cursor: bool


def group_line(face: GroupFace, plan: CardPlan, width: int) -> Line:
    """The head, exactly ``width`` cells wide: a rule from the name to the numbers.

    Where room is short the sum is rounded, then left out; the name is cut first.
    """
    glyphs, section = plan.glyphs, face.section
    bar = (glyphs.bar, "accent") if face.is_at_cursor else (" ", "text")
    fold = glyphs.more if face.is_folded else glyphs.down
    sign = _sign(section, plan)
    left: Line = (bar, (f"{fold} ", "accent" if face.is_folded else "dim"), *sign)
    text = safe(section.group.name[:MAX_LINE])
    least = min(width_of(text), LEAST_NAME[bool(sign)])
    numbers = (f" {each} " for each in (*_numbers(section, glyphs.middot), ""))
    free = width - line_width(left) - 1
    right = next((each for each in numbers if free - width_of(each) >= least), "")
    room = max(0, free - width_of(right))
    name = cut(text, room, glyphs.cut)
    role = "italic text" if section.group.id == NO_GROUP else "bold text"
    return (*left, (f"{name} ", role), (glyphs.rule * (room - width_of(name)), "line"), (right, "text"))


def _sign(section: GroupSection, plan: CardPlan) -> Line:
    group = section.group
    if group.field.type != FieldType.PERSON or group.id == NO_GROUP:
        return ()
    person = person_of(group.id[:MAX_LINE], plan.schema)
    return ((initials_of(person), person_role(person.email)), (" ", "text"))


def _numbers(section: GroupSection, middot: str) -> Iterator[str]:
    """How many there are, and their sum, from the longest way to say it to the shortest."""
    count = f"{len(section):,}"
    if section.summed is not None:
        yield f"{count} {middot} {sum_words(section)}"
        yield f"{count} {middot} {rounded_sum(section)}"
    yield count


def sum_words(section: GroupSection) -> str:
    """The sum as a value of its field is shown."""
    assert section.summed is not None  # noqa: S101  # whoever asks has seen it
    total = round(section.total, MOST_PLACES)
    return safe(show(section.summed, int(total) if total.is_integer() else total))


def rounded_sum(section: GroupSection) -> str:
    """The sum in three digits: ``$38.2k``."""
    size = abs(section.total)
    for unit, sign in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= unit * (1 - 5e-4):
            words = sum_words(section)
            before = words[: next(at for at, letter in enumerate(words) if letter.isdigit())]
            return f"{before}{size / unit:.3g}{sign}"
    return sum_words(section)
