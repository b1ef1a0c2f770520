"""A conflict as the user resolves it: field by field theirs, mine, or mine edited. Pure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from itertools import zip_longest

from fdtui.core.conflict import Conflict, ConflictField
from fdtui.core.entry import Moment, text_of, typed_value
from fdtui.core.errors import BadJsonError
from fdtui.core.fields import check, show
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.values import Row, Value
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, cut, fit, wrap

SIDE_BY_SIDE_FROM = 66
"""Cells from which on the three values stand beside each other."""

MAX_VALUE_LINES = 8
"""Lines of one value that are shown."""


class Choice(StrEnum):
    """Whose value a field is to have."""

    THEIRS = "theirs"
    MINE = "mine"


class Resolution:
    """The choices on one conflict; theirs stands wherever nothing else is chosen."""

    def __init__(self, conflict: Conflict, schema: Schema, moment: Callable[[], Moment]) -> None:
        self.conflict, self._schema, self._moment = conflict, schema, moment
        self.sides = [Choice.THEIRS for _ in conflict.fields]
        self.mine: list[Value] = [each.mine for each in conflict.fields]
        self.at = 0

    @property
    def field(self) -> ConflictField:
        """The field under the cursor."""
        return self.conflict.fields[self.at]

    def move(self, step: int) -> None:
        """To another field."""
        self.at = max(0, min(self.at + step, len(self.sides) - 1))

    def choose(self, side: Choice, *, all_fields: bool = False) -> None:
        """Take a side, for the field under the cursor or for all."""
        for index in range(len(self.sides)) if all_fields else (self.at,):
            self.sides[index] = side

    @property
    def text(self) -> str:
        """My value as it can be edited in a line."""
        field, value = self._known(self.field.name), self.mine[self.at]
        if field.type == FieldType.DATETIME:
            return text_of(field, value)
        return value if isinstance(value, str) else show(field, value)

    def edit(self, text: str) -> str:
        """Make ``text`` my value of the field under the cursor; answers why not, or nothing."""
        field = self._known(self.field.name)
        try:
            value = None if text == "" else typed_value(field, text, self._moment())
        except BadJsonError as error:
            return str(error)
        if wrong := check(field, value):
            return f"{field.name} {wrong}."
        self.mine[self.at] = value
        self.choose(Choice.MINE)
        return ""

    def wanted(self) -> dict[str, Value]:
        """The fields that are to be mine, with their values."""
        pairs = zip(self.conflict.fields, self.sides, self.mine, strict=True)
        return {each.name: mine for each, side, mine in pairs if side is Choice.MINE}

    def sentence(self) -> str:
        """What happened."""
        names = " and ".join(safe(each.name[:64]) for each in self.conflict.fields)
        wanted = safe(self.conflict.pending.intent.sentence()[:200])
        if self.conflict.pending.undoes:
            return f"You undid a change ({wanted}), but someone else has changed {names} since."
        return f"You wanted to {wanted}, but someone else changed {names} first."

    def lines(self, width: int, glyphs: Glyphs) -> list[Line]:
        """The fields with the three values each; the chosen one is marked."""
        lines: list[Line] = []
        if width >= SIDE_BY_SIDE_FROM:
            room = (width - 2) // 3
            heads = ("before", "theirs", "mine")
            lines.append((("  ", "dim"), *((fit(head, room), "dim") for head in heads)))
        for index, each in enumerate(self.conflict.fields):
            here = index == self.at
            bar = (f"{glyphs.bar} " if here else "  ", "accent")
            lines += [
                (bar, (cut(safe(each.name), width - 2, glyphs.cut), "bold text" if here else "text"))
            ]
            lines += self._values(index, each, width, glyphs, bar)
            lines.append(())
        return lines[:-1]

    def _values(
        self, index: int, each: ConflictField, width: int, glyphs: Glyphs, bar: tuple[str, str]
    ) -> list[Line]:
        theirs = self.sides[index] is Choice.THEIRS
        cells = (
            ("before", each.base, "dim", "  "),
            ("theirs", each.theirs, *_marked(theirs, glyphs)),
            ("mine", self.mine[index], *_marked(not theirs, glyphs)),
        )
        if width < SIDE_BY_SIDE_FROM:
            lines: list[Line] = []
            for head, value, role, sign in cells:
                for row, text in enumerate(self._text(each.name, value, width - 13)):
                    label = f"{head if row == 0 else '':<8} "
                    mark = (sign if row == 0 else "  ", "accent")
                    lines.append((bar, (label, "dim"), mark, (text, role)))
            return lines
        room = (width - 2) // 3
        columns = [self._text(each.name, value, room - 4) for _, value, _, _ in cells]
        rows = list(zip_longest(*columns, fillvalue=""))
        return [
            (
                bar,
                *(
                    piece
                    for (_, _, role, sign), text in zip(cells, texts, strict=True)
                    for piece in (
                        (sign if row == 0 else "  ", "accent"),
                        (fit(text, room - 2, glyphs.cut), role),
                    )
                ),
            )
            for row, texts in enumerate(rows)
        ]

    def _text(self, name: str, value: Value, width: int) -> list[str]:
        text = show(self._known(name), value)[:4000]
        if value is None or not text:
            return ["nothing" if value is None else "(empty)"]
        lines = wrap(safe(text, multiline=True), max(6, width))
        return lines if len(lines) <= MAX_VALUE_LINES else [*lines[: MAX_VALUE_LINES - 1], "and more"]

    def _known(self, name: str) -> Field:
        return self._schema.meant(name)


def _marked(chosen: bool, glyphs: Glyphs) -> tuple[str, str]:
    return ("bold text", f"{glyphs.dot} ") if chosen else ("dim", "  ")


def row_lines(row: Row, schema: Schema, width: int, glyphs: Glyphs) -> list[Line]:
    """The fields of a row that is gone, those without a value left out."""
    lines: list[Line] = []
    for name, value in row.items():
        text = show(schema.meant(name), value)[:2000]
        if text:
            label = fit(safe(name[:128]), min(24, width // 3), glyphs.cut)
            parts = wrap(safe(text, multiline=True), max(8, width - len(label) - 2))
            for index, part in enumerate(parts[:MAX_VALUE_LINES]):
                head = label if index == 0 else " " * min(24, width // 3)
                lines.append(((head, "dim"), ("  ", "dim"), (part, "text")))
    return lines
