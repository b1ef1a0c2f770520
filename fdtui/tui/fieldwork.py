"""One field of many tasks: which one, and which value it shall have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fdtui.core.errors import BadJsonError
from fdtui.core.fields import check, parse, show
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Value
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

_ALONE = (FieldType.UNIQUE_ID, FieldType.FILE)
"""Types of which no value can be that of many tasks."""
NOTHING = "\0nothing"


class FieldWork:
    """Asks for a field and then for its value, in two lists."""

    def __init__(self, board: BoardScreen, chosen: Callable[[str, Value], object]) -> None:
        self._board, self._chosen = board, chosen

    def ask(self, count: int) -> None:
        """Which field."""
        board = self._board
        fields = [each for each in board.state.schema.fields if each.type not in _ALONE]
        items = [
            Item(
                each.name,
                each.name,
                note=each.type,
                why_not="" if each.editable else "This field cannot be edited.",
            )
            for each in fields
        ]
        by_name = {each.name: each for each in fields}
        board.open(
            Picker(
                f"Set a field of {count} task{'' if count == 1 else 's'}",
                items,
                board.look.glyphs,
                chosen=lambda item: self._value(by_name[item.id]),
                closed=board.close,
            )
        )

    def _value(self, field: Field) -> None:
        board = self._board
        known = self._known(field)
        items = [Item(each, safe(show(field, value)[:200])) for each, value in known.items()]
        if not field.required:
            items.append(Item(NOTHING, "nothing", sign=(board.look.glyphs.dash, "dim")))

        def typed(text: str) -> Item | None:
            value, wrong = _parsed(field, text)
            if any(known[key] == value for key in known):
                return None
            return Item(text, text, note=safe(wrong) or "as typed", why_not=wrong)

        def chosen(item: Item) -> None:
            value = None if item.id == NOTHING else known.get(item.id, _parsed(field, item.id)[0])
            self._chosen(field.name, value)

        board.open(
            Picker(
                f"{field.name} becomes",
                items,
                board.look.glyphs,
                chosen=chosen,
                closed=board.close,
                free=typed,
                nothing="Type the value.",
            )
        )

    def _known(self, field: Field) -> dict[str, Value]:
        """The values that can be chosen instead of typed, each under a word of its own."""
        if field.type == FieldType.CHECKBOX:
            return {"\0yes": True, "\0no": False}
        if field.type == FieldType.PERSON:
            return {each.email: each.email for each in self._board.state.schema.people}
        if field.type == FieldType.MULTIPLE_SELECT:
            return {option: [option] for option in field.options}
        return {option: option for option in field.options}


def _parsed(field: Field, text: str) -> tuple[Value, str]:
    """What ``text`` means for the field, and what is wrong with it."""
    try:
        value = parse(field, text)
    except BadJsonError as error:
        return None, str(error)
    wrong = check(field, value)
    return value, f"{field.name} {wrong}." if wrong else ""
