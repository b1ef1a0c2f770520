"""What the cards are grouped by, and which number is summed over each group, on the board at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fdtui.core.entry import fields_of
from fdtui.core.grouping import grouping_fields, summed_fields
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.picker import Item, ItemList

NO_GROUPS = "\0none"
"""The item that stands for no groups; no field has such a name."""
_TYPE_WORDS = {
    FieldType.PERSON: "person",
    FieldType.SINGLE_SELECT: "choice",
    FieldType.MULTIPLE_SELECT: "choices",
    FieldType.CHECKBOX: "checkbox",
}


class GroupPicker(ItemList[str]):
    """Answers the field's name, or nothing for no groups; the board shows each change at once."""

    def __init__(
        self,
        group: Field | None,
        summed: Field | None,
        schema: Schema,
        glyphs: Glyphs,
        *,
        changed: Callable[[str, str], object],
    ) -> None:
        fields = fields_of(schema)
        self._fields, self._numbers = grouping_fields(fields), summed_fields(fields)
        self._group = group.name if group is not None else ""
        self._sum = summed.name if summed is not None else ""
        self._told = changed
        items = self._made()
        start = next((at for at, item in enumerate(items) if item.id == self._group), 0)
        super().__init__("Group by", items, glyphs, start=start, nothing="No such field.")

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """A searched list, of which the number can be chosen, too."""
        return ("group", *super().scopes)

    def bindings(self) -> Mapping[str, Handler]:
        """Choose the number where there is one; or go on as in any list."""
        own: dict[str, Handler] = {"group.sum": lambda _: self._next_sum()} if self._numbers else {}
        return {**super().bindings(), **own}

    def footer(self) -> Hints:
        """What can be done with the field under the bar."""
        own: Hints = (("group.sum", "sum"),) if self._numbers else ()
        return (("list.choose", "group"), *own, ("list.close", "back"))

    def choose(self, item: Item) -> None:
        """Group by that field."""
        self._take("" if item.id == NO_GROUPS else item.id)
        self.answer(self._group)

    def _next_sum(self) -> None:
        names = ["", *(each.name for each in self._numbers)]
        self._sum = names[(names.index(self._sum) + 1) % len(names)]
        item = self.item
        self._take(self._group if item is None or item.id == NO_GROUPS else item.id)
        self.show_again(self._made())

    def _take(self, group: str) -> None:
        self._group = group
        self._told(group, self._sum if group else "")

    def _made(self) -> list[Item]:
        """No groups first, then the fields as the workflow has them."""
        items = [Item(NO_GROUPS, "no groups", note="" if self._group else "now")]
        for field in self._fields:
            words = _TYPE_WORDS.get(FieldType(field.type), "") if field.type in set(FieldType) else ""
            is_now = field.name == self._group
            if is_now:
                words = f"sum of {safe(self._sum)}" if self._sum else "now"
            items.append(Item(field.name, safe(field.name), note=words))
        return items
