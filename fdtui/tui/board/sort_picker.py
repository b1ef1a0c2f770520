"""What the cards are sorted by: each field with its type and its direction, on the board at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fdtui.core.entry import fields_of
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.sort_edit import also_taken, dropped, meant, taken
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.frame import BORDER
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.picker import MAX_ROWS, PICKER_WIDTH, Item, ItemList

LIST_ORDER = "\0list"
"""The item that stands for no sort at all; no field has such a name."""
_DIRECTIONS = {
    FieldType.NUMBER: ("lowest first", "highest first"),
    FieldType.CURRENCY: ("lowest first", "highest first"),
    FieldType.DATE: ("earliest first", "latest first"),
    FieldType.DATETIME: ("earliest first", "latest first"),
    FieldType.CHECKBOX: ("unticked first", "ticked first"),
    FieldType.SINGLE_SELECT: ("as listed", "last option first"),
    FieldType.MULTIPLE_SELECT: ("as listed", "last option first"),
}
_ALPHABET = ("alphabetical", "backwards")
_TYPE_WORDS = {
    FieldType.LONG_TEXT: "long text",
    FieldType.DATETIME: "date and time",
    FieldType.SINGLE_SELECT: "choice",
    FieldType.MULTIPLE_SELECT: "choices",
    FieldType.UNIQUE_ID: "unique id",
}


class SortPicker(ItemList[str]):
    """Answers the sort as text; the board shows each change at once."""

    def __init__(
        self, sort: str, schema: Schema, glyphs: Glyphs, *, changed: Callable[[str], object]
    ) -> None:
        self._sort, self._fields, self._told = sort, fields_of(schema), changed
        self._marks = glyphs
        items = self._made()
        start = next((at for at, item in enumerate(items) if item.sign[0]), 0)
        super().__init__("Sort by", items, glyphs, start=start, nothing="No such field.")

    def place(self) -> None:
        """As wide as a list can be: a field that is taken says its direction, too."""
        self.fit(PICKER_WIDTH, min(MAX_ROWS, len(self.items)) + self._head + BORDER + 1)

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """A searched list, of which several can be taken."""
        return ("sort", *super().scopes)

    def bindings(self) -> Mapping[str, Handler]:
        """Take, take also, drop; or go on as in any list."""
        return {
            **super().bindings(),
            "sort.also": lambda _: self._also(),
            "sort.drop": lambda _: self._drop(),
        }

    def footer(self) -> Hints:
        """What can be done with the field under the bar."""
        return (
            ("list.choose", "take or turn"),
            ("sort.also", "and then by"),
            ("sort.drop", "drop"),
            ("list.close", "done"),
        )

    def choose(self, item: Item) -> None:
        """Sort by that field alone, or the other way where it is sorted by already."""
        text = "" if item.id == LIST_ORDER else taken(self._sort, item.id, self._fields)
        self._told(text)
        self.answer(text)

    def _also(self) -> None:
        if self.item is not None and self.item.id != LIST_ORDER:
            self._change(also_taken(self._sort, self.item.id, self._fields))

    def _drop(self) -> None:
        if self.item is None:
            return
        is_all = self.item.id == LIST_ORDER
        text = "" if is_all else dropped(self._sort, self.item.id, self._fields)
        if text == self._sort:
            self.told = "The board is not sorted by this field." if self._sort else "It is not sorted."
            self.refresh()
        else:
            self._change(text)

    def _change(self, text: str) -> None:
        self._sort, self.told = text, ""
        self._told(text)
        self.show_again(self._made())

    def _made(self) -> list[Item]:
        """The order of the list first, then the fields as the workflow has them."""
        terms = {
            field.name: (number, term.is_falling)
            for number, (term, field) in enumerate(meant(self._sort, self._fields), 1)
            if field is not None
        }
        items = [Item(LIST_ORDER, "the order of the list", note="" if terms else "now")]
        for field in self._fields:
            number, is_falling = terms.get(field.name, (0, False))
            note = (
                _TYPE_WORDS.get(FieldType(field.type), str(field.type))
                if _is_known(field)
                else field.type
            )
            sign = ("", "")
            if number:
                note = f"{_DIRECTIONS.get(_kind(field), _ALPHABET)[is_falling]}  {note}"
                arrow = self._marks.down if is_falling else self._marks.up
                sign = (f"{number}{arrow}" if len(terms) > 1 else arrow, "bold accent")
            items.append(Item(field.name, safe(field.name), note=note, sign=sign))
        return items


def _is_known(field: Field) -> bool:
    return field.type in set(FieldType)


def _kind(field: Field) -> FieldType:
    return FieldType(field.type) if _is_known(field) else FieldType.TEXT
