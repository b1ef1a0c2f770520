"""The head of a group of cards as a line: who or what, how many, the sum. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from fdtui.core.fields import show
from fdtui.core.grouping import NO_GROUP, GroupSection
from fdtui.core.safetext import safe
from fdtui.core.schema import FieldType
from fdtui.tui.presentation.cards import MAX_LINE, CardPlan, initials_of, person_of, person_role
from fdtui.tui.toolkit.cells import Line, cut, line_width, width_of

MOST_PLACES = 2
"""Digits behind the point of a sum: what comes of adding fractions is none of the user's."""


@dataclass(frozen=True, slots=True)
class GroupFace:
    """What is to be seen of a group in one column; equal faces look the same."""

    section: GroupSection
    is_folded: bool
    is_at_cursor: bool


def group_line(face: GroupFace, plan: CardPlan, width: int) -> Line:
    """The head, exactly ``width`` cells wide: a rule from the name to the numbers."""
    glyphs, section = plan.glyphs, face.section
    bar = (glyphs.bar, "accent") if face.is_at_cursor else (" ", "text")
    fold = glyphs.more if face.is_folded else glyphs.down
    sign = _sign(section, plan)
    right: Line = ((f" {_numbers(section, glyphs.middot)} ", "text"),)
    left: Line = (bar, (f"{fold} ", "accent" if face.is_folded else "dim"), *sign)
    room = width - line_width(left) - line_width(right)
    if room < 4:  # the name is all there is room for
        right, room = (), width - line_width(left)
    role = "italic text" if section.group.id == NO_GROUP else "bold text"
    name = cut(safe(section.group.name[:MAX_LINE]), max(0, room - 1), glyphs.cut)
    rule = max(0, room - width_of(name) - 1)
    return (*left, (f"{name} ", role), (glyphs.rule * rule, "line"), *right)


def _sign(section: GroupSection, plan: CardPlan) -> Line:
    group = section.group
    if group.field.type != FieldType.PERSON or group.id == NO_GROUP:
        return ()
    person = person_of(group.id[:MAX_LINE], plan.schema)
    return ((initials_of(person), person_role(person.email)), (" ", "text"))


def _numbers(section: GroupSection, middot: str) -> str:
    count = f"{len(section):,}"
    if section.summed is None:
        return count
    return f"{count} {middot} {sum_words(section)}"


def sum_words(section: GroupSection) -> str:
    """The sum as a value of its field is shown."""
    assert section.summed is not None  # noqa: S101  # whoever asks has seen it
    return safe(show(section.summed, round(section.total, MOST_PLACES)))
